import SessionModel

@testable import SessionReaders

struct PiWriter: LineWriter {
  var plugin: any AgentPlugin { PiPlugin() }
  let logName = "sessions/--home-dev-shop--/2026-02-01_s1.jsonl"
  let head = [#"{"type":"session","id":"s1","timestamp":"2026-02-01T09:30:00.000Z","cwd":"/home/dev/shop"}"#]
  let unknownRecord = #"{"type":"from_the_future","timestamp":"2026-02-01T09:30:00.000Z","message":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let start = #"{"type":"message","timestamp":"\#(call.time)","message":{"role":"#
    var records: [[UInt8]] = []
    if call.hasCall {
      let input = #""name":"bash","arguments":{"command":\#(quoted(call.command))}"#
      records.append(
        Array((start + #""assistant","content":[{"type":"toolCall","id":"\#(call.id)",\#(input)}]}}"#).utf8))
    }
    if let output = call.output {
      let end = call.exitStatus == 0 ? "" : "\n\nCommand exited with code \(call.exitStatus)"
      records.append(
        Array(
          (start
            + #""toolResult","toolCallId":"\#(call.id)","isError":\#(call.exitStatus != 0),"content":[{"type":"text","text":"#)
            .utf8) + quoted(output + Array(end.utf8)) + Array("}]}}".utf8))
    }
    return records
  }
}
