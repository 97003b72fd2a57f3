import SessionModel

@testable import SessionReaders

struct ClaudeWriter: LineWriter {
  var plugin: any AgentPlugin { ClaudePlugin() }
  let logName = "projects/-home-dev-shop/1f0e7392-072a-53dc-bed3-2dbd95c81d4f.jsonl"
  let head: [String] = []
  let unknownRecord = #"{"type":"from-the-future","sessionId":"s1","message":{"content":7}}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let common = #""sessionId":"s1","cwd":"/home/dev/shop","timestamp":"\#(call.time)""#
    var records: [[UInt8]] = []
    if call.hasCall {
      records.append(
        Array(
          #"{"type":"assistant",\#(common),"message":{"content":[{"type":"tool_use","id":"\#(call.id)","name":"Bash","input":{"command":\#(quoted(call.command))}}]}}"#
            .utf8))
    }
    if let output = call.output {
      let text = call.exitStatus == 0 ? output : Array("Exit code \(call.exitStatus)\n".utf8) + output
      records.append(
        Array(
          #"{"type":"user",\#(common),"message":{"content":[{"type":"tool_result","tool_use_id":"\#(call.id)","is_error":\#(call.exitStatus != 0),"content":"#
            .utf8) + quoted(text) + Array("}]}}".utf8))
    }
    return records
  }
}
