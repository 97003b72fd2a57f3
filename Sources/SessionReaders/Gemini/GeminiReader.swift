internal import SessionModel

/// Turns the messages of one Gemini CLI session into events. A message is written again each time that it changes, and
/// may be taken back: only what stands at the end counts, so messages are kept until then.
struct GeminiReader {
  private let file: LogFile
  private var session = SessionInfo()
  private var digest = ""
  private var directories: [String] = []
  private var mentioned = MentionedPaths()
  private var messages: [String: Message] = [:]
  private var order: [String] = []

  private struct Message {
    var calls: [ToolCall] = []
    var text: UserMessage?
    var usage: TokenUsage?
  }

  init(file: LogFile) { self.file = file }

  /// A line of the newer form: the metadata, a message, or a change to what came before.
  mutating func handle(_ record: JSONSlice, line: Int) {
    if let changes = record["$set"] {
      metadata(changes)
      if let replacing = changes["messages"] {
        messages = [:]
        order = []
        replacing.forEachElement { message($0, line: line) }
      }
    } else if let id = record["$rewindTo"]?.string(limit: 256) {
      guard let start = order.firstIndex(of: id) else { return }
      for dropped in order[start...] { messages[dropped] = nil }
      order.removeSubrange(start...)
    } else if record["type"] != nil {
      message(record, line: line)
    } else {
      metadata(record)
    }
  }

  mutating func metadata(_ record: JSONSlice) {
    if session.id.isEmpty { session.id = record["sessionId"]?.string(limit: 256) ?? "" }
    if digest.isEmpty { digest = record["projectHash"]?.string(limit: 256) ?? "" }
    for key: StaticString in ["startTime", "lastUpdated"] { session.note(record[key]?.string(limit: 64) ?? "") }
    record["directories"]?.forEachElement { if let folder = $0.string(limit: 4096) { directories.append(folder) } }
  }

  mutating func message(_ record: JSONSlice, line: Int, lineOf: (JSONSlice) -> Int? = { _ in nil }) {
    let id = record["id"]?.string(limit: 256) ?? "\(line)"
    let time = record["timestamp"]?.string(limit: 64) ?? ""
    session.note(time)
    var message = Message()
    switch record["type"]?.string(limit: 64) {
    case "user": message.text = typed(record, line: line, time: time)
    case "gemini":
      if let tokens = record["tokens"] {
        message.usage = TokenUsage(
          input: tokens.tokens("input"), output: tokens.tokens("output") + tokens.tokens("thoughts"))
      }
      record["toolCalls"]?.forEachElement { element in
        if let call = call(element, line: lineOf(element) ?? line, time: time) { message.calls.append(call) }
      }
      for index in message.calls.indices {
        message.calls[index].outputTokens = message.usage.map { $0.output / message.calls.count }
      }
    default: break
    }
    if file.projectHint == nil, !digest.isEmpty { mentioned.add(record) }
    if messages.updateValue(message, forKey: id) == nil { order.append(id) }
  }

  private func typed(_ record: JSONSlice, line: Int, time: String) -> UserMessage? {
    guard !file.isSubagent, let content = record["displayContent"] ?? record["content"] else { return nil }
    let text = String(decoding: content.contentText().prefix(64 << 10), as: UTF8.self)
    guard GeminiText.isTyped(text) else { return nil }
    return UserMessage(
      text: String(text.prefix(bytes: 4096)), location: LogLocation(file: file.path, line: line), timestamp: time)
  }

  private func call(_ record: JSONSlice, line: Int, time: String) -> ToolCall? {
    guard let id = record["id"]?.string(limit: 256) else { return nil }
    let name = record["name"]?.string(limit: 256) ?? ""
    let tool = Self.kind(of: name)
    var call = ToolCall(
      id: id, tool: tool, toolName: name, input: ToolInputReader.input(of: record["args"], tool: tool),
      isSidechain: file.isSubagent, location: LogLocation(file: file.path, line: line),
      timestamp: record["timestamp"]?.string(limit: 64) ?? time)
    if tool == .shell { call.workingDirectory = record["args"]?["dir_path"]?.string(limit: 4096) }
    let raw = Self.result(of: record)
    call.output = OutputText.clean(raw)
    call.outputBytes = raw.count
    guard let outcome = GeminiText.outcome(status: record["status"]?.string(limit: 64), text: call.output) else {
      return call
    }
    call.outcome = outcome
    call.resultLine = line
    if tool == .shell, outcome == .succeeded {
      let shell = GeminiShellOutput(call.output)
      call.output = shell.text
      call.exitStatus = shell.exitStatus
      if shell.hasFailed { call.outcome = .failed }
    }
    return call
  }

  /// What the model saw; what the person saw where that is all there is.
  private static func result(of record: JSONSlice) -> [UInt8] {
    var text: [UInt8] = []
    record["result"]?.forEachElement { part in
      guard let part = GeminiText.response(in: part) else { return }
      if !text.isEmpty { text.append(10) }
      text += part
    }
    if text.isEmpty, let shown = record["result"], shown.kind == .string { text = shown.decoded() }
    if text.isEmpty, let shown = record["resultDisplay"] { text = shown.contentText() }
    return text
  }

  /// Tools of MCP servers have `server__tool` for a name in older versions.
  private static func kind(of name: String) -> ToolKind {
    let kind = ToolNames.kind(of: name)
    return kind == .other && name.range(of: "__") != nil ? .mcp : kind
  }

  mutating func finish(issues: [LogIssue], into sink: inout some SessionSink) -> FileSummary {
    session.workingDirectory = projectFolder()
    if file.isSubagent { session.parentID = GeminiPlugin.parent(of: file.path, group: file.group) }
    var summary = FileSummary(session: session, issues: issues)
    var seen: Set<String> = []
    for id in order {
      guard let message = messages[id] else { continue }
      summary.usage[Digest(of: id).value] = message.usage
      if let text = message.text { sink.accept(.message(text)) }
      for var call in message.calls {
        let folder = session.workingDirectory ?? file.projectHint
        call.workingDirectory = call.workingDirectory.map { PathText.resolved($0, in: folder) } ?? folder
        if call.outcome == .missing {
          summary.openCalls.append(call)
        } else if seen.insert(call.id).inserted {
          sink.accept(.call(call))
        }
      }
    }
    summary.openCalls.removeAll { seen.contains($0.id) }
    return summary
  }

  private func projectFolder() -> String? {
    guard file.projectHint == nil else { return nil }
    if let folder = directories.first(where: { SHA256.hex(of: $0) == digest }) { return folder }
    if !digest.isEmpty, let folder = mentioned.paths.first(where: { SHA256.hex(of: $0) == digest }) { return folder }
    return directories.first
  }
}
