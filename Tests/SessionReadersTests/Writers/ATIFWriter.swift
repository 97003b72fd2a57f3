import SessionModel

@testable import SessionReaders

struct ATIFWriter: DocumentWriter {
  var plugin: any AgentPlugin { ATIFPlugin() }
  let logName = "trajectory.json"
  let head = #"{"schema_version":"ATIF-v1.6","session_id":"s1","agent":{"name":"acme","version":"1"},"steps":["#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    var step = #"{"step_id":1,"timestamp":"\#(call.time)","source":"agent","extra":{"cwd":"/home/dev/shop"}"#
    if call.hasCall {
      step +=
        #","tool_calls":[{"tool_call_id":"\#(call.id)","function_name":"bash","arguments":{"command":\#(quoted(call.command))}}]"#
    }
    guard let output = call.output else { return [Array((step + "}").utf8)] }
    let end = call.exitStatus == 0 ? "" : "\n[exit_code] \(call.exitStatus)\n[error] tool reported failure"
    step += #","observation":{"results":[{"source_call_id":"\#(call.id)","content":"#
    return [Array(step.utf8) + quoted(output + Array(end.utf8)) + Array("}]}}".utf8)]
  }
}
