public import SessionModel
internal import Synchronization

/// An agent that a program `headroom-agent-NAME` reads. `describe` tells where its logs are, and `read LOG` prints one of
/// them in the session format.
public struct ExternalPlugin: AgentPlugin {
  public let name: String
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.plugin]
  public let readsNamedLogs = false

  let program: String
  private let description = Answer()

  /// What the program answered; asked for once.
  private final class Answer: Sendable {
    let value = Mutex<ExternalDescription?>(nil)
  }

  init(name: String, program: String) {
    self.name = name
    self.program = program
  }

  public var displayName: String { known?.displayName ?? name }

  public func home(in environment: AgentEnvironment) -> String { known?.home ?? program }

  private var known: ExternalDescription? { description.value.withLock { $0 } }

  public func discover(in environment: AgentEnvironment) -> Discovery {
    if let folder = ExternalAgents.project(holding: program, in: environment) {
      return Discovery(issues: [issue("it lies in the project \(folder), and was not run")])
    }
    do throws(ReadError) {
      var answer = try describe(in: environment)
      answer.environment = environment
      description.value.withLock { $0 = answer }
      let files = answer.logs.map { log in
        LogFile(path: log, size: 0, group: log)
      }
      return Discovery(files: files)
    } catch {
      return Discovery(issues: [issue(error.reason)])
    }
  }

  private func issue(_ reason: String) -> LogIssue {
    LogIssue(.pluginFailure, at: LogLocation(file: program, line: 0), reason: reason)
  }

  private func describe(in environment: AgentEnvironment) throws(ReadError) -> ExternalDescription {
    var answer: [UInt8] = []
    let run = ExternalAgents.run(program, ["describe"], limit: 8 << 20, in: environment)
    let fault = unsafe try run.run { piece throws(ReadError) in unsafe answer.append(contentsOf: piece) }
    if let fault { throw ReadError(path: program, reason: "`describe`: \(fault)") }
    guard let read = JSONSlice.read(answer, { value, _ in ExternalDescription(value, name: name) }) else {
      throw ReadError(path: program, reason: "`describe` did not answer with a JSON object")
    }
    guard read.version == SessionRecord.version else {
      throw ReadError(
        path: program, reason: "`describe` answered with version \(read.version), and not \(SessionRecord.version)")
    }
    return read
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    let copy = try Self.temporaryCopy(for: file)
    let spool = copy.folder + "/session"
    let target = try SpoolFile(path: spool)
    let run = ExternalAgents.run(
      program, ["read", file.path], limit: 256 << 20,
      in: known?.environment ?? AgentEnvironment(variables: [:], home: ""))
    let fault = unsafe try run.run { piece throws(ReadError) in unsafe try target.append(piece) }
    var reader = JSONLReader(file: file)
    var records = try RecordReader(
      LogFile(path: file.path, copy: spool, size: 0, group: ""), starts: JSONLPlugin.starts, field: "type")
    while let record = try records.next() {
      if reader.hasBegun, JSONLReader.isSession(record.slice) {
        reader.report(record.line, "the plugin printed a second session; it was left out")
        break
      }
      try reader.handle(record.slice, line: record.line, into: &sink)
    }
    // What it printed before it failed is as good as a log that is cut off.
    let faults = fault.map {
      [LogIssue(.pluginFailure, at: LogLocation(file: file.path, line: 0), reason: "\(program): \($0)")]
    }
    return withExtendedLifetime(copy) { reader.finish(issues: records.issues + (faults ?? [])) }
  }

  private static func temporaryCopy(for file: LogFile) throws(ReadError) -> TemporaryCopy {
    do {
      return try TemporaryCopy()
    } catch {
      throw ReadError(path: file.path, reason: "there is no folder for what its plugin prints; check TMPDIR")
    }
  }

  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    ContextFileSet(context: project + "/" + (known?.contextFile ?? "AGENTS.md"))
  }
}

/// What `describe` answers.
struct ExternalDescription: Sendable {
  var version: Int
  var displayName: String
  var home: String?
  var logs: [String]
  /// The name of a file in the project.
  var contextFile: String?
  /// What the program was called with.
  var environment = AgentEnvironment(variables: [:], home: "")

  init?(_ answer: JSONSlice, name: String) {
    guard answer.kind == .object else { return nil }
    version = answer["version"]?.int ?? 0
    displayName = answer["display_name"]?.string(limit: 256) ?? name
    home = answer["home"]?.string(limit: 4096)
    var logs: [String] = []
    answer["logs"]?.forEachElement { log in if let log = log.string(limit: 4096) { logs.append(log) } }
    self.logs = logs
    // A plugin may name the file, but not a place elsewhere.
    contextFile = answer["context_file"]?.string(limit: 256).flatMap { file in
      file.contains("/") || file.hasPrefix(".") || !file.hasSuffix(".md") ? nil : file
    }
  }
}
