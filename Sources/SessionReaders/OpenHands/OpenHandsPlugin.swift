public import SessionModel

/// OpenHands: one JSON file for each event, `sessions/<session>/events/<number>.json`. A location counts events.
public struct OpenHandsPlugin: AgentPlugin {
  public let name = "openhands"
  public let displayName = "OpenHands"
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.sourceCode, .inference]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var listing = FolderListing()
    var files: [LogFile] = []
    var seen: Set<String> = []
    for path in environment.namedLogs where listing.isFolder(path) {
      for event in listing.files(below: path, where: { $0.hasSuffix(".json") }) {
        let folder = PathText.folder(of: event.path)
        guard PathText.name(of: folder) == "events", seen.insert(folder).inserted else { continue }
        let size = listing.fileNames(in: folder).count * Self.typicalEventSize
        files.append(LogFile(path: folder, size: size, projectHint: environment.knownFolders.first, group: folder))
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  /// Sizes only order the work.
  private static let typicalEventSize = 2000

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    session.begin(id: PathText.name(of: PathText.folder(of: file.path)), folder: file.projectHint)
    var listing = FolderListing()
    var issues: [LogIssue] = []
    let events = listing.fileNames(in: file.path).compactMap { name in
      name.hasSuffix(".json") ? Int(name.dropLast(5)).map { (number: $0, name: name) } : nil
    }
    // The line of a call is one more than the number of its event.
    for (number, name) in events.sorted(by: { $0 < $1 }) where (0..<Int.max).contains(number) {
      let path = "\(file.path)/\(name)"
      let bytes = try LogBytes.whole(path, limit: 64 << 20)
      let isRead: Bool? = JSONSlice.read(bytes) { event, _ in
        guard event.kind == .object else { return nil }
        Self.handle(event, number: number, &session, into: &sink)
        return true
      }
      guard isRead == nil, bytes.contains(where: { $0 > 32 }) else { continue }
      let reason = "this is not a JSON document; it was left out"
      issues.append(LogIssue(.malformedLine, at: LogLocation(file: path, line: 1), reason: reason))
    }
    return session.finish(issues: issues + listing.issues)
  }

  /// An observation names the action that it answers; actions have numbers, which begin anew in each session.
  private static func handle(
    _ event: JSONSlice, number: Int, _ session: inout SessionAssembler, into sink: inout some SessionSink
  ) {
    let time = event["timestamp"]?.string(limit: 64) ?? ""
    session.begin(time: time)
    let name = session.summary.session.id
    if let action = event["action"]?.string(limit: 64) {
      if event["source"]?.equals("user") == true {
        let text = event["args"]?["content"]?.string(limit: 64 << 10)
        if action == "message" { session.message(text, line: number + 1, time: time, into: &sink) }
      } else if let kind = kinds[action] {
        session.call(
          "\(name)/\(event["id"]?.int ?? number)", name: action, tool: kind, arguments: event["args"], line: number + 1,
          time: time)
      }
    } else if let observation = event["observation"]?.string(limit: 64), let cause = event["cause"]?.int {
      session.result(of: "\(name)/\(cause)", line: number + 1, time: time, into: &sink) { _ in
        ending(event, observation)
      }
    }
  }

  private static func ending(_ event: JSONSlice, _ observation: String) -> CallEnding {
    let raw = event["content"]?.contentText() ?? []
    let text = OutputText.clean(raw)
    switch observation {
    case "error": return CallEnding(raw, outcome: .failed, text: text)
    case "user_rejected": return CallEnding(raw, outcome: .rejected, text: text)
    default:
      let status = event["extras"]?["metadata"]?["exit_code"]?.int
      // -1 stands for a status that is not known, as of a command that still runs.
      return CallEnding(
        raw, outcome: text.hasPrefix("ERROR:") ? .failed : .succeeded, exitStatus: status == -1 ? nil : status,
        text: text)
    }
  }

  private static let kinds: [String: ToolKind] = [
    "run": .shell, "run_ipython": .other, "read": .read, "write": .write, "edit": .edit, "browse": .web,
    "browse_interactive": .web, "call_tool_mcp": .mcp, "delegate": .subagent,
  ]
}
