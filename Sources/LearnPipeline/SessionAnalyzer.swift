public import RuleEngine
public import SessionModel
internal import SessionReaders
internal import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which sessions are looked at.
public struct Selection: Sendable {
  /// Names of agents; nil for every agent that has logs.
  public var agents: [String]?
  /// Absolute path of one project; nil for all.
  public var project: String?
  /// Subagents are left out.
  public var mainOnly: Bool
  /// ISO 8601 date or time: sessions that ended before, or began after, are left out.
  public var since: String?
  public var until: String?
  /// Worker threads; nil for one a core.
  public var threads: Int?
  /// Files, folders and `-` for standard input, for formats whose logs are named.
  public var logs: [String]
  /// Is told how far the run is, and what it takes.
  public var monitor: RunMonitor?

  public init(
    agents: [String]? = nil, project: String? = nil, mainOnly: Bool = false, since: String? = nil, until: String? = nil,
    threads: Int? = nil, logs: [String] = []
  ) {
    self.agents = agents
    self.project = project
    self.mainOnly = mainOnly
    self.since = since
    self.until = until
    self.threads = threads
    self.logs = logs
  }

  /// Whether a session is looked at, its project left aside.
  func includes(_ file: LogFile, _ session: SessionInfo) -> Bool {
    if mainOnly, file.isSubagent || session.parentID != nil { return false }
    if let since, !session.lastSeen.isEmpty, session.lastSeen < since { return false }
    // A date without a time means the whole day.
    if let until, !session.firstSeen.isEmpty, session.firstSeen.prefix(until.count) > until { return false }
    return true
  }
}

/// What was found of the logs of all selected agents.
public struct LogAnalysis: Sendable {
  /// By agent and path.
  public var projects: [ProjectAnalysis]
  /// Bad input that belongs to no project, such as a folder that cannot be listed.
  public var issues: [LogIssue]
  /// How many log files there were before the selection.
  public var files: Int

  public init(projects: [ProjectAnalysis] = [], issues: [LogIssue] = [], files: Int) {
    self.projects = projects
    self.issues = issues
    self.files = files
  }
}

/// Finds, reads and classifies sessions.
public struct SessionAnalyzer: Sendable {
  private let classifier: Classifier
  private let world: World

  public init(classifier: Classifier, world: World) {
    self.classifier = classifier
    self.world = world
  }

  public func analyze(_ selection: Selection) async -> LogAnalysis {
    var result = LogAnalysis(projects: [], issues: [], files: 0)
    if selection.agents == nil { result.issues += world.catalog.external(in: world.agents).issues }
    for plugin in world.plugins(for: selection) {
      let found = selection.monitor.time(.discover) {
        plugin.discover(in: world.environment(for: selection, projects: result.projects.map(\.path)))
      }
      result.issues += found.issues
      result.files += found.files.count
      let files = found.files.filter { !(selection.mainOnly && $0.isSubagent) }
      selection.monitor?.expect(files)
      let (analyses, unread) = await selection.monitor.timeWall(.read) { await read(files, plugin, selection) }
      result.issues += unread
      result.projects += selection.monitor.time(.correlate) { projects(of: analyses, plugin, selection) }
      withExtendedLifetime(found.copies) {}
    }
    result.projects.sort { ($0.agent, $0.path) < ($1.agent, $1.path) }
    return result
  }

  /// Reads files on several threads, the largest first so that none is left waiting for a long one at the end.
  private func read(
    _ files: [LogFile], _ plugin: some AgentPlugin, _ selection: Selection
  ) async -> ([FileAnalysis], [LogIssue]) {
    let queue = FileQueue(files)
    let workers = max(1, min(selection.threads ?? World.cores, files.count))
    return await withTaskGroup(of: ([FileAnalysis], [LogIssue]).self) { group in
      for _ in 0..<workers {
        group.addTask {
          let scratch = ClassifierScratch()
          var cost = selection.monitor?.keepsTimes == true ? WorkerCost() : nil
          var analyses: [FileAnalysis] = []
          var issues: [LogIssue] = []
          while let file = queue.next() {
            do throws(ReadError) {
              analyses.append(try analyze(file, plugin, mainOnly: selection.mainOnly, scratch, &cost))
            } catch {
              issues.append(LogIssue(.unreadableFile, at: LogLocation(file: file.path, line: 0), reason: error.reason))
            }
            selection.monitor?.finished(file)
          }
          if let cost { selection.monitor?.add(cost, threads: workers) }
          return (analyses, issues)
        }
      }
      var all: ([FileAnalysis], [LogIssue]) = ([], [])
      for await part in group {
        all.0 += part.0
        all.1 += part.1
      }
      // Threads finish in any order; what comes out must not show it.
      all.0.sort { ($0.file.path, $0.file.session ?? "") < ($1.file.path, $1.file.session ?? "") }
      all.1.sort { $0.location < $1.location }
      return all
    }
  }

