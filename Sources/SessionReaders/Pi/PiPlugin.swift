public import SessionModel

/// Pi: `sessions/--<path>--/<time>_<id>.jsonl`, a tree of messages in which every branch counts.
public struct PiPlugin: AgentPlugin {
  public let name = "pi"
  public let displayName = "Pi"
  public let places = [LogPlace("PI_CODING_AGENT_DIR", or: ".pi/agent")]
  public let sources: [FormatSource] = [.sourceCode, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let sessions = home(in: environment) + "/sessions"
    var listing = FolderListing()
    guard listing.exists(sessions) else { return Discovery() }
    let files = listing.files(below: sessions) { $0.hasSuffix(".jsonl") }.map { file in
      LogFile(path: file.path, size: file.size, group: PathText.folder(of: file.path))
    }
    return Discovery(files: files, issues: listing.issues)
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    var records = try RecordReader(file, starts: ["{\"type\":"], field: "timestamp")
    while let record = try records.next() { Self.handle(record.slice, line: record.line, &session, into: &sink) }
    return session.finish(issues: records.issues)
  }

  private static func handle(
    _ record: JSONSlice, line: Int, _ session: inout SessionAssembler, into sink: inout some SessionSink
  ) {
    let time = Timestamp.iso(record["timestamp"])
    switch record["type"]?.string(limit: 64) {
    case "session":
      session.begin(id: record["id"]?.string(limit: 256), folder: record["cwd"]?.string(limit: 4096), time: time)
    case "message":
      session.begin(time: time)
      guard let message = record["message"] else { return }
      switch message["role"]?.string(limit: 64) {
      case "assistant":
        message["content"]?.forEachElement { block in
          guard block["type"]?.equals("toolCall") == true else { return }
          session.call(
            block["id"]?.string(limit: 256), name: block["name"]?.string(limit: 256) ?? "",
            arguments: block["arguments"], line: line, time: time)
        }
      case "toolResult":
        session.result(of: message["toolCallId"]?.string(limit: 256), line: line, time: time, into: &sink) { tool in
          ending(message, tool)
        }
      case "user":
        let text = String(decoding: (message["content"]?.contentText() ?? []).prefix(64 << 10), as: UTF8.self)
        session.message(text, line: line, time: time, into: &sink)
      default: break
      }
    default: break
    }
  }

  private static func ending(_ message: JSONSlice, _ tool: ToolKind) -> CallEnding {
    let raw = message["content"]?.contentText() ?? []
    let text = OutputText.clean(raw)
    guard message["isError"]?.bool == true else {
      return CallEnding(raw, exitStatus: tool == .shell ? 0 : nil, text: text)
    }
    if text.hasSuffix(after: "Command aborted") || text.hasPrefix("Operation aborted") {
      return CallEnding(raw, outcome: .rejected, text: text)
    }
    // The status is the last line of what was printed.
    guard let mark = text.range(of: "Command exited with code ", last: true),
      let status = Int(text[mark.upperBound...].filter { !$0.isWhitespace })
    else { return CallEnding(raw, outcome: .failed, text: text) }
    var printed = text[..<mark.lowerBound]
    while printed.last?.isWhitespace == true { printed.removeLast() }
    return CallEnding(raw, outcome: .failed, exitStatus: status, text: String(printed))
  }
}
