public import SessionModel

/// Roo Code, a fork of Cline: the folders of its tasks in the storage of an editor.
public struct RooPlugin: AgentPlugin {
  public let name = "roo"
  public let displayName = "Roo Code"
  public let places = EditorTasks.places(of: "rooveterinaryinc.roo-cline")
  public let sources: [FormatSource] = [.sourceCode]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var listing = FolderListing()
    var files: [LogFile] = []
    for place in places {
      files += EditorTasks.discover(in: place.folder(in: environment), &listing) { _, task in
        EditorTasks.field(task + "/history_item.json") { $0["workspace"]?.string(limit: 4096) }
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    try EditorTasks.read(file, into: &sink) { text, raw, tool in
      let status = tool == .shell ? EditorTasks.number(after: "Exit code: ", in: text) : nil
      return CallEnding(raw, outcome: Self.outcome(of: text), exitStatus: status, text: text)
    }
  }

  /// What went wrong is said in JSON: `{"status":"error",…}` or `{"status":"denied",…}`.
  private static func outcome(of text: String) -> Outcome {
    let head = text.prefix(600)
    if head.contains("Access blocked by .rooignore") { return .blocked }
    if head.contains("Command execution timed out after ") { return .failed }
    guard text.hasPrefix("{") else { return .succeeded }
    switch JSONSlice.read(Array(text.utf8), { answer, _ in answer["status"]?.string(limit: 64) }) {
    case "error": return .failed
    case "denied": return .rejected
    default: return .succeeded
    }
  }
}
