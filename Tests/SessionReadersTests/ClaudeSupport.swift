import Foundation
import SessionModel

@testable import SessionReaders

/// Everything that a reader handed on.
struct Collected: SessionSink {
  var calls: [ToolCall] = []
  var messages: [String] = []

  mutating func accept(_ event: SessionEvent) {
    switch event {
    case .call(let call): calls.append(call)
    case .message(let message): messages.append(message.text)
    }
  }
}

struct ClaudeReading {
  var calls: [ToolCall]
  var messages: [String]
  var summary: FileSummary

  var outcomes: [String: Outcome] { Dictionary(calls.map { ($0.id, $0.outcome) }, uniquingKeysWith: { $1 }) }
  subscript(_ id: String) -> ToolCall? { calls.first { $0.id == id } }
}

func readClaude(_ bytes: [UInt8], isSubagent: Bool = false) throws -> ClaudeReading {
  let file = try TemporaryFile(bytes)
  defer { file.remove() }
  var sink = Collected()
  let log = LogFile(path: file.path, size: bytes.count, isSubagent: isSubagent, group: "g")
  let summary = try ClaudePlugin().read(log, into: &sink)
  return ClaudeReading(calls: sink.calls, messages: sink.messages, summary: summary)
}

/// Writes a Claude Code log.
struct ClaudeLog {
  private(set) var lines: [String] = []
  var session = "s1"

  var bytes: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }
  func read() throws -> ClaudeReading { try readClaude(bytes) }

  static func json(_ value: Any) -> String {
    let data =
      (try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// `type` comes first, as the agent writes it.
  mutating func record(_ type: String, _ fields: [String: Any]) {
    var fields = fields
    if fields["sessionId"] == nil { fields["sessionId"] = session }
    if fields["timestamp"] == nil { fields["timestamp"] = "2026-03-01T10:00:\(10 + lines.count % 50).000Z" }
    if fields["cwd"] == nil { fields["cwd"] = "/work/shop" }
    lines.append("{\"type\":\"\(type)\"," + Self.json(fields).dropFirst())
  }

  mutating func raw(_ line: String) { lines.append(line) }

  mutating func call(
    _ id: String, _ name: String = "Bash", _ input: [String: Any] = ["command": "make"], message: String? = nil,
    usage: [String: Any]? = nil, fields: [String: Any] = [:]
  ) {
    var content: [String: Any] = [
      "role": "assistant", "content": [["type": "tool_use", "id": id, "name": name, "input": input]],
    ]
    content["id"] = message
    content["usage"] = usage
    record("assistant", fields.merging(["message": content]) { $1 })
  }

  mutating func result(_ id: String, _ content: Any = "fine", isError: Bool? = nil, fields: [String: Any] = [:]) {
    var block: [String: Any] = ["type": "tool_result", "tool_use_id": id, "content": content]
    block["is_error"] = isError
    record("user", fields.merging(["message": ["role": "user", "content": [block]]]) { $1 })
  }

  mutating func user(_ content: Any, fields: [String: Any] = [:]) {
    record("user", fields.merging(["message": ["role": "user", "content": content]]) { $1 })
  }
}
