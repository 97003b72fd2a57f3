internal import SessionModel

/// Reads one session of the session format.
struct JSONLReader {
  private let file: LogFile
  private var summary = FileSummary()
  private var issues: [LogIssue] = []
  /// The log that the session was written from: places are those of that log.
  private var source: String
  private var seen: Set<String> = []
  /// Whether the session says itself when it was; a fork repeats calls that are older than it is.
  private var hasTimes = false
  private(set) var hasBegun = false

  init(file: LogFile) {
    self.file = file
    source = file.path
  }

  static func isSession(_ record: JSONSlice) -> Bool { record["type"]?.equals("session") == true }

  /// - Throws: `ReadError` when the session is of a version that is not known.
  mutating func handle(
    _ record: JSONSlice, line: Int, into sink: inout some SessionSink
  ) throws(ReadError) {
    if Self.isSession(record) { return try begin(record) }
    guard hasBegun else { return report(line, "it stands before the first session record; it was left out") }
    let line = record["line"]?.int ?? line
    switch record["type"]?.string(limit: 64) {
    case "call":
      guard let call = call(record, line: line) else { return }
      if call.outcome == .missing { summary.openCalls.append(call) } else { sink.accept(.call(call)) }
    // Its call may be in this session too, behind it.
    case "result":
      if let call = call(record, line: line, isLoose: true) { summary.looseResults.append(call) }
    case "message":
      let time = Timestamp.iso(record["time"])
      if !hasTimes { summary.session.note(time) }
      if let text = record["text"]?.string(limit: 64 << 10) {
        sink.accept(
          .message(
            UserMessage(
              text: String(text.prefix(bytes: 4096)), location: LogLocation(file: source, line: line), timestamp: time))
        )
      }
    case "usage":
      guard let message = record["message"]?.string(limit: 256) else { return }
      summary.usage[UInt64(message, radix: 16) ?? Digest(of: message).value] = TokenUsage(
        input: record.tokens("input_tokens"), output: record.tokens("output_tokens"))
    case "issue":
      guard let kind = LogIssue.Kind(rawValue: record["kind"]?.string(limit: 64) ?? "") else { return }
      let reason = record["reason"]?.string(limit: 1024) ?? ""
      issues.append(LogIssue(kind, at: LogLocation(file: source, line: line), reason: reason))
    // Later versions may have more kinds of records.
    default: break
    }
  }

  private mutating func begin(_ record: JSONSlice) throws(ReadError) {
    let version = record["version"]?.int ?? 0
    guard version == SessionRecord.version else {
      let reason =
        version == 0
        ? "a session record needs `\"version\":\(SessionRecord.version)`"
        : "it is of version \(version) of the session format; this program knows version \(SessionRecord.version)"
      throw ReadError(path: file.path, reason: reason)
    }
    hasBegun = true
    source = record["file"]?.string(limit: 4096) ?? file.path
    summary.session.id = record["id"]?.string(limit: 256) ?? ""
    summary.session.parentID = record["parent"]?.string(limit: 256)
    summary.session.workingDirectory = record["cwd"]?.string(limit: 4096)
    for key: StaticString in ["started", "ended"] { summary.session.note(Timestamp.iso(record[key])) }
    hasTimes = !summary.session.firstSeen.isEmpty
  }

  private mutating func call(_ record: JSONSlice, line: Int, isLoose: Bool = false) -> ToolCall? {
    guard let id = record["id"]?.string(limit: 256), !id.isEmpty else {
      report(line, "a call needs an `id`; it was left out")
      return nil
    }
    guard seen.insert(isLoose ? "result " + id : id).inserted else { return nil }
    let name = record["name"]?.string(limit: 256) ?? ""
    let tool = record["tool"]?.string(limit: 64).flatMap { ToolKind(rawValue: $0) } ?? ToolNames.kind(of: name)
    let time = Timestamp.iso(record["time"])
    if !hasTimes { summary.session.note(time) }
    var call = ToolCall(
      id: id, tool: tool, toolName: name, input: Self.input(record["input"], tool: tool),
      workingDirectory: record["cwd"]?.string(limit: 4096) ?? summary.session.workingDirectory,
      isSidechain: record["sidechain"]?.bool ?? (file.isSubagent || summary.session.parentID != nil),
      location: LogLocation(file: source, line: line), timestamp: time,
      outputTokens: record["output_tokens"]?.int?.asTokens)
    let raw = record["output"]?.contentText() ?? []
    call.output = OutputText.clean(raw)
    call.outputBytes = max(0, min(record["output_bytes"]?.int ?? raw.count, 1 << 40))
    call.exitStatus = record["exit"]?.int
    call.feedback = record["feedback"]?.string(limit: 4096)
    call.outcome = (call.exitStatus ?? 0) == 0 ? .succeeded : .failed
    if let status = record["status"]?.string(limit: 64) {
      guard let outcome = Outcome(rawValue: status) else {
        let known = Outcome.allCases.map(\.rawValue).joined(separator: ", ")
        report(line, "`\(status)` is no status; there are \(known)")
        return nil
      }
      call.outcome = outcome
    } else if record["output"] == nil, call.exitStatus == nil {
      call.outcome = .missing
    }
    // The line of the call alone does not tell that of its result.
    let resultLine = record["result_line"]?.int ?? (record["line"] == nil ? line : nil)
    call.resultLine = call.outcome == .missing ? nil : resultLine
    return call
  }

  /// The input as it was written from a call, as the agent's own record, or as one text.
  private static func input(_ value: JSONSlice?, tool: ToolKind) -> ToolInput {
    guard let value else { return ToolInput(text: "") }
    if let text = value.string(limit: ToolInputReader.textLimit) {
      return ToolInput(text: text, digest: Digest(of: text).value)
    }
    guard let text = value["text"]?.string(limit: ToolInputReader.textLimit) else {
      return ToolInputReader.input(of: value, tool: tool)
    }
    let digest = value["digest"]?.string(limit: 64).flatMap { UInt64($0, radix: 16) }
    return ToolInput(
      text: text, path: value["path"]?.string(limit: 4096), pattern: value["pattern"]?.string(limit: 4096),
      range: value["range"]?.string(limit: 256), leavesSandbox: value["leaves_sandbox"]?.bool ?? false,
      digest: digest ?? value.digest)
  }

  mutating func report(_ line: Int, _ reason: String) {
    issues.append(LogIssue(.malformedLine, at: LogLocation(file: source, line: line), reason: reason))
  }

  func finish(issues found: [LogIssue]) -> FileSummary {
    var summary = summary
    summary.issues = issues + found
    return summary
  }
}
