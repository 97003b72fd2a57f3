public import SessionModel

/// OpenCode: a SQLite database; before it one JSON file for each session, message and part; and exported sessions.
///
/// In a database and in the older storage a location counts the parts of the session instead of lines.
public struct OpenCodePlugin: AgentPlugin {
  public let name = "opencode"
  public let displayName = "OpenCode"
  public let places = [LogPlace("XDG_DATA_HOME", or: ".local/share", part: "opencode")]
  public let sources: [FormatSource] = [.sourceCode, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let home = home(in: environment)
    var found = Discovery()
    var listing = FolderListing()
    for path in Self.databases(in: home, environment, &listing) { add(path, to: &found) }
    let known = Set(found.files.compactMap(\.session))
    for file in OpenCodeStorage.sessions(in: home, &listing) where !known.contains(String(file.name.dropLast(5))) {
      found.files.append(LogFile(path: file.path, size: file.size, group: file.path))
    }
    if listing.exists(home) {
      // Beside them lie files with keys and tokens: only what an export is called is opened.
      for name in listing.fileNames(in: home, where: { $0.hasPrefix("ses") && $0.hasSuffix(".json") }) {
        let path = home + "/" + name
        found.files.append(LogFile(path: path, size: listing.size(of: path), group: path))
      }
    }
    found.issues += listing.issues
    return found
  }

  private static func databases(
    in home: String, _ environment: AgentEnvironment, _ listing: inout FolderListing
  ) -> [String] {
    if let named = environment["OPENCODE_DB"] {
      let path = PathText.resolved(named, in: home)
      return listing.exists(path) ? [path] : []
    }
    guard listing.exists(home) else { return [] }
    return listing.fileNames(in: home, where: { $0.hasPrefix("opencode") && $0.hasSuffix(".db") }).map {
      home + "/" + $0
    }
  }

  /// Adds one log for each session of a database.
  private func add(_ path: String, to found: inout Discovery) {
    LogDatabase.discover(path, into: &found) { database, copy throws(ReadError) in
      try OpenCodeDatabase(database: database).sessions().map { session in
        LogFile(
          path: path, session: session.id, copy: copy, size: session.parts * Self.typicalPartSize,
          isSubagent: session.parentID != nil, projectHint: session.directory.isEmpty ? nil : session.directory,
          group: path + "#" + session.id)
      }
    }
  }

  /// Sizes only order the work; adding up the real ones would read the whole database.
  private static let typicalPartSize = 3000

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var reader = OpenCodeReader(file: file)
    if let session = file.session {
      return try readDatabase(file, session: session, &reader, into: &sink)
    }
    if file.path.contains("/storage/session/") { return try OpenCodeStorage.read(file, &reader, into: &sink) }
    return try readExport(file, &reader, into: &sink)
  }

  private func readDatabase(
    _ file: LogFile, session: String, _ reader: inout OpenCodeReader, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    let database = OpenCodeDatabase(database: try LogDatabase(path: file.copy ?? file.path))
    guard let info = try database.session(session) else {
      throw ReadError(path: file.path, reason: "a session is gone")
    }
    reader.begin(id: info.id, parentID: info.parentID, directory: info.directory)
    var issues: [LogIssue] = []
    var line = 0
    try database.forEachMessage(
      of: session, { id, data in JSONSlice.read(data) { message, _ -> Void? in reader.message(message, id: id) } },
      part: { message, data in
        line += 1
        let isRead: Void? = JSONSlice.read(data) { part, _ -> Void? in
          reader.part(part, message: message, line: line, into: &sink)
        }
        guard isRead == nil else { return }
        let reason = "this part is not JSON; it was left out"
        issues.append(LogIssue(.malformedLine, at: LogLocation(file: file.path, line: line), reason: reason))
      })
    return reader.finish(issues: issues)
  }

  /// `opencode export`: `{"info":…,"messages":[{"info":…,"parts":[…]}]}`.
  private func readExport(
    _ file: LogFile, _ reader: inout OpenCodeReader, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    let bytes = try LogBytes.whole(file.path)
    let isWhole = unsafe bytes.withUnsafeBufferPointer { buffer in
      var position = 0
      guard let document = unsafe JSONSlice(in: buffer, at: &position), document.kind == .object else { return false }
      if let info = document["info"] { reader.begin(info) }
      var lines = unsafe LineCounter(buffer)
      document["messages"]?.forEachElement { message in
        guard let info = message["info"], let id = info["id"]?.string(limit: 256) else { return }
        reader.message(info, id: id)
        message["parts"]?.forEachElement { part in
          reader.part(part, message: id, line: lines.line(of: part), into: &sink)
        }
      }
      return true
    }
    guard isWhole || !bytes.contains(where: { $0 > 32 }) else {
      let location = LogLocation(file: file.path, line: 1)
      return reader.finish(issues: [LogIssue(.tornLine, at: location, reason: "this is not a whole JSON document")])
    }
    return reader.finish(issues: [])
  }
}

extension OpenCodePlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    // What is learned in the home folder holds everywhere.
    guard project == environment.home else { return ContextFileSet(context: project + "/AGENTS.md") }
    let configuration = environment["XDG_CONFIG_HOME"] ?? environment.home + "/.config"
    return ContextFileSet(context: (environment["OPENCODE_CONFIG_DIR"] ?? configuration + "/opencode") + "/AGENTS.md")
  }
}
