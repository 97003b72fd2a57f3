public import SessionModel

/// Claude Code: JSONL files below `projects/` of its configuration folder.
public struct ClaudePlugin: AgentPlugin {
  public let name = "claude"
  public let pack = "claude-code"
  public let displayName = "Claude Code"
  public let places = [LogPlace("CLAUDE_CONFIG_DIR", or: ".claude")]
  public let sources: [FormatSource] = [.documentation, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let projects = home(in: environment) + "/projects"
    var listing = FolderListing()
    guard listing.exists(projects) else { return Discovery() }
    var files: [LogFile] = []
    var decoder = ClaudeFolderDecoder()
    for project in listing.folders(in: projects) {
      let group = projects + "/" + project
      let hint = decoder.folder(named: project)
      for file in listing.files(below: group, skipping: Self.notSessions, where: { $0.hasSuffix(".jsonl") }) {
        let below = Substring(file.path.utf8.dropFirst(group.utf8.count))
        let isSubagent = below.holds("/subagents/") || file.name.hasPrefix("agent-")
        files.append(
          LogFile(
            path: file.path, size: file.size, isSubagent: isSubagent, projectHint: hint, group: group))
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  /// Folders beside the sessions that hold other things: memory files and outputs too large for a line.
  private static let notSessions: Set<String> = ["memory", "tool-results"]

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    try read(file, after: nil, into: &sink)
  }

  public func read(
    _ file: LogFile, after point: ReadingPoint?, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    var reader = ClaudeReader(file: file)
    return try reader.read(
      file, starts: ["{\"parentUuid\":", "{\"type\":", "{\"sessionId\":"], field: "sessionId", after: point, into: &sink
    )
  }
}

extension ClaudePlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    let home = home(in: environment)
    let memory = "\(home)/projects/\(ClaudeFolderName.folder(of: project, in: home + "/projects"))/memory/MEMORY.md"
    // What is learned in the home folder holds everywhere.
    if project == environment.home { return ContextFileSet(context: home + "/CLAUDE.md", memory: memory) }
    return ContextFileSet(context: project + "/CLAUDE.md", personal: project + "/CLAUDE.local.md", memory: memory)
  }
}

/// The names of the folders below `projects/`: the path of the project with every character but ASCII letters and
/// digits made a dash, which cannot be undone without looking at the disk. Long ones are cut and end in a hash.
enum ClaudeFolderName {
  private static let longest = 200

  /// Characters of two UTF-16 units make two dashes.
  static func encoded(_ path: String) -> String {
    String(
      decoding: path.utf16.map { unit in
        UInt8(exactly: unit).flatMap { Unicode.Scalar($0).isASCIIAlphanumeric ? $0 : nil } ?? UInt8(ascii: "-")
      }, as: UTF8.self)
  }

  /// The name of the folder that a project has, or would get.
  ///
  /// Versions of the agent hash differently, so a cut name is first looked for among the folders that exist.
  static func folder(of project: String, in projects: String) -> String {
    let name = encoded(project)
    guard name.utf8.count > longest else { return name }
    let cut = String(name.prefix(longest)) + "-"
    let hashed = cut + String(hash(of: project), radix: 36)
    var listing = FolderListing()
    guard listing.exists(projects) else { return hashed }
    let found = listing.folders(in: projects).filter { $0.hasPrefix(cut) }
    return found.contains(hashed) ? hashed : found.first ?? hashed
  }

  /// The hash of strings that is customary in JavaScript: 31 times the hash so far and the next UTF-16 unit, in 32 bits.
  private static func hash(of text: String) -> UInt32 {
    text.utf16.reduce(Int32(0)) { $0 &* 31 &+ Int32($1) }.magnitude
  }
}

/// Undoes the names of the folders below `projects/`, as far as the disk helps.
struct ClaudeFolderDecoder {
  /// The folders that were looked into, with the names of those in them and what these are encoded to: longest first.
  private var known: [String: [(name: String, encoded: String)]] = [:]

  /// The existing folder with that name, found by walking down from the root and taking the longest match at each step;
  /// nil when there is none.
  mutating func folder(named name: String) -> String? {
    guard name.hasPrefix("-") else { return nil }
    return descend(from: "", rest: name.utf8.dropFirst(), depth: 0)
  }

  private mutating func descend(from folder: String, rest: Substring.UTF8View, depth: Int) -> String? {
    if rest.isEmpty { return folder.isEmpty ? "/" : folder }
    guard depth < 64 else { return nil }
    for candidate in folders(in: folder) where rest.starts(with: candidate.encoded.utf8) {
      let below = rest.dropFirst(candidate.encoded.utf8.count)
      guard below.isEmpty || below.first == UInt8(ascii: "-") else { continue }
      // One dash is the slash; a second one belongs to a name such as `.config`.
      let found = descend(from: folder + "/" + candidate.name, rest: below.dropFirst(), depth: depth + 1)
      if let found { return found }
    }
    return nil
  }

  private mutating func folders(in folder: String) -> [(name: String, encoded: String)] {
    if let folders = known[folder] { return folders }
    var listing = FolderListing()
    let folders = listing.folders(in: folder.isEmpty ? "/" : folder)
      .map { (name: $0, encoded: ClaudeFolderName.encoded($0)) }
      .sorted { ($1.encoded.count, $0.name) < ($0.encoded.count, $1.name) }
    known[folder] = folders
    return folders
  }
}

extension Unicode.Scalar {
  fileprivate var isASCIIAlphanumeric: Bool {
    (48...57).contains(value) || (65...90).contains(value) || (97...122).contains(value)
  }
}
