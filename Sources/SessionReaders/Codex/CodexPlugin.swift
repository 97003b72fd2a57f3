public import SessionModel

/// Codex CLI: rollout files below `sessions/` and `archived_sessions/` of its home, packed when they are old.
public struct CodexPlugin: AgentPlugin {
  public let name = "codex"
  public let displayName = "Codex CLI"
  public let places = [LogPlace("CODEX_HOME", or: ".codex")]
  public let sources: [FormatSource] = [.sourceCode, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var listing = FolderListing()
    var files: [LogFile] = []
    for folder in ["sessions", "archived_sessions"] {
      let path = home(in: environment) + "/" + folder
      guard listing.exists(path) else { continue }
      let found = listing.files(below: path) { name in
        name.hasPrefix("rollout-") && Self.suffixes.contains { name.hasSuffix($0) }
      }
      let names = Set(found.map(\.path))
      // A packed copy beside the file itself says the same.
      for file in found where !(file.name.hasSuffix(".zst") && names.contains(String(file.path.dropLast(4)))) {
        files.append(LogFile(path: file.path, size: file.size, group: file.path))
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  private static let suffixes = [".jsonl", ".jsonl.zst", ".json"]

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    try read(file, after: nil, into: &sink)
  }

  public func read(
    _ file: LogFile, after point: ReadingPoint?, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    var reader = CodexReader(file: file)
    guard !file.path.hasSuffix(".json") else { return try document(file, &reader, into: &sink) }
    return try reader.read(file, starts: ["{\"timestamp\":"], field: "payload", after: point, into: &sink)
  }

  /// The form of early 2025: one document `{"session":…,"items":[…]}`.
  private func document(
    _ file: LogFile, _ reader: inout CodexReader, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    let bytes = try LogBytes.whole(file.path)
    var items: [LogRecord] = []
    let isWhole = unsafe bytes.withUnsafeBufferPointer { buffer in
      var position = 0
      guard let document = unsafe JSONSlice(in: buffer, at: &position), document.kind == .object else { return false }
      if let session = document["session"] { reader.begin(session) }
      var lines = unsafe LineCounter(buffer)
      document["items"]?.forEachElement { items.append(LogRecord(slice: $0, line: lines.line(of: $0))) }
      for item in items { reader.handle(item.slice, line: item.line, into: &sink) }
      return true
    }
    guard isWhole || bytes.isEmpty else {
      let issue = LogIssue(
        .malformedLine, at: LogLocation(file: file.path, line: 1), reason: "this is not a whole JSON document")
      return reader.finish(issues: [issue], into: &sink)
    }
    return reader.finish(issues: [], into: &sink)
  }
}

extension CodexPlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    // What is learned in the home folder holds everywhere.
    ContextFileSet(context: (project == environment.home ? home(in: environment) : project) + "/AGENTS.md")
  }
}
