internal import RuleEngine
public import SessionModel
public import SessionReaders

/// Writes sessions of any agent in the session format.
public struct SessionExport: Sendable {
  private let world: World

  public init(world: World) { self.world = world }

  /// Hands on the lines of the selected sessions, with what is secret in them masked.
  /// - Returns: How many log files there were before the selection, and what could not be read.
  public func export(
    _ selection: Selection, _ line: (SessionRecord) throws -> Void
  ) throws -> (files: Int, issues: [LogIssue]) {
    var issues: [LogIssue] = []
    var count = 0
    for plugin in world.plugins(for: selection) {
      let found = selection.monitor.time(.discover) { plugin.discover(in: world.environment(for: selection)) }
      issues += found.issues
      count += found.files.count
      // Which project a log belongs to is known when all are read; then they are read again.
      var logs: [(file: LogFile, session: SessionInfo)] = []
      let wanted = found.files.filter { !(selection.mainOnly && $0.isSubagent) }
      selection.monitor?.expect(wanted)
      for file in wanted {
        defer { selection.monitor?.finished(file) }
        do throws(ReadError) {
          let session = try selection.monitor.time(.read) { () throws(ReadError) in
            var nothing = NoSink()
            return try plugin.read(file, into: &nothing).session
          }
          logs.append((file, session))
        } catch {
          issues.append(LogIssue(.unreadableFile, at: LogLocation(file: file.path, line: 0), reason: error.reason))
        }
      }
      var finder = ProjectFinder(logs, world: world)
      for (file, session) in logs where selection.includes(file, session) {
        let project = finder.project(of: file, session)
        guard selection.project.map({ $0 == project }) ?? true else { continue }
        var events = EventSink()
        guard let summary = try? plugin.read(file, into: &events) else { continue }
        try Self.write(summary, events.events, of: file, agent: plugin.name, project: project, selection, line)
      }
      withExtendedLifetime(found.copies) {}
    }
    return (count, issues)
  }

  private static func write(
    _ summary: FileSummary, _ events: [SessionEvent], of file: LogFile, agent: String, project: String,
    _ selection: Selection, _ line: (SessionRecord) throws -> Void
  ) throws {
    let mask = SecretMask()
    func isWanted(_ call: ToolCall) -> Bool { !(selection.mainOnly && call.isSidechain) }
    let places = events.first.map { [$0.location] } ?? (summary.looseResults + summary.openCalls).map(\.location)
    let source = (places + summary.issues.map(\.location)).first?.file ?? file.path
    try line(.session(summary.session, of: file, source: source, agent: agent, project: project))
    for event in events {
      switch event {
      case .call(let call): if isWanted(call) { try line(.call(mask.masked(call))) }
      case .message(let message): try line(.message(mask.masked(message)))
      }
    }
    for call in summary.openCalls where isWanted(call) { try line(.call(mask.masked(call))) }
    for call in summary.looseResults where isWanted(call) { try line(.call(mask.masked(call), isLoose: true)) }
    for (message, usage) in summary.usage.sorted(by: { $0.key < $1.key }) { try line(.usage(usage, of: message)) }
    for issue in summary.issues { try line(.issue(issue)) }
  }
}

private struct NoSink: SessionSink {
  mutating func accept(_ event: SessionEvent) {}
}
