public import SessionModel

/// Goose: the database `sessions/sessions.db`, and before it one `sessions/<session>.jsonl` for each.
public struct GoosePlugin: AgentPlugin {
  public let name = "goose"
  public let displayName = "Goose"
  public let places = [LogPlace("GOOSE_PATH_ROOT", or: ".local/share/goose")]
  public let sources: [FormatSource] = [.sourceCode]

  public init() {}

  /// Below a root that is named, the data are a folder of their own.
  public func home(in environment: AgentEnvironment) -> String {
    places[0].folder(in: environment) + (environment["GOOSE_PATH_ROOT"] == nil ? "" : "/data")
  }

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let sessions = home(in: environment) + "/sessions"
    var found = Discovery()
    var listing = FolderListing()
    guard listing.exists(sessions) else { return found }
    let database = sessions + "/sessions.db"
    if listing.exists(database) {
      let size = listing.size(of: database)
      LogDatabase.discover(database, into: &found) { opened, copy throws(ReadError) in
        var files: [LogFile] = []
        try opened.forEachRow("SELECT * FROM sessions ORDER BY id") { row in
          guard let id = row.text("id") else { return }
          files.append(
            LogFile(
              path: database, session: id, copy: copy, size: size, isSubagent: row.text("session_type") == "sub_agent",
              projectHint: row.text("working_dir"), group: database + "#" + id))
        }
        return files
      }
    }
    // Their sessions were moved into the database when there came to be one.
    let known = Set(found.files.compactMap(\.session))
    for file in listing.files(below: sessions, where: { $0.hasSuffix(".jsonl") })
    where !known.contains(String(file.name.dropLast(6))) {
      found.files.append(LogFile(path: file.path, size: file.size, group: file.path))
    }
    found.issues += listing.issues
    return found
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    if let id = file.session { return try readDatabase(file, id: id, into: &sink) }
    var session = SessionAssembler(file: file)
    session.begin(id: String(PathText.name(of: file.path).dropLast(6)))
    var records = try RecordReader(file, starts: ["{\"role\":", "{\"id\":"], field: "content")
    while let record = try records.next() {
      let time = Timestamp.iso(record.slice["created"])
      // The first line is about the session.
      session.begin(folder: record.slice["working_dir"]?.string(limit: 4096), time: time)
      guard let content = record.slice["content"] else { continue }
      let isUser = record.slice["role"]?.equals("user") == true
      Self.content(content, isUser: isUser, line: record.line, time: time, &session, into: &sink)
    }
    return session.finish(issues: records.issues)
  }

  private func readDatabase(
    _ file: LogFile, id: String, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    session.begin(id: id, folder: file.projectHint)
    var issues: [LogIssue] = []
    var line = 0
    let question = """
      SELECT role, CAST(content_json AS BLOB) AS content, created_timestamp FROM messages
      WHERE session_id = ? ORDER BY id
      """
    try LogDatabase(path: file.copy ?? file.path).forEachRow(question, [id]) { row in
      line += 1
      let time = row.int("created_timestamp").map { Timestamp.iso($0) } ?? ""
      let isRead: Bool? = JSONSlice.read(row.bytes("content")) { content, _ in
        guard content.kind == .array else { return nil }
        Self.content(content, isUser: row.text("role") == "user", line: line, time: time, &session, into: &sink)
        return true
      }
      guard isRead == nil else { return }
      let reason = "this message is not JSON; it was left out"
      issues.append(LogIssue(.malformedLine, at: LogLocation(file: file.path, line: line), reason: reason))
    }
    return session.finish(issues: issues)
  }

  private static func content(
    _ content: JSONSlice, isUser: Bool, line: Int, time: String, _ session: inout SessionAssembler,
    into sink: inout some SessionSink
  ) {
    content.forEachElement { part in
      let id = part["id"]?.string(limit: 256)
      switch part["type"]?.string(limit: 64) {
      case "toolRequest":
        let call = part["toolCall"]?["value"]
        let name = call?["name"]?.string(limit: 256) ?? ""
        // Tools of extensions are named `extension__tool`.
        let kind = ToolNames.kind(of: name)
        session.call(
          id, name: name, tool: kind == .other && name.range(of: "__") != nil ? .mcp : kind,
          arguments: call?["arguments"], line: line, time: time)
      case "toolResponse":
        session.result(of: id, line: line, time: time, into: &sink) { tool in ending(part["toolResult"], tool) }
      case "text" where isUser:
        session.message(part["text"]?.string(limit: 64 << 10), line: line, time: time, into: &sink)
      default: break
      }
    }
  }

  /// A failure stands in one of two places: the call did not come about, or the tool says that it failed.
  private static func ending(_ result: JSONSlice?, _ tool: ToolKind) -> CallEnding {
    if result?["status"]?.equals("error") == true {
      return CallEnding(result?["error"]?.contentText() ?? [], outcome: .failed)
    }
    // Older versions had the content alone.
    let value = result?["value"]
    let raw = (value?["content"] ?? value)?.contentText() ?? []
    let text = OutputText.clean(raw)
    let hasFailed = value?["isError"]?.bool == true
    var status = value?["structuredContent"]?["exit_code"]?.int
    if hasFailed, tool == .shell, status == nil, let mark = text.range(of: "Command exited with code ", last: true) {
      status = Int(text[mark.upperBound...].prefix { $0.isNumber || $0 == "-" })
    }
    return CallEnding(raw, outcome: hasFailed ? .failed : .succeeded, exitStatus: status, text: text)
  }
}
