import SessionModel

@testable import SessionReaders

struct JSONLWriter: LineWriter {
  var plugin: any AgentPlugin { JSONLPlugin() }
  let logName = "sessions.jsonl"
  let head = [#"{"type":"session","version":1,"id":"s1","cwd":"/home/dev/shop"}"#]
  let unknownRecord = #"{"type":"from-the-future","id":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    var record = #"{"type":"call","id":"\#(call.id)","name":"bash","time":"\#(call.time)""#
    if call.hasCall { record += #","input":{"command":\#(quoted(call.command))}"# }
    guard let output = call.output else { return [Array((record + "}").utf8)] }
    record += #","exit":\#(call.exitStatus),"output":"#
    return [Array(record.utf8) + quoted(output) + Array("}".utf8)]
  }
}
