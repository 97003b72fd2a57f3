import SessionModel

@testable import SessionReaders

struct GrokWriter: LineWriter {
  var plugin: any AgentPlugin { GrokPlugin() }
  let lacks: Lack = [.times, .exitStatus]
  let logName = "sessions/%2Fhome%2Fdev%2Fshop/s1/chat_history.jsonl"
  let head: [String] = []
  let unknownRecord = #"{"role":"from the future","content":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] { chatRecords(of: call, tool: "bash") { $0 } }

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    try home.write(log(of: entries), to: folder + "/" + logName)
    var updates = ""
    for case .call(let call) in entries where call.exitStatus != 0 {
      updates += #"{"sessionUpdate":"tool_call_update","toolCallId":"\#(call.id)","status":"failed"}"# + "\n"
    }
    try home.write(updates, to: folder + "/sessions/%2Fhome%2Fdev%2Fshop/s1/updates.jsonl")
  }
}

/// The messages of chat APIs.
func chatRecords(
  of call: SessionEntry.Call, tool: String, result: ([UInt8]) -> [UInt8]
) -> [[UInt8]] {
  var records: [[UInt8]] = []
  if call.hasCall {
    let arguments = quoted(#"{"command":\#(quoted(call.command))}"#)
    records.append(
      Array(
        #"{"role":"assistant","content":"","tool_calls":[{"id":"\#(call.id)","type":"function","function":{"name":"\#(tool)","arguments":\#(arguments)}}]}"#
          .utf8))
  }
  if let output = call.output {
    records.append(
      Array(#"{"role":"tool","tool_call_id":"\#(call.id)","content":"#.utf8) + quoted(result(output))
        + Array("}".utf8))
  }
  return records
}
