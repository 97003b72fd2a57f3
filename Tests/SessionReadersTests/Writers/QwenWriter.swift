import SessionModel

@testable import SessionReaders

struct QwenWriter: LineWriter {
  var plugin: any AgentPlugin { QwenPlugin() }
  let logName = "projects/-home-dev-shop/chats/s1.jsonl"
  let head: [String] = []
  let unknownRecord = #"{"uuid":"u1","sessionId":"s1","type":"from-the-future","message":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let common = #""sessionId":"s1","timestamp":"\#(call.time)","cwd":"/home/dev/shop""#
    var records: [[UInt8]] = []
    if call.hasCall {
      let input = #""name":"run_shell_command","args":{"command":\#(quoted(call.command))}"#
      records.append(
        Array(
          #"{"uuid":"a-\#(call.id)",\#(common),"type":"assistant","message":{"parts":[{"functionCall":{"id":"\#(call.id)",\#(input)}}]}}"#
            .utf8))
    }
    if let output = call.output {
      let exit = call.exitStatus == 0 ? "" : "\nExit Code: \(call.exitStatus)"
      let text = Array("Output: ".utf8) + output + Array("\(exit)\nProcess Group PGID: 7".utf8)
      records.append(
        Array(
          #"{"uuid":"r-\#(call.id)",\#(common),"type":"tool_result","toolCallResult":{"callId":"\#(call.id)","status":"success"},"message":{"parts":[{"functionResponse":{"response":{"output":"#
            .utf8) + quoted(text) + Array("}}}]}}".utf8))
    }
    return records
  }
}
