import GRDB
import SessionModel

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct CrushWriter: SessionWriter {
  var plugin: any AgentPlugin { CrushPlugin() }

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    let path = try home.write("", to: folder + "/data/crush.db")
    try writeList(in: folder, of: home)
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE sessions (id TEXT PRIMARY KEY, parent_session_id TEXT, title TEXT);
          CREATE TABLE messages (id TEXT PRIMARY KEY, session_id TEXT, role TEXT, parts TEXT, created_at INTEGER);
          INSERT INTO sessions VALUES ('s1', NULL, 'Shop');
          """)
      var number = 0
      for entry in entries {
        for (data, minute) in Self.messages(of: entry) {
          number += 1
          try database.execute(
            sql: "INSERT INTO messages VALUES (?, 's1', 'assistant', CAST(? AS TEXT), ?)",
            arguments: ["m\(number)", Data(data), 1_769_936_400 + minute * 60])
        }
      }
    }
    try queue.close()
  }

  private func writeList(in folder: String, of home: TestFolder) throws {
    let project = #"{"path":"/home/dev/shop","data_dir":"\#(home.path)/\#(folder)/data"}"#
    try home.write(#"{"projects":[\#(project)]}"#, to: folder + "/projects.json")
  }

  private static func messages(of entry: SessionEntry) -> [(data: [UInt8], minute: Int)] {
    switch entry {
    case .call(let call): records(of: call).map { ($0, call.minute) }
    case .unknown: [(Array(#"[{"type":"from the future","data":{}}]"#.utf8), 30)]
    case .junk(let text): [(Array(text.utf8), 30)]
    case .torn(let call): [(records(of: call)[0].dropLast(12), call.minute)]
    }
  }

  private static func records(of call: SessionEntry.Call) -> [[UInt8]] {
    var records: [[UInt8]] = []
    if call.hasCall {
      let input = quoted(#"{"command":\#(quoted(call.command))}"#)
      records.append(
        Array(#"[{"type":"tool_call","data":{"id":"\#(call.id)","name":"bash","input":\#(input)}}]"#.utf8))
    }
    if let output = call.output {
      let end = call.exitStatus == 0 ? "" : "\n\nExit code \(call.exitStatus)"
      records.append(
        Array(#"[{"type":"tool_result","data":{"tool_call_id":"\#(call.id)","is_error":false,"content":"#.utf8)
          + quoted(output + Array(end.utf8)) + Array("}}]".utf8))
    }
    return records
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws {
    try home.write("", to: folder + "/data/crush.db")
    try writeList(in: folder, of: home)
  }
}
