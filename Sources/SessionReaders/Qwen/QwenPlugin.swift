public import SessionModel

/// Qwen Code, a fork of Gemini CLI with records of its own: `projects/<folder>/chats/<session>.jsonl`.
public struct QwenPlugin: AgentPlugin {
  public let name = "qwen"
  public let displayName = "Qwen Code"
  public let places = [LogPlace("QWEN_RUNTIME_DIR", "QWEN_HOME", or: ".qwen")]
  public let sources: [FormatSource] = [.sourceCode]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let projects = home(in: environment) + "/projects"
    var listing = FolderListing()
    guard listing.exists(projects) else { return Discovery() }
    var files: [LogFile] = []
    for project in listing.folders(in: projects) {
      let group = projects + "/" + project
      guard listing.exists(group + "/chats") else { continue }
      for file in listing.files(below: group + "/chats", where: { $0.hasSuffix(".jsonl") }) {
        files.append(LogFile(path: file.path, size: file.size, group: group))
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    var records = try RecordReader(file, starts: ["{\"uuid\":"], field: "sessionId")
    while let record = try records.next() { Self.handle(record.slice, line: record.line, &session, into: &sink) }
    return session.finish(issues: records.issues)
  }

  private static func handle(
    _ record: JSONSlice, line: Int, _ session: inout SessionAssembler, into sink: inout some SessionSink
  ) {
    let time = record["timestamp"]?.string(limit: 64) ?? ""
    session.begin(
      id: record["sessionId"]?.string(limit: 256), folder: record["cwd"]?.string(limit: 4096), time: time)
    let parts = record["message"]?["parts"]
    switch record["type"]?.string(limit: 64) {
    case "assistant":
      parts?.forEachElement { part in
        guard let call = part["functionCall"] else { return }
        session.call(
          call["id"]?.string(limit: 256), name: call["name"]?.string(limit: 256) ?? "", arguments: call["args"],
          line: line, time: time)
      }
      if let usage = record["usageMetadata"], let id = record["uuid"]?.string(limit: 256) {
        session.usage(
          of: id, TokenUsage(input: usage.tokens("promptTokenCount"), output: usage.tokens("candidatesTokenCount")))
      }
    case "tool_result":
      let told = record["toolCallResult"]
      parts?.forEachElement { part in
        guard let response = part["functionResponse"] else { return }
        let id = (told?["callId"] ?? response["id"])?.string(limit: 256)
        session.result(of: id, line: line, time: time, into: &sink) { tool in
          ending(of: GeminiText.response(in: part) ?? [], status: told?["status"]?.string(limit: 64), tool: tool)
        }
      }
    case "user" where record["subtype"] == nil:
      let text = String(decoding: (parts?.contentText() ?? []).prefix(64 << 10), as: UTF8.self)
      if GeminiText.isTyped(text) { session.message(text, line: line, time: time, into: &sink) }
    default: break
    }
  }

  /// The results are worded as those of Gemini CLI are.
  private static func ending(of raw: [UInt8], status: String?, tool: ToolKind) -> CallEnding {
    let text = OutputText.clean(raw)
    let outcome = GeminiText.outcome(status: status, text: text) ?? .succeeded
    guard tool == .shell, outcome == .succeeded else { return CallEnding(raw, outcome: outcome, text: text) }
    let shell = GeminiShellOutput(text)
    return CallEnding(
      raw, outcome: shell.hasFailed ? .failed : .succeeded, exitStatus: shell.exitStatus, text: shell.text)
  }
}

extension QwenPlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    // What is learned in the home folder holds everywhere.
    ContextFileSet(context: (project == environment.home ? home(in: environment) : project) + "/QWEN.md")
  }
}
