import SessionModel

@testable import SessionReaders

struct GeminiWriter: LineWriter {
  var plugin: any AgentPlugin { GeminiPlugin() }
  let logName = ".gemini/tmp/shop/chats/session-2026-02-01T09-00-11111111.jsonl"
  let head = [
    #"{"sessionId":"s1","projectHash":"00","startTime":"2026-02-01T09:30:00.000Z","directories":["/home/dev/shop"]}"#
  ]
  let unknownRecord = #"{"id":"u1","timestamp":"2026-02-01T09:30:00.000Z","type":"from-the-future","content":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let name = call.hasCall ? #""name":"run_shell_command","args":{"command":\#(quoted(call.command))},"# : ""
    var record = Array(
      #"{"id":"m-\#(call.id)-\#(call.minute)","timestamp":"\#(call.time)","type":"gemini","content":"","toolCalls":[{"id":"\#(call.id)",\#(name)"#
        .utf8)
    if let output = call.output {
      let exit = call.exitStatus == 0 ? "" : "\nExit Code: \(call.exitStatus)"
      let text = Array("Output: ".utf8) + output + Array("\(exit)\nProcess Group PGID: 7".utf8)
      record += Array(#""status":"success","result":[{"functionResponse":{"response":{"output":"#.utf8) + quoted(text)
      record += Array("}}}]}]}".utf8)
    } else {
      record += Array(#""status":"executing"}]}"#.utf8)
    }
    return [record]
  }
}
