internal import SessionModel

/// What the output of a call says. Codex writes no flag: each version and tool has its own header, and some failures are
/// plain sentences.
struct CodexResult {
  var text = ""
  /// Size of the output as the log holds it.
  var bytes = 0
  var outcome = Outcome.succeeded
  var exitStatus: Int?
  /// What a later call waits for, when the command still runs: a session or a script cell.
  var running: String?
  /// The exit status of each command that a script ran.
  var scriptStatuses: [Int] = []

  init(_ output: JSONSlice, tool: ToolKind) {
    switch output.kind {
    case .string:
      let raw = output.decoded()
      bytes = raw.count
      read(OutputText.clean(raw), tool: tool)
    case .array: readParts(output)
    case .object: readObject(output)
    case .number, .bool, .null: break
    }
  }

  private mutating func read(_ output: String, tool: ToolKind) {
    if output.hasPrefix("{"), readWrapped(output) { return }
    guard let header = CodexHeader(output) else {
      text = tool == .mcp ? Self.contentText(output[...]) : output
      (outcome, exitStatus) = CodexText.outcome(ofPlain: output, tool: tool)
      if outcome == .failed { text = CodexText.unwrapped(output) }
      return
    }
    read(header)
  }

  private mutating func read(_ header: CodexHeader) {
    text = Self.contentText(header.body)
    exitStatus = header.exitStatus
    running = header.running
    if let status = header.exitStatus {
      outcome = status == 0 ? .succeeded : .failed
    } else if header.script == .failed {
      outcome = .failed
    } else if header.running == nil, header.isCut {
      // `aborted by user` stands where `Output:` should.
      (outcome, _) = CodexText.outcome(ofPlain: text, tool: .shell)
    }
  }

  /// `{"output":"…","metadata":{"exit_code":0,…}}`, the form of 2025.
  private mutating func readWrapped(_ output: String) -> Bool {
    JSONSlice.read(Array(output.utf8)) { value, _ -> Bool? in
      guard value.kind == .object, let inner = value["output"], let metadata = value["metadata"] else { return nil }
      text = OutputText.clean(inner.contentText())
      exitStatus = metadata["exit_code"]?.int
      outcome = (exitStatus ?? 0) == 0 ? .succeeded : .failed
      return true
    } ?? false
  }

  private mutating func readObject(_ output: JSONSlice) {
    let raw = output.contentText()
    bytes = raw.count
    text = OutputText.clean(raw)
    exitStatus = output["metadata"]?["exit_code"]?.int
    if let status = exitStatus, status != 0 { outcome = .failed }
    if output["success"]?.bool == false { outcome = .failed }
  }

  /// A list of texts and images. The first text is a header in code mode and for tools that answer with images.
  private mutating func readParts(_ output: JSONSlice) {
    var parts: [String] = []
    output.forEachElement { part in
      guard let raw = part["text"]?.decoded() else { return }
      bytes += raw.count
      parts.append(OutputText.clean(raw))
    }
    guard let first = parts.first, let header = CodexHeader(first) else {
      text = parts.joined(separator: "\n")
      return
    }
    read(header)
    parts[0] = text
    var script = CodexScriptOutput()
    for part in parts where !part.isEmpty { script.add(part) }
    text = script.text
    guard header.script == .completed else { return }
    // A script is done even when its commands failed.
    scriptStatuses = script.statuses
    if let status = script.statuses.first(where: { $0 != 0 }) {
      exitStatus = status
      outcome = .failed
    } else if !script.statuses.isEmpty {
      exitStatus = 0
    }
  }

  /// The text of `[{"type":"text","text":"…"}]`, which tools of MCP servers answer with.
  private static func contentText(_ body: Substring) -> String {
    guard body.hasPrefix("[{") else { return String(body) }
    return JSONSlice.read(Array(body.utf8)) { value, _ -> String? in
      guard value.kind == .array else { return nil }
      let text = value.contentText()
      return text.isEmpty ? nil : OutputText.clean(text)
    } ?? String(body)
  }
}

/// The lines before `Output:`.
struct CodexHeader {
  enum Script { case completed, failed, running }

  var exitStatus: Int?
  var running: String?
  var script: Script?
  /// The header ended without `Output:`.
  var isCut = false
  var body: Substring

  /// - Returns: nil when the text starts with no line of a header.
  init?(_ text: String) {
    body = text[...]
    if body.hasPrefix("Command: ") {
      // The command itself may have many lines.
      guard let end = body.range(of: "\nChunk ID: ") ?? body.range(of: "\nWall time: ") else { return nil }
      body = body[end.lowerBound...].dropFirst()
    }
    var lines = 0
    while lines < 12 {
      let end = body.utf8.firstIndex(of: 10) ?? body.endIndex
      let line = body[..<end]
      let next = end < body.endIndex ? body.utf8.index(after: end) : end
      if line == "Output:" {
        guard lines > 0 else { return nil }
        body = body[next...]
        return
      }
      guard read(line) else { break }
      lines += 1
      body = body[next...]
      if next == body.endIndex { break }
    }
    guard lines > 0 else { return nil }
    isCut = true
  }

  private mutating func read(_ line: Substring) -> Bool {
    if let status = Self.number(after: "Exit code: ", in: line)
      ?? Self.number(after: "Process exited with code ", in: line)
    {
      exitStatus = status
    } else if let session = Self.number(after: "Process running with session ID ", in: line) {
      running = "session \(session)"
    } else if line.hasPrefix("Script running with cell ID ") {
      running = "cell " + line.dropFirst("Script running with cell ID ".count)
      script = .running
    } else if line == "Script completed" {
      script = .completed
    } else if line == "Script failed" {
      script = .failed
    } else {
      return ["Wall time", "Chunk ID: ", "Original token count: ", "Total output lines: "].contains {
        line.hasPrefix($0)
      }
    }
    return true
  }

  private static func number(after prefix: String, in line: Substring) -> Int? {
    line.hasPrefix(prefix) ? Int(line.dropFirst(prefix.count)) : nil
  }
}
