import GRDB
import SessionModel

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct OpenCodeWriter: SessionWriter {
  var plugin: any AgentPlugin { OpenCodePlugin() }

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    let path = try home.write("", to: folder + "/opencode/opencode.db")
    let queue = try DatabaseQueue(path: path)
    try queue.write { try Self.fill($0, entries) }
    try queue.close()
  }

  static func fill(_ database: Database, _ entries: [SessionEntry]) throws {
    try database.execute(
      sql: """
        CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT, parent_id TEXT, directory TEXT NOT NULL);
        CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, data TEXT NOT NULL);
        CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL, data TEXT NOT NULL);
        INSERT INTO session VALUES ('s1', 'p1', NULL, '/home/dev/shop');
        """)
    for (index, entry) in entries.enumerated() {
      let number = String(1000 + index)
      let (data, minute) = part(entry)
      let message = #"{"role":"assistant","time":{"created":\#(1_769_936_400_000 + minute * 60_000)}}"#
      try database.execute(sql: "INSERT INTO message VALUES (?, 's1', ?)", arguments: ["msg_" + number, message])
      try database.execute(
        sql: "INSERT INTO part VALUES (?, ?, 's1', CAST(? AS TEXT))",
        arguments: ["prt_" + number, "msg_" + number, data])
    }
  }

  private static func part(_ entry: SessionEntry) -> (data: Data, minute: Int) {
    switch entry {
    case .call(let call): (Data(part(of: call)), call.minute)
    case .unknown: (Data(#"{"type":"from-the-future","state":7}"#.utf8), 30)
    case .junk(let text): (Data(text.utf8), 30)
    case .torn(let call): (Data(part(of: call).dropLast(12)), call.minute)
    }
  }

  private static func part(of call: SessionEntry.Call) -> [UInt8] {
    let input = call.hasCall ? #""input":{"command":\#(quoted(call.command))},"# : ""
    let start = #"{"type":"tool","callID":"\#(call.id)","tool":"bash","state":{\#(input)"#
    guard let output = call.output else { return Array((start + #""status":"running"}}"#).utf8) }
    return Array((start + #""status":"completed","metadata":{"exit":\#(call.exitStatus)},"output":"#).utf8)
      + quoted(output)
      + Array("}}".utf8)
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws {
    try home.write("", to: folder + "/opencode/opencode.db")
  }
}
