import GRDB
import SessionModel

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a session of any agent may hold, good and bad.
enum SessionEntry: Sendable {
  struct Call: Sendable {
    var id: String
    var command: String
    /// nil for a call that never got a result.
    var output: [UInt8]?
    var exitStatus = 0
    var hasCall = true
    var minute = 0

    init(_ id: String, _ command: String, output: String? = "done", exit: Int = 0, minute: Int = 0) {
      self.id = id
      self.command = command
      self.output = output.map { Array($0.utf8) }
      exitStatus = exit
      self.minute = minute
    }

    var time: String { "2026-02-01T09:\(minute < 10 ? "0" : "")\(minute):00.000Z" }
  }

  case call(Call)
  /// A whole record of a kind that nobody knows.
  case unknown
  /// Bytes that are no record.
  case junk(String)
  /// The first half of the record of a call, where the writer was stopped.
  case torn(Call)
}

/// Writes sessions as one agent does, so that every plugin can be put to the same tests.
protocol SessionWriter: Sendable {
  var plugin: any AgentPlugin { get }
  /// The variable that names the home, and the folder that it stands for when it is not set, below the user's home.
  var variable: String { get }
  var defaultFolder: String { get }
  /// - Parameter folder: What `variable` holds.
  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws
  /// Writes a log without a byte in it.
  func writeEmpty(in folder: String, of home: TestFolder) throws
}

/// An agent that writes one JSON record a line.
protocol LineWriter: SessionWriter {
  var logName: String { get }
  var head: [String] { get }
  func records(of call: SessionEntry.Call) -> [[UInt8]]
  var unknownRecord: String { get }
}

extension LineWriter {
  /// The bytes of a whole log.
  func log(of entries: [SessionEntry]) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in head { bytes += Array(line.utf8) + [10] }
    for entry in entries {
      switch entry {
      case .call(let call): for record in records(of: call) { bytes += record + [10] }
      case .unknown: bytes += Array(unknownRecord.utf8) + [10]
      case .junk(let text): bytes += Array(text.utf8) + [10]
      case .torn(let call): bytes += (records(of: call).first ?? []).dropLast(12)
      }
    }
    return bytes
  }

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    try home.write(log(of: entries), to: folder + "/" + logName)
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws { try home.write("", to: folder + "/" + logName) }
}

/// The text of a JSON string: bytes that are not UTF-8 stay as they are.
func quoted(_ bytes: [UInt8]) -> [UInt8] {
  var text: [UInt8] = [34]
  for byte in bytes {
    if byte == 34 || byte == 92 || byte == 10 { text.append(92) }
    text.append(byte == 10 ? UInt8(ascii: "n") : byte)
  }
  return text + [34]
}

func quoted(_ text: String) -> String { String(decoding: quoted(Array(text.utf8)), as: UTF8.self) }

struct ClaudeWriter: LineWriter {
  var plugin: any AgentPlugin { ClaudePlugin() }
  let variable = "CLAUDE_CONFIG_DIR"
  let defaultFolder = ".claude"
  let logName = "projects/-home-dev-shop/1f0e7392-072a-53dc-bed3-2dbd95c81d4f.jsonl"
  let head: [String] = []
  let unknownRecord = #"{"type":"from-the-future","sessionId":"s1","message":{"content":7}}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let common = #""sessionId":"s1","cwd":"/home/dev/shop","timestamp":"\#(call.time)""#
    var records: [[UInt8]] = []
    if call.hasCall {
      records.append(
        Array(
          #"{"type":"assistant",\#(common),"message":{"content":[{"type":"tool_use","id":"\#(call.id)","name":"Bash","input":{"command":\#(quoted(call.command))}}]}}"#
            .utf8))
    }
    if let output = call.output {
      let text = call.exitStatus == 0 ? output : Array("Exit code \(call.exitStatus)\n".utf8) + output
      records.append(
        Array(
          #"{"type":"user",\#(common),"message":{"content":[{"type":"tool_result","tool_use_id":"\#(call.id)","is_error":\#(call.exitStatus != 0),"content":"#
            .utf8) + quoted(text) + Array("}]}}".utf8))
    }
    return records
  }
}

struct CodexWriter: LineWriter {
  var plugin: any AgentPlugin { CodexPlugin() }
  let variable = "CODEX_HOME"
  let defaultFolder = ".codex"
  let logName = "sessions/2026/02/01/rollout-2026-02-01T09-00-00-s1.jsonl"
  let head = [
    #"{"timestamp":"2026-02-01T09:30:00.000Z","type":"session_meta","payload":{"id":"s1","cwd":"/home/dev/shop"}}"#
  ]
  let unknownRecord = #"{"timestamp":"2026-02-01T09:30:00.000Z","type":"from_the_future","payload":{"type":7}}"#

  func records(of call: SessionEntry.Call) -> [[UInt8]] {
    let start = #"{"timestamp":"\#(call.time)","type":"response_item","payload":{"call_id":"\#(call.id)","type":"#
    var records: [[UInt8]] = []
    if call.hasCall {
      let arguments = quoted(#"{"command":\#(quoted(call.command))}"#)
      records.append(Array((start + #""function_call","name":"shell_command","arguments":\#(arguments)}}"#).utf8))
    }
    if let output = call.output {
      let text = Array("Exit code: \(call.exitStatus)\nWall time: 0 seconds\nOutput:\n".utf8) + output
      records.append(Array((start + #""function_call_output","output":"#).utf8) + quoted(text) + Array("}}".utf8))
    }
    return records
  }
}

struct GeminiWriter: LineWriter {
  var plugin: any AgentPlugin { GeminiPlugin() }
  let variable = "GEMINI_CLI_HOME"
  let defaultFolder = ""
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

struct OpenCodeWriter: SessionWriter {
  var plugin: any AgentPlugin { OpenCodePlugin() }
  let variable = "XDG_DATA_HOME"
  let defaultFolder = ".local/share"

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
