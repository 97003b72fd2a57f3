import SessionModel

@testable import SessionReaders

struct ClaudeStreamWriter: LineWriter {
  var plugin: any AgentPlugin { ClaudeStreamPlugin() }
  let lacks: Lack = .times
  let logName = "run.jsonl"
  let head = [#"{"type":"system","subtype":"init","session_id":"s1","cwd":"/home/dev/shop"}"#]
  let unknownRecord = #"{"type":"from-the-future","session_id":"s1","message":7}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    ClaudeWriter().records(of: call).map { record in
      Self.renamed(record)
    }
  }

  /// The records of the logs, with the name that the session has here.
  private static func renamed(_ record: [UInt8]) -> [UInt8] {
    let name = Array(#""sessionId""#.utf8)
    guard let start = record.indices.first(where: { record[$0...].starts(with: name) }) else { return record }
    return Array(record[..<start]) + Array(#""session_id""#.utf8) + record[(start + name.count)...]
  }
}
