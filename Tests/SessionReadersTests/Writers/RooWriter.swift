import SessionModel

@testable import SessionReaders

struct RooWriter: DocumentWriter {
  var plugin: any AgentPlugin { RooPlugin() }
  let lacks: Lack = .times
  let logName = "rooveterinaryinc.roo-cline/tasks/s1/api_conversation_history.json"
  let head = "["

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    blockRecords(of: call, tool: "execute_command", failure: "Exit code: \(call.exitStatus)\nOutput:\n")
  }

  func writeSurroundings(in folder: String, of home: TestFolder) throws {
    let task = folder + "/rooveterinaryinc.roo-cline/tasks/s1"
    try home.write(#"{"workspace":"/home/dev/shop"}"#, to: task + "/history_item.json")
  }
}
