internal import AnalysisCache
public import RuleEngine
public import RulePack
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
  /// Whether projects are going to be asked what was known at an earlier time.
  var keepsParts = false

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
  private let classifier: LazyClassifier
  private let world: World
  private let cache: ResultCache?

  /// - Parameter cache: Where results are kept from run to run; without one every log is read.
  public init(classifier: Classifier, world: World, cache: ResultCache? = nil) {
    self.classifier = LazyClassifier(classifier)
    self.world = world
    self.cache = cache
  }

  /// - Parameters:
  ///   - ignoringFlags: Go by the outputs alone, as if the logs did not say which calls failed.
  ///   - cache: Where results are kept from run to run; without one every log is read.
  public init(rules: [Rule], ignoringFlags: Bool = false, world: World, cache: ResultCache? = nil) {
    classifier = LazyClassifier(rules: rules, ignoringFlags: ignoringFlags)
    self.world = world
    self.cache = cache
  }

  public func analyze(_ selection: Selection) async -> LogAnalysis {
    var result = LogAnalysis(projects: [], issues: [], files: 0)
    if selection.agents == nil { result.issues += world.catalog.external(in: world.agents).issues }
    for plugin in world.plugins(for: selection) {
      let environment = world.environment(for: selection, projects: result.projects.map(\.path))
      let found = selection.monitor.time(.discover) { plugin.discover(in: environment) }
      result.issues += found.issues
      result.files += found.files.count
      let files = found.files.filter { !(selection.mainOnly && $0.isSubagent) }
      guard !files.isEmpty else { continue }
      selection.monitor?.expect(files)
      let shelf = cache?.shelf(
        of: plugin, rules: classifier.rules, ignoringFlags: classifier.ignoringFlags, mainOnly: selection.mainOnly,
        in: environment)
      let reading = LogReading(
        plugin: plugin, classifier: classifier, mainOnly: selection.mainOnly, shelf: shelf, monitor: selection.monitor)
      let (logs, unread) = await selection.monitor.timeWall(.read) { await read(files, reading, selection) }
      result.issues += unread
      result.projects += selection.monitor.time(.correlate) { projects(of: logs, reading, selection) }
      shelf?.close(now: ResultCache.moment / 1_000_000_000)
      withExtendedLifetime(found.copies) {}
    }
    result.projects.sort { ($0.agent, $0.path) < ($1.agent, $1.path) }
    return result
  }

  /// Reads files on several threads, the largest first so that none is left waiting for a long one at the end.
  private func read(
    _ files: [LogFile], _ reading: LogReading, _ selection: Selection
  ) async -> ([ReadLog], [LogIssue]) {
    // What is known needs no thread of its own.
    var all: ([ReadLog], [LogIssue]) = ([], [])
    var unknown: [LogFile] = []
    for file in files {
      if let log = reading.kept(file) {
        all.0.append(log)
        selection.monitor?.finished(file)
      } else {
        unknown.append(file)
      }
    }
    let queue = FileQueue(unknown)
    let workers = min(max(1, selection.threads ?? World.cores), unknown.count)
    await withTaskGroup(of: ([ReadLog], [LogIssue]).self) { group in
      for _ in 0..<workers {
        group.addTask {
          let scratch = ClassifierScratch()
          var cost = selection.monitor?.keepsTimes == true ? WorkerCost() : nil
          var logs: [ReadLog] = []
          var issues: [LogIssue] = []
          while let file = queue.next() {
            do throws(ReadError) {
              logs.append(try reading.read(file, scratch, &cost))
            } catch {
              issues.append(LogIssue(.unreadableFile, at: LogLocation(file: file.path, line: 0), reason: error.reason))
            }
            selection.monitor?.finished(file)
          }
          if let cost { selection.monitor?.add(cost, threads: workers) }
          return (logs, issues)
        }
      }
      for await part in group {
        all.0 += part.0
        all.1 += part.1
      }
    }
    // Threads finish in any order; what comes out must not show it.
    all.0.sort { ($0.file.path, $0.file.session ?? "") < ($1.file.path, $1.file.session ?? "") }
    all.1.sort { $0.location < $1.location }
    return all
  }

  private func projects(
    of logs: [ReadLog], _ reading: LogReading, _ selection: Selection
  ) -> [ProjectAnalysis] {
    var finder = ProjectFinder(logs.map { ($0.file, $0.session) }, world: world)
    var byProject: [String: [ReadLog]] = [:]
    for log in logs where selection.includes(log.file, log.session) {
      if log.isEmpty, !finder.isTold(log.file, log.session) { continue }
      byProject[finder.project(of: log.file, log.session), default: []].append(log)
    }
    let isWhole = selection.since == nil && selection.until == nil && !selection.keepsParts
    return byProject.compactMap { path, logs in
      if let wanted = selection.project, path != wanted { return nil }
      return reading.project(path, of: logs, isWhole: isWhole, keepsParts: selection.keepsParts)
    }
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
