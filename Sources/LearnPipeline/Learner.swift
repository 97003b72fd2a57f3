internal import AnalysisCache
public import ContextFiles
public import Recommendations
internal import RuleEngine
internal import RulePack

/// How lessons are chosen and where they go.
public struct LearnOptions: Sendable {
  /// Tokens that the lines of one project may cost together.
  public var budget: Int
  /// Replaces the number of times that each rule asks for.
  public var minimumEvidence: Int?
  /// Write everything to this file instead of the agent's own.
  public var target: String?
  /// Whether lessons keep the texts of the calls that they rest on, for those who show them.
  public var keepsCalls: Bool

  public init(
    budget: Int = Budget.standard, minimumEvidence: Int? = nil, target: String? = nil, keepsCalls: Bool = false
  ) {
    self.keepsCalls = keepsCalls
    self.budget = budget
    self.minimumEvidence = minimumEvidence
    self.target = target
  }
}

/// What was learned about one project.
public struct ProjectLearning: Sendable {
  public var summary: ProjectSummary
  public var recommendations: [Recommendation]
  public var leftOut: [LeftOut]
  public var files: [PlannedFile]
  /// What a model made of the drafts; nil when none was asked.
  public var refinement: RefinementOutcome?
  /// Why a file could not be planned or written.
  public var faults: [String]
}

/// The whole path: logs, sessions, findings, evidence, drafts, recommendations, files.
public struct Learner: Sendable {
  private let world: World
  private let rules: RuleSet
  private let lessons: Lazily<Lessons>
  private let options: LearnOptions
  private let refiner: (any DraftRefiner)?
  private let cache: ResultCache?

  /// - Parameters:
  ///   - refiner: Words the drafts anew; without one they stand as the rules wrote them.
  ///   - cache: Where results are kept from run to run; without one every log is read.
  public init(
    world: World, rules: RuleSet = .builtin, options: LearnOptions = LearnOptions(),
    refiner: (any DraftRefiner)? = nil, cache: ResultCache? = nil
  ) {
    self.world = world
    self.rules = rules
    lessons = rules.lessons
    self.options = options
    self.refiner = refiner
    self.cache = cache
  }

  /// Learns without writing anything.
  public func learn(_ selection: Selection) async -> (projects: [ProjectLearning], survey: LogSurvey) {
    let logs = await read(selection)
    var learnings: [ProjectLearning] = []
    await learn(from: logs, selection, preparing: \.self) { learnings.append($0) }
    return (learnings, logs.survey)
  }

  /// Finds and reads the logs.
  public func read(_ selection: Selection) async -> ReadLogs { await analyzer.read(selection) }

  /// Learns of one project after the other, without writing anything. Where nobody is going to show the calls that lessons
  /// rest on, by the options or to a model, these are in brief.
  /// - Parameters:
  ///   - logs: Nobody needs these afterwards: those of a project go when it was learned from.
  ///   - selection: The one that the logs were read by.
  ///   - prepare: What can be made of each project by itself, on any thread.
  ///   - take: Gets what was made, by the paths of the projects.
  public func learn<Prepared: Sendable, Failure: Error>(
    from logs: consuming ReadLogs, _ selection: Selection,
    preparing prepare: @escaping @Sendable (ProjectLearning) -> Prepared,
    take: (Prepared) throws(Failure) -> Void
  ) async throws(Failure) {
    var waiting = Self.byPath(logs.projects).parts(of: Self.together)
    // What was learned of some sessions only, or is wanted with every call, is not asked for again and again.
    let isUsual = selection.since == nil && selection.until == nil && refiner == nil && !options.keepsCalls
    let shelf =
      isUsual ? cache?.lessons(selection, rules: rules, minimumEvidence: options.minimumEvidence) : nil
    defer { shelf?.close(now: ResultCache.moment / 1_000_000_000, isWhole: selection.project == nil) }
    let run = RunFacts(world)
    // A model is asked for one project after the other.
    let threads = refiner == nil ? selection.threads : 1
    while !waiting.isEmpty {
      let wave = Array(waiting.prefix(Self.wave))
      waiting.removeFirst(wave.count)
      let prepared = await wave.onThreads(threads) { part in
        self.learnings(of: part, shelf, run, selection.monitor).map(prepare)
      }
      for part in prepared { for project in part { try take(project) } }
    }
  }

  /// How many projects are taken off the shelf at once.
  private static let together = 8
  /// How many times as many are learned from before the first one is handed on.
  private static let wave = 16

  private var analyzer: SessionAnalyzer { SessionAnalyzer(rules: rules, world: world, cache: cache) }

  /// What all agents did on each project.
  static func byPath(_ logs: [ProjectLogs]) -> [[ProjectLogs]] {
    Dictionary(grouping: logs, by: \.path).sorted { $0.key < $1.key }.map { $0.value.sorted { $0.agent < $1.agent } }
  }

