import GRDB
import SessionModel

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct GooseWriter: SessionWriter {
  var plugin: any AgentPlugin { GoosePlugin() }

  /// Below a root that is named, the data have a folder of their own.
  private func path(in folder: String) -> String {
    folder + (folder.hasSuffix(standardFolder) ? "" : "/data") + "/sessions/sessions.db"
  }

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    let queue = try DatabaseQueue(path: try home.write("", to: path(in: folder)))
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE sessions (id TEXT PRIMARY KEY, working_dir TEXT NOT NULL);
          CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content_json TEXT,
            created_timestamp INTEGER);
          INSERT INTO sessions VALUES ('s1', '/home/dev/shop');
          """)
      for entry in entries {
        for (data, minute) in Self.messages(of: entry) {
          try database.execute(
            sql:
              "INSERT INTO messages (session_id, role, content_json, created_timestamp) VALUES ('s1', 'user', CAST(? AS TEXT), ?)",
            arguments: [Data(data), 1_769_936_400 + minute * 60])
        }
      }
    }
    try queue.close()
  }

  private static func messages(of entry: SessionEntry) -> [(data: [UInt8], minute: Int)] {
    switch entry {
    case .call(let call): records(of: call).map { ($0, call.minute) }
    case .unknown: [(Array(#"[{"type":"from the future"}]"#.utf8), 30)]
    case .junk(let text): [(Array(text.utf8), 30)]
    case .torn(let call): [(records(of: call)[0].dropLast(12), call.minute)]
    }
  }

  private static func records(of call: SessionEntry.Call) -> [[UInt8]] {
    var records: [[UInt8]] = []
    if call.hasCall {
      let value = #"{"name":"developer__shell","arguments":{"command":\#(quoted(call.command))}}"#
      records.append(
        Array(
          #"[{"type":"toolRequest","id":"\#(call.id)","toolCall":{"status":"success","value":\#(value)}}]"#.utf8))
    }
    if let output = call.output {
      let status = #""isError":\#(call.exitStatus != 0),"structuredContent":{"exit_code":\#(call.exitStatus)}"#
      records.append(
        Array(
          #"[{"type":"toolResponse","id":"\#(call.id)","toolResult":{"status":"success","value":{\#(status),"content":[{"type":"text","text":"#
            .utf8) + quoted(output) + Array("}]}}}]".utf8))
    }
    return records
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws { try home.write("", to: path(in: folder)) }
}
