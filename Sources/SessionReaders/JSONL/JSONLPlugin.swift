public import SessionModel

/// The session format: what `headroom sessions` writes, and anyone else may. A file may hold many sessions.
public struct JSONLPlugin: AgentPlugin {
  public let name = "jsonl"
  public let displayName = "Session format"
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.documentation]

  static let starts: [StaticString] = ["{\"type\":"]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    var found = NamedLogs.discover(in: environment, suffixes: [".jsonl"])
    found.files = found.files.flatMap { Self.sessions(in: $0) }
    return found
  }

  /// One log for each session, told by where it starts. A file that cannot be read is left to the reader, which says
  /// why.
  private static func sessions(in file: LogFile) -> [LogFile] {
    // In a packed file there is no place to start at.
    guard !file.path.hasSuffix(".zst") else { return [file] }
    var found: [LogFile] = []
    do throws(ReadError) {
      var records = try RecordReader(file, starts: starts, field: "type")
      while let record = try records.next() {
        guard JSONLReader.isSession(record.slice) else { continue }
        var session = file
        // What stands before the first session is reported with it.
        let start = found.isEmpty ? LineStart() : records.lineStart
        session.session = "\(start.offset) \(start.line)"
        session.isSubagent = record.slice["subagent"]?.bool ?? false
        session.projectHint = record.slice["project"]?.string(limit: 4096) ?? file.projectHint
        session.group = "\(file.group)#\(start.offset)"
        found.append(session)
      }
    } catch { return [file] }
    return found.isEmpty ? [file] : found
  }

  private static func start(of file: LogFile) -> LineStart {
    let numbers = (file.session ?? "").split(separator: " ").compactMap { Int($0) }
    return numbers.count == 2 ? LineStart(offset: numbers[0], line: numbers[1]) : LineStart()
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var reader = JSONLReader(file: file)
    var records = try RecordReader(file, starts: Self.starts, field: "type", from: Self.start(of: file))
    while let record = try records.next() {
      if reader.hasBegun, JSONLReader.isSession(record.slice) { break }
      try reader.handle(record.slice, line: record.line, into: &sink)
    }
    return reader.finish(issues: records.issues)
  }
}
