public import SessionModel

/// Copilot CLI: a file of events for each session, `session-state/<session>/events.jsonl`.
public struct CopilotPlugin: AgentPlugin {
  public let name = "copilot"
  public let pack = "copilot-cli"
  public let displayName = "Copilot CLI"
  public let places = [LogPlace("COPILOT_HOME", or: ".copilot")]
  public let sources: [FormatSource] = [.sourceCode, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let sessions = home(in: environment) + "/session-state"
    var listing = FolderListing()
    guard listing.exists(sessions) else { return Discovery() }
    // Older versions had one file beside the others instead of a folder.
    let files = listing.files(below: sessions) { $0.hasSuffix(".jsonl") }.filter { file in
      file.name == "events.jsonl" || PathText.folder(of: file.path) == sessions
    }
    return Discovery(
      files: files.map { LogFile(path: $0.path, size: $0.size, group: $0.path) }, issues: listing.issues)
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    let folder = PathText.name(of: PathText.folder(of: file.path))
    let id = folder == "session-state" ? String(PathText.name(of: file.path).dropLast(6)) : folder
    session.begin(id: id)
    var records = try RecordReader(file, starts: ["{\"type\":"], field: "data")
    while let record = try records.next() { Self.handle(record.slice, line: record.line, &session, into: &sink) }
    return session.finish(issues: records.issues)
  }

  private static func handle(
    _ record: JSONSlice, line: Int, _ session: inout SessionAssembler, into sink: inout some SessionSink
  ) {
    let time = record["timestamp"]?.string(limit: 64) ?? ""
    session.begin(time: time)
    guard let data = record["data"] else { return }
    switch record["type"]?.string(limit: 64) {
    case "session.start": session.begin(folder: data["context"]?["cwd"]?.string(limit: 4096))
    case "tool.execution_start":
      session.call(
        data["toolCallId"]?.string(limit: 256), name: data["toolName"]?.string(limit: 256) ?? "",
        arguments: data["arguments"], line: line, time: time, isSidechain: data["parentToolCallId"]?.kind == .string)
    case "tool.execution_complete":
      session.result(of: data["toolCallId"]?.string(limit: 256), line: line, time: time, into: &sink) { _ in
        ending(data)
      }
    default: break
    }
  }

  private static func ending(_ data: JSONSlice) -> CallEnding {
    if data["success"]?.bool == false {
      let raw = (data["error"]?["message"] ?? data["result"]?["content"])?.contentText() ?? []
      let text = OutputText.clean(raw)
      guard data["error"]?["code"]?.equals("denied") == true else {
        return CallEnding(raw, outcome: .failed, text: text)
      }
      return CallEnding(raw, outcome: text.hasPrefix("Denied by preToolUse hook") ? .blocked : .rejected, text: text)
    }
    // A command that failed is a success of the tool.
    let raw = data["result"]?["content"]?.contentText() ?? []
    let output = OutputText.clean(raw)
    let (text, shown) = withoutFooter(output)
    let status = data["toolTelemetry"]?["metrics"]?["exit_code"]?.int ?? shown
    return CallEnding(raw, exitStatus: status, text: text)
  }

  /// Takes off `<shellId: 3 completed with exit code 1>` and `<exited with exit code 1>`.
  private static func withoutFooter(_ output: String) -> (String, exitStatus: Int?) {
    guard let mark = output.range(of: "\n<", last: true) ?? (output.hasPrefix("<") ? output.range(of: "<") : nil) else {
      return (output, nil)
    }
    let footer = output[mark.lowerBound...]
    guard footer.hasSuffix(after: ">"), let code = footer.range(of: "with exit code ") else { return (output, nil) }
    let status = Int(footer[code.upperBound...].prefix { $0.isNumber || $0 == "-" })
    return (String(output[..<mark.lowerBound]), status)
  }
}

extension CopilotPlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    // What is learned in the home folder holds everywhere.
    guard project == environment.home else { return ContextFileSet(context: project + "/AGENTS.md") }
    return ContextFileSet(context: home(in: environment) + "/copilot-instructions.md")
  }
}
