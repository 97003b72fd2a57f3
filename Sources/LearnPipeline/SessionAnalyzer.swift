internal import AnalysisCache
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

/// What a look at the logs of all selected agents comes to, beside what is in them.
public struct LogSurvey: Sendable {
  /// How many log files there were before the selection.
  public var files: Int
  /// Projects that have sessions of the selection.
  public var projects: Int
  /// Bad input that belongs to no project, such as a folder that cannot be listed.
  public var issues: [LogIssue]

  public init(files: Int, projects: Int = 0, issues: [LogIssue] = []) {
    self.files = files
    self.projects = projects
    self.issues = issues
  }
}

/// The logs of one agent about one project, which were read: what they come to is put together when it is asked for.
struct ProjectLogs: Sendable {
  let path: String
  let reading: LogReading
  let logs: [ReadLog]

  var agent: String { reading.plugin.name }

  /// What the cache has of all of them; nil when something is not in it.
  var kept: [KeptLog]? {
    let kept = logs.compactMap(\.kept)
    return kept.count == logs.count ? kept : nil
  }

  /// - Parameter keepsParts: Whether the project is going to be asked what was known at an earlier time.
  func analysis(keepsParts: Bool = false) -> ProjectAnalysis {
    reading.project(path, of: logs, keepsParts: keepsParts)
  }
}

/// Logs that were found and read. What is in them waits outside of memory.
public struct ReadLogs: Sendable {
  /// By agent and path.
  var projects: [ProjectLogs] = []
  public internal(set) var survey = LogSurvey(files: 0)
}

/// Finds, reads and classifies sessions.
public struct SessionAnalyzer: Sendable {
  private let rules: RuleSet
  private let ignoringFlags: Bool
  /// Made when the first log is read.
  private let classifier: Lazily<Classifier>
  private let world: World
  private let cache: ResultCache?

  /// - Parameter cache: Where results are kept from run to run; without one every log is read.
  public init(classifier: Classifier, world: World, cache: ResultCache? = nil) {
    rules = .given(GivenRules(classifier.rules))
    ignoringFlags = false
    self.classifier = Lazily { classifier }
    self.world = world
    self.cache = cache
  }

  /// - Parameters:
  ///   - ignoringFlags: Go by the outputs alone, as if the logs did not say which calls failed.
  ///   - cache: Where results are kept from run to run; without one every log is read.
  public init(rules: RuleSet, ignoringFlags: Bool = false, world: World, cache: ResultCache? = nil) {
    self.rules = rules
    self.ignoringFlags = ignoringFlags
    classifier = rules.classifier(ignoringFlags: ignoringFlags)
    self.world = world
    self.cache = cache
  }

  /// What every log comes to, by agent and project.
  public func analyze(_ selection: Selection) async -> (projects: [ProjectAnalysis], survey: LogSurvey) {
    let logs = await read(selection)
    let projects = await logs.projects.onThreads(selection.threads) { project in
      selection.monitor.time(.correlate) { project.analysis() }
    }
    return (projects, logs.survey)
  }

  /// What is found in so many logs takes little memory.
  private static let fewLogs = 512

  /// Finds and reads the logs, each by itself.
  func read(_ selection: Selection) async -> ReadLogs {
    var result = ReadLogs()
    if selection.agents == nil { result.survey.issues += world.catalog.external(in: world.agents).issues }
    for plugin in world.plugins(for: selection) {
      let environment = world.environment(for: selection, projects: result.projects.map(\.path))
      // What is kept of the logs is looked up while they are looked for.
      async let opened = shelf(of: plugin, selection, environment)
      let found = selection.monitor.time(.discover) { plugin.discover(in: environment) }
      result.survey.issues += found.issues
      result.survey.files += found.files.count
      let files = selection.mainOnly ? found.files.filter { !$0.isSubagent } : found.files
      guard !files.isEmpty else { continue }
      selection.monitor?.expect(files)
      let shelf = await opened
      let reading = LogReading(
        plugin: plugin, classifier: classifier, mainOnly: selection.mainOnly, copies: found.copies, shelf: shelf,
        resumableSize: cache?.resumableSize ?? .max, spill: files.count > Self.fewLogs ? SpillFile() : nil)
      let (logs, unread) = await selection.monitor.timeWall(.read) { await read(files, reading, selection) }
      result.survey.issues += unread
      result.projects += projects(of: logs, reading, selection)
      shelf?.close(now: ResultCache.moment / 1_000_000_000)
    }
    result.projects.sort { ($0.agent, $0.path) < ($1.agent, $1.path) }
    result.survey.projects = result.projects.count
    return result
  }

  private func shelf(
    of plugin: any AgentPlugin, _ selection: Selection, _ environment: AgentEnvironment
  ) -> LogShelf? {
    cache?.shelf(
      of: plugin, rules: rules, ignoringFlags: ignoringFlags, mainOnly: selection.mainOnly, in: environment)
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
    let queue = WorkQueue(unknown.sorted { ($0.size, $1.path) < ($1.size, $0.path) })
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

  private func projects(of logs: [ReadLog], _ reading: LogReading, _ selection: Selection) -> [ProjectLogs] {
    var finder = ProjectFinder(logs.map { ($0.file, $0.session) }, world: world)
    var byProject: [String: [ReadLog]] = [:]
    for log in logs where selection.includes(log.file, log.session) {
      if log.isEmpty, !finder.isTold(log.file, log.session) { continue }
      byProject[finder.project(of: log.file, log.session), default: []].append(log)
    }
    // Sorted here, where only paths are compared: what merges the agents then finds them almost in order.
    return byProject.keys.sorted().compactMap { path in
      if let wanted = selection.project, path != wanted { return nil }
      return ProjectLogs(path: path, reading: reading, logs: byProject[path] ?? [])
    }
  }
}

/// What waits for a thread, the last one first.
private final class WorkQueue<Item: Sendable>: Sendable {
  private let waiting: Mutex<[Item]>

  init(_ items: [Item]) { waiting = Mutex(items) }

  func next() -> Item? { waiting.withLock { $0.popLast() } }
}

extension Array where Element: Sendable {
  func parts(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }

  /// Works on the elements with several threads, each of which lets go of what it has worked on.
  /// - Parameter threads: nil for one a core.
  /// - Returns: What came of each, in the order of the elements.
  consuming func onThreads<Result: Sendable>(
    _ threads: Int?, _ work: @escaping @Sendable (Element) -> Result
  ) async -> [Result] {
    let workers = Swift.min(Swift.max(1, threads ?? World.cores), count)
    let queue = WorkQueue(enumerated().reversed())
    return await withTaskGroup(of: [(Int, Result)].self) { group in
      for _ in 0..<workers {
        group.addTask {
          var done: [(Int, Result)] = []
          while let (place, element) = queue.next() { done.append((place, work(element))) }
          return done
        }
      }
      var all: [(Int, Result)] = []
      for await part in group { all += part }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

extension World {
  static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
