public import SessionModel

/// Cline: the folders of its tasks in the storage of an editor, and `data/sessions/<session>/` of the command line.
public struct ClinePlugin: AgentPlugin {
  public let name = "cline"
  public let displayName = "Cline"
  public let places = [LogPlace("CLINE_DIR", or: ".cline")] + EditorTasks.places(of: "saoudrizwan.claude-dev")
  public let sources: [FormatSource] = [.sourceCode, .inference]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var listing = FolderListing()
    var files: [LogFile] = []
    for place in places.dropFirst() {
      let storage = place.folder(in: environment)
      let folders = Self.folders(in: storage + "/state/taskHistory.json")
      files += EditorTasks.discover(in: storage, &listing) { id, _ in folders[id] }
    }
    let sessions = home(in: environment) + "/data/sessions"
    for id in listing.exists(sessions) ? listing.folders(in: sessions) : [] {
      let path = "\(sessions)/\(id)/\(id).messages.json"
      guard listing.exists(path) else { continue }
      let folder = EditorTasks.field("\(sessions)/\(id)/\(id).json") { $0["cwd"]?.string(limit: 4096) }
      files.append(LogFile(path: path, size: listing.size(of: path), projectHint: folder, group: sessions + "/" + id))
    }
    return Discovery(files: files, issues: listing.issues)
  }

  /// The working directories of the tasks by their ids.
  private static func folders(in history: String) -> [String: String] {
    EditorTasks.field(history) { document in
      var folders: [String: String] = [:]
      document.forEachElement { task in
        let folder = task["cwdOnTaskInitialization"] ?? task["cwd"]
        if let id = task["id"]?.string(limit: 256) { folders[id] = folder?.string(limit: 4096) }
      }
      return folders
    } ?? [:]
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    try EditorTasks.read(file, into: &sink) { text, raw, tool in
      let status = tool == .shell ? EditorTasks.number(after: "[Command completed with exit code ", in: text) : nil
      return CallEnding(raw, outcome: Self.outcome(of: text), exitStatus: status, text: text)
    }
  }

  private static func outcome(of text: String) -> Outcome {
    if text.hasPrefix("The user denied this operation.") { return .rejected }
    let head = text.prefix(600)
    if blocks.contains(where: { head.contains($0) }) { return .blocked }
    if failures.contains(where: { head.contains($0) }) { return .failed }
    return saysFailure(text) ? .failed : .succeeded
  }

  private static let blocks = [
    "is blocked by the .clineignore file settings.", "Command execution blocked by CLINE_COMMAND_PERMISSIONS:",
  ]

  private static let failures = [
    "The tool execution failed with the following error:", "Missing value for required parameter '",
    "The 'content' parameter was empty.",
  ]

  /// The newer program answers in JSON: `{"success":false,…}`, or a list of such answers.
  private static func saysFailure(_ text: String) -> Bool {
    guard text.hasPrefix("{") || text.hasPrefix("[") else { return false }
    return JSONSlice.read(Array(text.utf8)) { answer, _ in
      var hasFailed = answer["success"]?.bool == false
      answer.forEachElement { if $0["success"]?.bool == false { hasFailed = true } }
      return hasFailed
    } ?? false
  }
}
