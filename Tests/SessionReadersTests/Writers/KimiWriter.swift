import SessionModel

@testable import SessionReaders

struct KimiWriter: LineWriter {
  var plugin: any AgentPlugin { KimiPlugin() }
  let lacks: Lack = .times
  let logName = "sessions/\(MD5.hex(of: "/home/dev/shop"))/s1/context.jsonl"
  let head: [String] = []
  let unknownRecord = #"{"role":"_from_the_future","content":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    chatRecords(of: call, tool: "Shell") { output in
      guard call.exitStatus != 0 else { return output }
      return Array("<system>ERROR: Command failed with exit code: \(call.exitStatus).</system>\n".utf8) + output
    }
  }
}