  private func learnings(
    of projects: [[ProjectLogs]], _ shelf: ProjectShelf?, _ run: RunFacts, _ monitor: RunMonitor?
  ) -> [ProjectLearning] {
    var sources: [String: Int] = [:]
    if shelf != nil {
      for parts in projects {
        let kept = parts.compactMap(\.kept)
        guard kept.count == parts.count, let path = parts.first?.path else { continue }
        sources[path] = ProjectShelf.source(of: kept.flatMap(\.self))
      }
    }
    let known = monitor.time(.learn) { shelf?.values(of: sources, as: ProjectLessons.self) ?? [:] }
    return projects.compactMap { parts in
      guard let path = parts.first?.path else { return nil }
      let facts = ProjectFacts(of: path, in: world)
      if let known = known[path], monitor.time(.learn, { known.hold(in: facts) }) {
        return learning(from: known, run, monitor)
      }
      let analysis = monitor.time(.correlate) { ProjectAnalysis.sum(of: parts.map { $0.analysis() }) }
      guard let analysis else { return nil }
      let lessons = monitor.time(.learn) { self.lessons(of: analysis, facts) }
      if let source = sources[path] { shelf?.keep(lessons, of: path, source: source) }
      return learning(from: lessons, run, monitor)
    }
  }

  func learning(of analysis: ProjectAnalysis) -> ProjectLearning {
    learning(from: lessons(of: analysis, ProjectFacts(of: analysis.path, in: world)), RunFacts(world), nil)
  }

  private func lessons(of analysis: ProjectAnalysis, _ facts: ProjectFacts) -> ProjectLessons {
    let record = FactRecord()
    let book = book(on: analysis, record.noting(facts))
    let (drafts, leftOut) = book.lessons(from: analysis.observations + analysis.statements)
    let lessons = ProjectLessons(
      summary: ProjectSummary(analysis), drafts: drafts, leftOut: leftOut, facts: record.facts)
    return refiner == nil && !options.keepsCalls ? lessons.brief : lessons
  }

  private func learning(from lessons: ProjectLessons, _ run: RunFacts, _ monitor: RunMonitor?) -> ProjectLearning {
    let files = files(of: lessons.summary, run)
    let (recommendations, refinement, leftOut) = monitor.time(.learn) { chosen(from: lessons, for: files) }
    let planned = monitor.time(.plan) { files.plan(recommendations) }
    return ProjectLearning(
      summary: lessons.summary, recommendations: recommendations, leftOut: leftOut, files: planned.files,
      refinement: refinement, faults: planned.faults)
  }

  private func chosen(
    from lessons: ProjectLessons, for files: LessonFiles
  ) -> ([Recommendation], RefinementOutcome?, leftOut: [LeftOut]) {
    let (wanted, unwanted) = files.wanted(lessons.drafts)
    let (merged, told) = Merging.merge(wanted)
    // One line for several lessons is a text of its own, which people may have taken out or written, too.
    let (stillWanted, alsoUnwanted) = files.wanted(merged)
    let (kept, overBudget) = Budget.choose(stillWanted, tokens: options.budget)
    let (recommendations, refinement) = refined(kept, files, project: lessons.summary.path)
    return (recommendations, refinement, lessons.leftOut + unwanted + told + alsoUnwanted + overBudget)
  }

  /// From drafts to recommendations: both ways lead to the same writer.
  private func refined(
    _ drafts: [Draft], _ files: LessonFiles, project: String
  ) -> ([Recommendation], RefinementOutcome?) {
    guard let refiner, !drafts.isEmpty else { return (drafts.map { Recommendation($0) }, nil) }
    let placed = drafts.map { PlacedDraft($0, files: files.paths(for: $0)) }
    let delimiter = String(UInt64.random(in: 1 << 60 ..< .max), radix: 16)
    do throws(RefinementFailure) {
      let answer = try refiner.answer(to: RefinementPrompt(placed, project: project, delimiter: delimiter))
      let result = RefinementValidator(placed).result(of: answer.refinements)
      return (result.recommendations, RefinementOutcome(model: answer.model, refused: result.refused))
    } catch {
      return (drafts.map { Recommendation($0) }, RefinementOutcome(failure: error))
    }
  }

  func book(on analysis: ProjectAnalysis, _ facts: ProjectFacts? = nil) -> LessonBook {
    LessonBook(
      lessons: lessons.value, facts: facts ?? ProjectFacts(of: analysis.path, in: world), successes: analysis.successes,
      sessions: analysis.sessions.count, minimumEvidence: options.minimumEvidence)
  }

  /// Writes the files of a project.
  /// - Returns: The learning with its files as they were written, and what could not be written.
  public func apply(_ learning: ProjectLearning) -> ProjectLearning {
    var applied = learning
    (applied.files, applied.faults) = files(of: learning.summary, RunFacts(world)).apply(learning.recommendations)
    return applied
  }

  private func files(of project: ProjectSummary, _ run: RunFacts) -> LessonFiles {
    let targets = options.target.map { file in
      Dictionary(uniqueKeysWithValues: Lesson.Target.allCases.map { ($0, file) })
    }
    return LessonFiles(project: project.path, agents: project.agents, targets: targets ?? [:], world: world, facts: run)
  }
}
