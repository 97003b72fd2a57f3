public import SessionModel

/// Crush: a database in each project, `.crush/crush.db`, and a list of the projects in its home.
public struct CrushPlugin: AgentPlugin {
  public let name = "crush"
  public let displayName = "Crush"
  public let places = [LogPlace(or: ".local/share/crush")]
  public let sources: [FormatSource] = [.sourceCode, .inference]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var found = Discovery()
    let listing = FolderListing()
    var seen: Set<String> = []
    let listed = Self.projects(in: home(in: environment))
    for (project, folder) in listed + environment.knownFolders.map({ ($0, nil) }) {
      let path = (folder ?? project + "/.crush") + "/crush.db"
      guard seen.insert(path).inserted, listing.exists(path) else { continue }
      let size = listing.size(of: path)
      LogDatabase.discover(path, into: &found) { database, copy throws(ReadError) in
        var files: [LogFile] = []
        try database.forEachRow("SELECT * FROM sessions ORDER BY id") { row in
          guard let id = row.text("id") else { return }
          files.append(
            LogFile(
              path: path, session: id, copy: copy, size: size, isSubagent: row.text("parent_session_id") != nil,
              projectHint: project, group: path))
        }
        return files
      }
    }
    return found
  }

  /// The projects on the list, with the folder of their database where it is not the usual one.
  private static func projects(in home: String) -> [(path: String, folder: String?)] {
    guard let bytes = try? LogBytes.whole(home + "/projects.json", limit: 16 << 20) else { return [] }
    return JSONSlice.read(bytes) { document, _ in
      var projects: [(path: String, folder: String?)] = []
      (document["projects"] ?? document).forEachElement { project in
        guard let path = (project["path"] ?? project).string(limit: 4096) else { return }
        projects.append((path, project["data_dir"]?.string(limit: 4096).map { PathText.resolved($0, in: path) }))
      }
      return projects
    } ?? []
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    let id = file.session ?? ""
    let database = try LogDatabase(path: file.copy ?? file.path)
    var parent: String?
    try database.forEachRow("SELECT * FROM sessions WHERE id = ?", [id]) { parent = $0.text("parent_session_id") }
    session.begin(id: id, parentID: parent, folder: file.projectHint)
    var issues: [LogIssue] = []
    var line = 0
    let question = """
      SELECT role, CAST(parts AS BLOB) AS parts, created_at FROM messages
      WHERE session_id = ? ORDER BY created_at, rowid
      """
    try database.forEachRow(question, [id]) { row in
      line += 1
      let time = row.int("created_at").map { Timestamp.iso($0) } ?? ""
      let isUser = row.text("role") == "user"
      let isRead: Bool? = JSONSlice.read(row.bytes("parts")) { parts, _ in
        guard parts.kind == .array else { return nil }
        parts.forEachElement { Self.part($0, isUser: isUser, line: line, time: time, &session, into: &sink) }
        return true
      }
      guard isRead == nil else { return }
      let reason = "this message is not JSON; it was left out"
      issues.append(LogIssue(.malformedLine, at: LogLocation(file: file.path, line: line), reason: reason))
    }
    return session.finish(issues: issues)
  }

  private static func part(
    _ part: JSONSlice, isUser: Bool, line: Int, time: String, _ session: inout SessionAssembler,
    into sink: inout some SessionSink
  ) {
    guard let data = part["data"] else { return }
    switch part["type"]?.string(limit: 64) {
    case "tool_call":
      session.call(
        data["id"]?.string(limit: 256), name: data["name"]?.string(limit: 256) ?? "", arguments: data["input"],
        line: line, time: time)
    case "tool_result":
      session.result(of: data["tool_call_id"]?.string(limit: 256), line: line, time: time, into: &sink) { tool in
        ending(data, tool)
      }
    case "text" where isUser:
      session.message(data["text"]?.string(limit: 64 << 10), line: line, time: time, into: &sink)
    default: break
    }
  }

  private static func ending(_ data: JSONSlice, _ tool: ToolKind) -> CallEnding {
    let raw = data["content"]?.contentText() ?? []
    let text = OutputText.clean(raw)
    if text.hasPrefix("User denied permission") { return CallEnding(raw, outcome: .rejected, text: text) }
    let outcome = data["is_error"]?.bool == true ? Outcome.failed : .succeeded
    guard tool == .shell else { return CallEnding(raw, outcome: outcome, text: text) }
    // A command that failed is no error to the agent: its status is the last line.
    guard let mark = text.range(of: "Exit code ", last: true),
      text[..<mark.lowerBound].last?.isNewline ?? true,
      let status = Int(text[mark.upperBound...].filter { !$0.isWhitespace })
    else { return CallEnding(raw, outcome: outcome, exitStatus: outcome == .succeeded ? 0 : nil, text: text) }
    var printed = text[..<mark.lowerBound]
    while printed.last?.isNewline == true { printed.removeLast() }
    return CallEnding(raw, outcome: outcome, exitStatus: status, text: String(printed))
  }
}

extension CrushPlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    ContextFileSet(context: project + "/CRUSH.md")
  }
}
