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

  public init(
    agents: [String]? = nil, project: String? = nil, mainOnly: Bool = false, since: String? = nil, until: String? = nil,
    threads: Int? = nil
  ) {
    self.agents = agents
    self.project = project
    self.mainOnly = mainOnly
    self.since = since
    self.until = until
    self.threads = threads
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
    for plugin in Agents.all where selection.agents?.contains(plugin.name) ?? true {
      var environment = world.agents
      environment.knownFolders = [selection.project].compactMap(\.self) + [world.currentDirectory, world.home]
      environment.knownFolders += result.projects.map(\.path)
      let found = plugin.discover(in: environment)
      result.issues += found.issues
      result.files += found.files.count
      let files = found.files.filter { !(selection.mainOnly && $0.isSubagent) }
      let (analyses, unread) = await read(files, plugin, threads: selection.threads)
      withExtendedLifetime(found.copies) {}
      result.issues += unread
      result.projects += projects(of: analyses, agent: plugin.name, selection)
    }
    result.projects.sort { ($0.agent, $0.path) < ($1.agent, $1.path) }
    return result
  }

  /// Reads files on several threads, the largest first so that none is left waiting for a long one at the end.
  private func read(
    _ files: [LogFile], _ plugin: some AgentPlugin, threads: Int?
  ) async -> ([FileAnalysis], [LogIssue]) {
    let queue = FileQueue(files)
    let workers = max(1, min(threads ?? World.cores, files.count))
    return await withTaskGroup(of: ([FileAnalysis], [LogIssue]).self) { group in
      for _ in 0..<workers {
        group.addTask {
          let scratch = ClassifierScratch()
          var analyses: [FileAnalysis] = []
          var issues: [LogIssue] = []
          while let file = queue.next() {
            var analyzer = CallAnalyzer(classifier: classifier, scratch: scratch)
            do throws(ReadError) {
              let summary = try plugin.read(file, into: &analyzer)
              analyses.append(analyzer.finish(summary, file: file))
            } catch {
              issues.append(LogIssue(.unreadableFile, at: LogLocation(file: file.path, line: 0), reason: error.reason))
            }
          }
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

  private func projects(of files: [FileAnalysis], agent: String, _ selection: Selection) -> [ProjectAnalysis] {
    let paths = ProjectPath(world: world)
    // A subagent belongs to the project of the session that started it, wherever it worked.
    var bySession: [String: String] = [:]
    var byGroup: [String: String] = [:]
    for file in files where !file.isSubagent {
      guard let folder = file.session.workingDirectory else { continue }
      bySession[file.session.id] = bySession[file.session.id] ?? folder
      byGroup[file.file.group] = byGroup[file.file.group] ?? folder
    }
    let checkouts = Set(files.compactMap(\.session.workingDirectory)).map { paths.project(of: $0) }
    var known: [String: String] = [:]
    var byProject: [String: [FileAnalysis]] = [:]
    for file in files where isSelected(file, selection) {
      let parent = file.isSubagent ? bySession[file.session.parentID ?? file.session.id] : nil
      let told = parent ?? file.session.workingDirectory ?? file.file.projectHint ?? byGroup[file.file.group]
      if told == nil, file.isEmpty { continue }
      let folder = told ?? PathText.name(of: file.file.group)
      let path = known[folder] ?? paths.mainCheckout(of: paths.project(of: folder), among: checkouts)
      known[folder] = path
      byProject[path, default: []].append(file)
    }
    return byProject.compactMap { path, files in
      if let wanted = selection.project, path != wanted { return nil }
      return ProjectAnalysis(agent: agent, path: path, files: files, join: observations(of:))
    }
  }

  private func isSelected(_ file: FileAnalysis, _ selection: Selection) -> Bool {
    if selection.mainOnly, file.isSubagent { return false }
    if let since = selection.since, !file.session.lastSeen.isEmpty, file.session.lastSeen < since { return false }
    // A date without a time means the whole day.
    if let until = selection.until, !file.session.firstSeen.isEmpty, file.session.firstSeen.prefix(until.count) > until
    {
      return false
    }
    return true
  }

  /// Classifies calls whose two halves were in different files. What came after them is not looked at.
  private func observations(of calls: [ToolCall]) -> [Observation] {
    guard !calls.isEmpty else { return [] }
    let scratch = ClassifierScratch()
    return calls.flatMap { call in
      // One for each: lines of different files say nothing about what came after what.
      var analyzer = CallAnalyzer(classifier: classifier, scratch: scratch)
      analyzer.accept(.call(call))
      return analyzer.finish(FileSummary(), file: LogFile(path: "", size: 0, group: "")).observations
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

extension FileAnalysis {
  /// Whether a subagent wrote it, by where it is or by what it says.
  fileprivate var isSubagent: Bool { file.isSubagent || session.parentID != nil }

  /// Whether there is nothing to tell of it.
  fileprivate var isEmpty: Bool { calls.isEmpty && openCalls.isEmpty && looseResults.isEmpty && issues.isEmpty }
}
