public import SessionModel

/// Gemini CLI: one JSON document or one JSONL file a session, below `.gemini/tmp/<project>/chats/`.
public struct GeminiPlugin: AgentPlugin {
  public let name = "gemini"
  public let pack = "gemini-cli"
  public let displayName = "Gemini CLI"
  public let places = [LogPlace("GEMINI_CLI_HOME", or: "", part: ".gemini")]
  public let sources: [FormatSource] = [.sourceCode, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let home = home(in: environment)
    var listing = FolderListing()
    guard listing.exists(home + "/tmp") else { return Discovery() }
    let projects = Self.projects(of: home)
    var files: [LogFile] = []
    for project in listing.folders(in: home + "/tmp") {
      let group = home + "/tmp/" + project
      let chats = group + "/chats"
      guard listing.exists(chats) else { continue }
      let hint = Self.folder(of: project, group: group, projects, environment)
      for file in listing.files(below: chats, where: { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") }) {
        let isSubagent = Self.parent(of: file.path, group: group) != nil
        files.append(
          LogFile(path: file.path, size: file.size, isSubagent: isSubagent, projectHint: hint, group: group))
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  /// A folder below `chats` has the name of the session that started the subagents in it.
  static func parent(of path: String, group: String) -> String? {
    path.dropFirst(group.count + "/chats/".count).split(separator: "/").dropLast().first.map(String.init)
  }

  /// The paths of the projects by their short names.
  private static func projects(of home: String) -> [String: String] {
    guard let bytes = try? LogBytes.whole(home + "/projects.json", limit: 16 << 20) else { return [:] }
    return JSONSlice.read(bytes) { document, _ in
      var projects: [String: String] = [:]
      if let named = document["projects"] {
        for (path, name) in named.members {
          if let path = path.string, let name = name.string { projects[name] = path }
        }
      }
      return projects
    } ?? [:]
  }

  private static func folder(
    of project: String, group: String, _ projects: [String: String], _ environment: AgentEnvironment
  ) -> String? {
    if let bytes = try? LogBytes.whole(group + "/.project_root", limit: 64 << 10) {
      let root = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
      if let root, !root.isEmpty { return root }
    }
    if let path = projects[project] { return path }
    guard GeminiProject.isDigest(project) else { return nil }
    return GeminiProject.folder(withDigest: project, among: environment.knownFolders + projects.values.sorted())
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var reader = GeminiReader(file: file)
    guard file.path.hasSuffix(".json") else {
      var records = try RecordReader(path: file.path, starts: ["{\"id\":"], field: "content")
      while let record = try records.next() { reader.handle(record.slice, line: record.line) }
      return reader.finish(issues: records.issues, into: &sink)
    }
    let bytes = try LogBytes.whole(file.path)
    let issues = unsafe bytes.withUnsafeBufferPointer { unsafe Self.document($0, file, &reader) }
    return reader.finish(issues: issues, into: &sink)
  }

  /// The older form: one document. Its messages are read one by one, so that a document which was cut off still gives
  /// those before the cut.
  private static func document(
    _ bytes: UnsafeBufferPointer<UInt8>, _ file: LogFile, _ reader: inout GeminiReader
  ) -> [LogIssue] {
    var lines = unsafe LineCounter(bytes)
    var position = 0
    let document = unsafe JSONSlice(in: bytes, at: &position)
    if let document, document.kind == .object {
      reader.metadata(document)
      document["messages"]?.forEachElement { message in
        reader.message(message, line: lines.line(of: message)) { lines.line(of: $0) }
      }
      return []
    }
    guard unsafe bytes.contains(where: { $0 > 32 }) else { return [] }
    if let list = unsafe bytes.firstRange(of: "\"messages\"") {
      position = list + 10
      while position < bytes.count, unsafe bytes[position] != UInt8(ascii: "[") { position += 1 }
      repeat { position += 1 } while unsafe position < bytes.count && Self.isBetween(bytes[position])
      while position < bytes.count, let message = unsafe JSONSlice(in: bytes, at: &position) {
        reader.message(message, line: lines.line(of: message)) { lines.line(of: $0) }
        while position < bytes.count, unsafe Self.isBetween(bytes[position]) { position += 1 }
      }
    }
    let isCut = unsafe bytes.first { $0 > 32 } == UInt8(ascii: "{")
    return [
      LogIssue(
        isCut ? .tornLine : .malformedLine, at: LogLocation(file: file.path, line: 1),
        reason: isCut ? "the document is cut off" : "this is not a JSON document")
    ]
  }

  private static func isBetween(_ byte: UInt8) -> Bool { byte <= 32 || byte == UInt8(ascii: ",") }
}

extension GeminiPlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    // What is learned in the home folder holds everywhere.
    ContextFileSet(context: (project == environment.home ? home(in: environment) : project) + "/GEMINI.md")
  }
}
