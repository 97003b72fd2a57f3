import SessionModel

@testable import SessionReaders

struct CopilotWriter: LineWriter {
  var plugin: any AgentPlugin { CopilotPlugin() }
  let logName = "session-state/s1/events.jsonl"
  let head = [
    #"{"type":"session.start","data":{"context":{"cwd":"/home/dev/shop"}},"timestamp":"2026-02-01T09:30:00.000Z"}"#
  ]
  let unknownRecord = #"{"type":"from.the_future","data":{"content":7}}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let end = #","timestamp":"\#(call.time)"}"#
    var records: [[UInt8]] = []
    if call.hasCall {
      let input = #""toolName":"bash","arguments":{"command":\#(quoted(call.command))}"#
      records.append(
        Array((#"{"type":"tool.execution_start","data":{"toolCallId":"\#(call.id)",\#(input)}"# + end).utf8))
    }
    if let output = call.output {
      let text = output + Array("\n<shellId: 1 completed with exit code \(call.exitStatus)>".utf8)
      records.append(
        Array(
          #"{"type":"tool.execution_complete","data":{"toolCallId":"\#(call.id)","success":true,"result":{"content":"#
            .utf8) + quoted(text) + Array(("}}" + end).utf8))
    }
    return records
  }
}
