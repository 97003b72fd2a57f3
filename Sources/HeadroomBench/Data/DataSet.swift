internal import Dispatch
internal import Foundation
internal import Synchronization
internal import TestSupport

/// Logs of any size, the same for the same seed.
struct DataSet: Sendable {
  var seed: UInt64
  /// Bytes in all, about.
  var size: Int
  /// Bytes of every log; nil for sizes as they are found.
  var sessionSize: Int?
  let pools: TextPools

  init(seed: UInt64, size: Int, sessionSize: Int? = nil, pools: TextPools? = nil) {
    self.seed = seed
    self.size = size
    self.sessionSize = sessionSize
    self.pools = pools ?? TextPools(seed: seed)
  }

  /// Logs that hold fewer calls cannot hold all lessons of their project.
  private static let sizeForLessons = 150_000
  private static let sessionsOfLesson = 3
  /// 2026-01-01.
  private static let begin = 1_767_225_600_000

  /// All logs, with the projects that they belong to.
  func plan() -> (logs: [LogPlan], projects: [Answers.Project]) {
    var random = SplitMix64(seed: seed)
    var logs: [LogPlan] = []
    var projects: [Answers.Project] = []
    var planned = 0
    while planned < size {
      let number = projects.count
      let name = "\(Lines.words[number % Lines.words.count])-\(number)"
      let folder = "/home/dev/acme/\(name)"
      var ownLogs: [LogPlan] = []
      var parent: String?
      for _ in 0..<Mix.logsOfProject.pick(&random) where planned < size {
        let bytes = min(sessionSize ?? Mix.sessionSize.pick(&random), size - planned)
        planned += bytes
        let isSubagent = parent != nil && Int.random(in: 0..<Mix.subagentEvery, using: &random) == 0
        let id = isSubagent ? parent ?? "" : Identifier.uuid(&random)
        let agentID = isSubagent ? String(random.next() >> 36, radix: 16) : nil
        let group = "projects/-home-dev-acme-\(name)/\(id)"
        ownLogs.append(
          LogPlan(
            number: logs.count + ownLogs.count, project: number, folder: folder, sessionID: id, agentID: agentID,
            size: bytes, lessons: [], start: Self.begin + (logs.count + ownLogs.count) % 90 * 86_400_000,
            path: group + (agentID.map { "/subagents/agent-\($0).jsonl" } ?? ".jsonl")))
        parent = id
      }
      let able = ownLogs.indices.filter { ownLogs[$0].size >= Self.sizeForLessons && ownLogs[$0].agentID == nil }
      var project = Answers.Project(path: folder)
      if able.count >= Self.sessionsOfLesson {
        let kinds = PlantedLesson.Kind.allCases
        let lessons = (0..<3).map { PlantedLesson(kinds[(number + $0) % kinds.count], project: number) }
        project.lessons = lessons.map(\.mark).sorted()
        for index in able { ownLogs[index].lessons = lessons }
      }
      logs += ownLogs
      projects.append(project)
    }
    return (logs, projects)
  }

  /// One log of the plan.
  func log(_ plan: LogPlan) -> (bytes: [UInt8], tally: LogTally) {
    var writer = SessionWriter(plan, pools: pools, seed: seed)
    writer.write()
    return (writer.json.bytes, writer.tally)
  }

  /// Writes all logs below a folder, as Claude Code has them.
  /// - Throws: When a file cannot be written.
  func write(to folder: URL) throws -> Answers {
    let (logs, projects) = plan()
    let files = FileManager.default
    for group in Set(logs.map { folder.appending(path: $0.path).deletingLastPathComponent() }) {
      try files.createDirectory(at: group, withIntermediateDirectories: true)
    }
    let tallies = Mutex([LogTally?](repeating: nil, count: logs.count))
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: logs.count) { index in
      let (bytes, tally) = log(logs[index])
      do {
        try Data(bytes).write(to: folder.appending(path: logs[index].path))
        tallies.withLock { $0[index] = tally }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return answers(logs, projects, tallies.withLock { $0.compactMap(\.self) })
  }

  func answers(_ logs: [LogPlan], _ projects: [Answers.Project], _ tallies: [LogTally]) -> Answers {
    var answers = Answers(seed: seed)
    answers.projects = projects
    answers.files = logs.count
    for (log, tally) in zip(logs, tallies) {
      answers.bytes += tally.bytes
      answers.lines += tally.lines
      answers.longestLine = max(answers.longestLine, tally.longestLine)
      answers.emptySearches += tally.emptySearches
      answers.failures.merge(tally.failures, uniquingKeysWith: +)
      answers.projects[log.project].calls += tally.calls
      answers.projects[log.project].failures += tally.failures.values.reduce(0, +)
    }
    let sizes = tallies.map(\.bytes).sorted()
    answers.sizes = [0, 0.5, 0.9, 1].map {
      sizes.isEmpty ? 0 : sizes[min(sizes.count - 1, Int(Double(sizes.count) * $0))]
    }
    return answers
  }
}