  private func analyze(
    _ file: LogFile, _ plugin: some AgentPlugin, mainOnly: Bool, _ scratch: ClassifierScratch,
    _ cost: inout WorkerCost?
  ) throws(ReadError) -> FileAnalysis {
    let begin = cost.map { _ in ThreadClock.now }
    var sink = SelectedCalls(
      analyzer: CallAnalyzer(classifier: classifier, scratch: scratch), leavesOutSubagents: mainOnly,
      cost: cost.map { _ in WorkerCost() })
    var summary = try plugin.read(file, into: &sink)
    if let begin, let spent = sink.cost { cost?.add(spent, all: ThreadClock.now - begin) }
    if mainOnly {
      summary.openCalls.removeAll(where: \.isSidechain)
      summary.looseResults.removeAll(where: \.isSidechain)
    }
    let read = cost.map { _ in ThreadClock.now }
    defer { if let read { cost?.correlate += ThreadClock.now - read } }
    return sink.analyzer.finish(summary, file: file)
  }

  private func projects(
    of files: [FileAnalysis], _ plugin: some AgentPlugin, _ selection: Selection
  ) -> [ProjectAnalysis] {
    var finder = ProjectFinder(files.map { ($0.file, $0.session) }, world: world)
    var byProject: [String: [FileAnalysis]] = [:]
    for file in files where selection.includes(file.file, file.session) {
      if file.isEmpty, !finder.isTold(file.file, file.session) { continue }
      byProject[finder.project(of: file.file, file.session), default: []].append(file)
    }
    return byProject.compactMap { path, files in
      if let wanted = selection.project, path != wanted { return nil }
      return ProjectAnalysis(agent: plugin.name, path: path, files: joined(files, plugin, mainOnly: selection.mainOnly))
    }
  }

  /// Puts calls together whose result is in another log, as when a session was resumed. The log with the result is read
  /// once more with the call at its place: what came after it may show what worked instead.
  private func joined(
    _ files: [FileAnalysis], _ plugin: some AgentPlugin, mainOnly: Bool
  ) -> [FileAnalysis] {
    let files = files.sorted { $0.order < $1.order }
    var calls: [String: ToolCall] = [:]
    for file in files {
      calls.merge(file.openCalls.map { ($0.id, $0) }) { first, _ in first }
    }
    var known: Set<UInt64> = []
    for file in files { known.formUnion(file.calls) }
    return files.map { file in
      let loose = file.looseResults.filter { !known.contains(Digest(of: $0.id).value) }
      guard !loose.isEmpty else { return file }
      known.formUnion(loose.map { Digest(of: $0.id).value })
      var sink = EventSink()
      // It was read before; whoever took it away since then takes its results along.
      guard var summary = try? plugin.read(file.file, into: &sink) else { return file }
      var selected = SelectedCalls(
        analyzer: CallAnalyzer(classifier: classifier, scratch: ClassifierScratch()), leavesOutSubagents: mainOnly)
      var waiting = loose.map { result in calls[result.id].map { $0.joined(with: result) } ?? result }[...]
      for event in sink.events {
        while let call = waiting.first, (call.resultLine ?? 0) < event.endLine {
          selected.accept(.call(call))
          waiting.removeFirst()
        }
        selected.accept(event)
      }
      for call in waiting { selected.accept(.call(call)) }
      summary.looseResults = []
      return selected.analyzer.finish(summary, file: file.file)
    }
  }
}

/// Hands calls on, without those of subagents where they are not wanted.
private struct SelectedCalls: SessionSink {
  var analyzer: CallAnalyzer
  let leavesOutSubagents: Bool
  /// What is spent behind this place; nil when nobody asks.
  var cost: WorkerCost?

  mutating func accept(_ event: SessionEvent) {
    if leavesOutSubagents, case .call(let call) = event, call.isSidechain { return }
    guard cost != nil else { return analyzer.accept(event) }
    let begin = ThreadClock.now
    analyzer.accept(event)
    cost?.match += ThreadClock.now - begin
    if case .call = event { cost?.calls += 1 }
  }
}

/// Files that wait for a thread, the largest first.
private final class FileQueue: Sendable {
  private let waiting: Mutex<[LogFile]>

  init(_ files: [LogFile]) {
    waiting = Mutex(files.sorted { ($0.size, $1.path) < ($1.size, $0.path) })
  }

  func next() -> LogFile? { waiting.withLock { $0.popLast() } }
}

extension World {
  static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

extension FileAnalysis {
  /// Whether there is nothing to tell of it.
  fileprivate var isEmpty: Bool { calls.isEmpty && openCalls.isEmpty && looseResults.isEmpty && issues.isEmpty }
}
