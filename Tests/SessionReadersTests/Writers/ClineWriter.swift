import SessionModel

@testable import SessionReaders

struct ClineWriter: DocumentWriter {
  var plugin: any AgentPlugin { ClinePlugin() }
  let lacks: Lack = .times
  let logName = "data/sessions/s1/s1.messages.json"
  let head = #"{"messages":["#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    blockRecords(of: call, tool: "execute_command", failure: "[Command completed with exit code \(call.exitStatus)]\n")
  }

  func writeSurroundings(in folder: String, of home: TestFolder) throws {
    try home.write(#"{"cwd":"/home/dev/shop"}"#, to: folder + "/data/sessions/s1/s1.json")
  }
}

/// The messages of Anthropic's API.
func blockRecords(of call: SessionEntry.Call, tool: String, failure: String) -> [[UInt8]] {
  var records: [[UInt8]] = []
  if call.hasCall {
    records.append(
      Array(
        #"{"role":"assistant","content":[{"type":"tool_use","id":"\#(call.id)","name":"\#(tool)","input":{"command":\#(quoted(call.command))}}]}"#
          .utf8))
  }
  if let output = call.output {
    records.append(
      Array(#"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(call.id)","content":"#.utf8)
        + quoted(Array((call.exitStatus == 0 ? "" : failure).utf8) + output) + Array("}]}".utf8))
  }
  return records
}
