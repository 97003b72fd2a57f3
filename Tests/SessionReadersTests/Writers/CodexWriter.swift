import SessionModel

@testable import SessionReaders

struct CodexWriter: LineWriter {
  var plugin: any AgentPlugin { CodexPlugin() }
  let logName = "sessions/2026/02/01/rollout-2026-02-01T09-00-00-s1.jsonl"
  let head = [
    #"{"timestamp":"2026-02-01T09:30:00.000Z","type":"session_meta","payload":{"id":"s1","cwd":"/home/dev/shop"}}"#
  ]
  let unknownRecord = #"{"timestamp":"2026-02-01T09:30:00.000Z","type":"from_the_future","payload":{"type":7}}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let start = #"{"timestamp":"\#(call.time)","type":"response_item","payload":{"call_id":"\#(call.id)","type":"#
    var records: [[UInt8]] = []
    if call.hasCall {
      let arguments = quoted(#"{"command":\#(quoted(call.command))}"#)
      records.append(Array((start + #""function_call","name":"shell_command","arguments":\#(arguments)}}"#).utf8))
    }
    if let output = call.output {
      let text = Array("Exit code: \(call.exitStatus)\nWall time: 0 seconds\nOutput:\n".utf8) + output
      records.append(Array((start + #""function_call_output","output":"#).utf8) + quoted(text) + Array("}}".utf8))
    }
    return records
  }
}
