import SessionModel

@testable import SessionReaders

struct MiniSWEAgentWriter: DocumentWriter {
  var plugin: any AgentPlugin { MiniSWEAgentPlugin() }
  let lacks: Lack = [.ids, .times]
  let logName = "s1.traj.json"
  let head = #"{"info":{"exit_status":"Submitted"},"messages":["#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    var records: [[UInt8]] = []
    if call.hasCall {
      let text = quoted("I will run it.\n\n```bash\n\(call.command)\n```")
      records.append(Array(#"{"role":"assistant","content":\#(text)}"#.utf8))
    }
    if let output = call.output {
      let start = Array("<returncode>\(call.exitStatus)</returncode>\n<output>\n".utf8)
      records.append(
        Array(#"{"role":"user","content":"#.utf8) + quoted(start + output + Array("\n</output>".utf8))
          + Array(#","extra":{"returncode":\#(call.exitStatus)}}"#.utf8))
    }
    return records
  }
}
