public import SessionModel

/// Kimi CLI: `sessions/<MD5 of the folder>/<session>/context.jsonl`; and its successor Kimi Code:
/// `sessions/wd_<name>_<digest>/<session>/agents/<agent>/wire.jsonl`.
public struct KimiPlugin: AgentPlugin {
  public let name = "kimi"
  public let displayName = "Kimi CLI"
  public let places = [LogPlace("KIMI_SHARE_DIR", or: ".kimi"), LogPlace("KIMI_CODE_HOME", or: ".kimi-code")]
  public let sources: [FormatSource] = [.sourceCode, .inference]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var listing = FolderListing()
    var files: [LogFile] = []
    for place in places {
      let sessions = place.folder(in: environment) + "/sessions"
      guard listing.exists(sessions) else { continue }
      for folder in listing.folders(in: sessions) {
        let group = sessions + "/" + folder
        let hint = Self.folder(withDigest: folder, among: environment.knownFolders)
        for file in listing.files(below: group, where: { $0 == "context.jsonl" || $0 == "wire.jsonl" }) {
          // The older program writes the same messages to both files; only the newer one has its agents apart.
          let isOfAgent = file.path.dropFirst(group.count).contains("/agents/")
          guard isOfAgent == (file.name == "wire.jsonl") else { continue }
          let agent = PathText.name(of: PathText.folder(of: file.path))
          files.append(
            LogFile(
              path: file.path, size: file.size, isSubagent: isOfAgent && agent != "main", projectHint: hint,
              group: group))
        }
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  private static func folder(withDigest digest: String, among folders: [String]) -> String? {
    folders.lazy.flatMap { GeminiProject.withAncestors($0) }.first { MD5.hex(of: $0) == digest }
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    PathText.name(of: file.path) == "wire.jsonl"
      ? try readWire(file, into: &sink) : try readContext(file, into: &sink)
  }

  private func readContext(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    session.begin(id: PathText.name(of: PathText.folder(of: file.path)), folder: file.projectHint)
    var records = try RecordReader(file, starts: ["{\"role\":"], field: "content")
    while let record = try records.next() {
      let isCall = session.chatMessage(record.slice, line: record.line, into: &sink) { _, raw, tool in
        let text = OutputText.clean(raw)
        return Self.ending(raw, text, hasFailed: text.hasPrefix("<system>ERROR"), tool)
      }
      guard !isCall, record.slice["role"]?.equals("user") == true else { continue }
      let text = String(decoding: (record.slice["content"]?.contentText() ?? []).prefix(64 << 10), as: UTF8.self)
      if !text.hasPrefix("<system") { session.message(text, line: record.line, into: &sink) }
    }
    return session.finish(issues: records.issues)
  }

  private func readWire(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    // …/<session>/agents/<agent>/wire.jsonl
    let folder = PathText.folder(of: PathText.folder(of: PathText.folder(of: file.path)))
    var session = SessionAssembler(file: file)
    session.begin(id: PathText.name(of: folder), folder: Self.workingDirectory(of: folder))
    var records = try RecordReader(file, starts: ["{\"type\":"], field: "event")
    while let record = try records.next() { Self.event(record.slice, line: record.line, &session, into: &sink) }
    return session.finish(issues: records.issues)
  }

  private static func event(
    _ record: JSONSlice, line: Int, _ session: inout SessionAssembler, into sink: inout some SessionSink
  ) {
    let time = Timestamp.iso(record["time"] ?? record["timestamp"])
    session.begin(time: time)
    guard record["type"]?.equals("context.append_loop_event") == true, let event = record["event"] else { return }
    let id = event["toolCallId"]?.string(limit: 256)
    switch event["type"]?.string(limit: 64) {
    case "tool.call":
      session.call(
        id, name: (event["name"] ?? event["toolName"])?.string(limit: 256) ?? "",
        arguments: event["args"] ?? event["arguments"] ?? event["input"], line: line, time: time)
    case "tool.result":
      let result = event["result"]
      session.result(of: id, line: line, time: time, into: &sink) { tool in
        let raw = result?["output"]?.contentText() ?? []
        return ending(raw, OutputText.clean(raw), hasFailed: result?["isError"]?.bool == true, tool)
      }
    default: break
    }
  }

  private static func ending(_ raw: [UInt8], _ text: String, hasFailed: Bool, _ tool: ToolKind) -> CallEnding {
    let text = withoutNotices(text)
    guard hasFailed else { return CallEnding(raw, exitStatus: tool == .shell ? 0 : nil, text: text) }
    let shown = text.range(of: "Command failed with exit code: ").map { text[$0.upperBound...].prefix { $0.isNumber } }
    return CallEnding(raw, outcome: .failed, exitStatus: shown.flatMap { Int($0) }, text: text)
  }

  /// `<system>ERROR: …</system>` before what the tool printed becomes its plain text.
  private static func withoutNotices(_ text: String) -> String {
    guard text.hasPrefix("<system>") else { return text }
    var lines: [String] = []
    var rest = text[...]
    while rest.hasPrefix("<system>"), let end = rest.range(of: "</system>") {
      var notice = rest[..<end.lowerBound].dropFirst("<system>".count)
      if notice.hasPrefix("ERROR") { notice = notice.dropFirst("ERROR".count).drop { $0 == ":" || $0 == " " } }
      if !notice.isEmpty { lines.append(String(notice)) }
      rest = rest[end.upperBound...].drop { $0.isNewline }
    }
    if !rest.isEmpty { lines.append(String(rest)) }
    return lines.joined(separator: "\n")
  }

  private static func workingDirectory(of session: String) -> String? {
    guard let bytes = try? LogBytes.whole(session + "/state.json", limit: 16 << 20) else { return nil }
    return JSONSlice.read(bytes) { state, _ in state["workDir"]?.string(limit: 4096) }
  }
}
