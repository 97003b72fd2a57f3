import SessionModel

@testable import SessionReaders

struct SWEAgentWriter: DocumentWriter {
  var plugin: any AgentPlugin { SWEAgentPlugin() }
  let lacks: Lack = [.ids, .times, .exitStatus, .outcome, .looseResults]
  let logName = "s1.traj"
  let head = #"{"environment":"main","trajectory":["#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let start = #"{"action":\#(quoted(call.command)),"state":{"working_dir":"/home/dev/shop"}"#
    guard let output = call.output else { return [Array((start + "}").utf8)] }
    return [Array((start + #","observation":"#).utf8) + quoted(output) + Array("}".utf8)]
  }
}
