internal import SessionModel

/// How a call ended, as the reader of a format found it.
struct CallEnding {
  /// The output as the log holds it.
  var raw: [UInt8] = []
  /// The output without what the agent wraps around it; the cleaned `raw` when nil.
  var text: String?
  var outcome = Outcome.succeeded
  var exitStatus: Int?

  /// Takes a shell for failed when its exit status says so, whatever the agent says of it.
  init(_ raw: [UInt8], outcome: Outcome = .succeeded, exitStatus: Int? = nil, text: String? = nil) {
    self.raw = raw
    self.text = text
    self.exitStatus = exitStatus
    self.outcome = outcome == .succeeded && (exitStatus ?? 0) != 0 ? .failed : outcome
  }
}

/// Puts calls and results together, for formats that keep them apart and number neither.
struct SessionAssembler {
  let file: LogFile
  var summary = FileSummary()
  /// The folder that calls run in unless they say otherwise.
  var workingDirectory: String?
  private var book = CallBook()

  init(file: LogFile) { self.file = file }

  var isSubagent: Bool { file.isSubagent || summary.session.parentID != nil }

  /// Takes up who and where, from a record that may come late or more than once: the first word counts.
  mutating func begin(id: String? = nil, parentID: String? = nil, folder: String? = nil, time: String = "") {
    if summary.session.id.isEmpty { summary.session.id = id ?? "" }
    summary.session.parentID = summary.session.parentID ?? parentID
    if summary.session.workingDirectory == nil, let folder, !folder.isEmpty {
      summary.session.workingDirectory = folder
    }
    if let folder, !folder.isEmpty { workingDirectory = folder }
    summary.session.note(time)
  }

  /// - Parameters:
  ///   - arguments: The input, also as JSON inside a string.
  ///   - tool: What the tool does, where its name alone does not say.
  mutating func call(
    _ id: String?, name: String, tool: ToolKind? = nil, arguments: JSONSlice?, line: Int, time: String = "",
    isSidechain: Bool = false, outputTokens: Int? = nil
  ) {
    let tool = tool ?? ToolNames.kind(of: name)
    var input = ToolInput(text: "")
    var folder: String?
    _ = arguments?.readEmbedded { arguments -> Bool? in
      input = ToolInputReader.input(of: arguments, tool: tool)
      for key: StaticString in ["workdir", "dir_path", "working_directory", "directory", "cwd"] where folder == nil {
        if tool == .shell { folder = arguments[key]?.string(limit: 4096) }
      }
      return true
    }
    call(
      id, name: name, tool: tool, input: input, line: line, time: time, folder: folder, isSidechain: isSidechain,
      outputTokens: outputTokens)
  }

  mutating func call(
    _ id: String?, name: String, tool: ToolKind, input: ToolInput, line: Int, time: String = "", folder: String? = nil,
    isSidechain: Bool = false, outputTokens: Int? = nil
  ) {
    guard let id, !id.isEmpty else { return }
    summary.session.note(time)
    book.begin(
      ToolCall(
        id: id, tool: tool, toolName: name, input: input,
        workingDirectory: folder.map { PathText.resolved($0, in: workingDirectory) } ?? workingDirectory,
        isSidechain: isSidechain || isSubagent, location: LogLocation(file: file.path, line: line), timestamp: time,
        outputTokens: outputTokens))
  }

  /// Ends a call. One that is not in this log is kept as a result alone.
  mutating func result(
    of id: String?, line: Int, time: String = "", into sink: inout some SessionSink, _ ending: (ToolKind) -> CallEnding
  ) {
    guard let id, !id.isEmpty else { return }
    summary.session.note(time)
    switch book.end(id) {
    case .repeated: return
    case .call(var call):
      call.take(ending(call.tool), line: line)
      sink.accept(.call(call))
    case .loose:
      var call = ToolCall(
        id: id, tool: .other, toolName: "", input: ToolInput(text: ""), workingDirectory: workingDirectory,
        isSidechain: isSubagent, location: LogLocation(file: file.path, line: line), timestamp: time)
      call.take(ending(.other), line: line)
      summary.looseResults.append(call)
    }
  }

  /// Something that a person typed. What a subagent is told comes from another agent.
  mutating func message(_ text: String?, line: Int, time: String = "", into sink: inout some SessionSink) {
    summary.session.note(time)
    guard !isSubagent, let text, text.contains(where: { !$0.isWhitespace }) else { return }
    sink.accept(
      .message(
        UserMessage(
          text: String(text.prefix(bytes: 4096)), location: LogLocation(file: file.path, line: line), timestamp: time)))
  }

  mutating func usage(of message: String, _ usage: TokenUsage) { summary.usage[Digest(of: message).value] = usage }

  mutating func finish(issues: [LogIssue]) -> FileSummary {
    summary.issues = issues
    summary.openCalls = book.unfinished
    return summary
  }
}

extension ToolCall {
  mutating func take(_ ending: CallEnding, line: Int) {
    resultLine = line
    output = ending.text ?? OutputText.clean(ending.raw)
    outputBytes = ending.raw.count
    outcome = ending.outcome
    exitStatus = ending.exitStatus
  }
}
