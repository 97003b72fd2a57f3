public import BuiltinRules
public import ContextFiles
public import Recommendations
internal import RuleEngine
public import RulePack

/// How lessons are chosen and where they go.
public struct LearnOptions: Sendable {
  /// Tokens that the lines of one project may cost together.
  public var budget: Int
  /// Replaces the number of times that each rule asks for.
  public var minimumEvidence: Int?
  /// Write everything to this file instead of the agent's own.
  public var target: String?

  public init(budget: Int = Budget.standard, minimumEvidence: Int? = nil, target: String? = nil) {
    self.budget = budget
    self.minimumEvidence = minimumEvidence
    self.target = target
  }
}

/// What was learned about one project.
public struct ProjectLearning: Sendable {
  public var analysis: ProjectAnalysis
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
  private let rules: [Rule]
  private let lessons: Lessons
  private let options: LearnOptions
  private let refiner: (any DraftRefiner)?
  private let cache: ResultCache?

  /// - Parameters:
  ///   - refiner: Words the drafts anew; without one they stand as the rules wrote them.
  ///   - cache: Where results are kept from run to run; without one every log is read.
  public init(
    world: World, rules: [Rule] = BuiltinRules.withoutExamples, options: LearnOptions = LearnOptions(),
    refiner: (any DraftRefiner)? = nil, cache: ResultCache? = nil
  ) {
    self.world = world
    self.rules = rules
    lessons = Lessons(of: rules)
    self.options = options
    self.refiner = refiner
    self.cache = cache
  }

  /// Learns without writing anything.
  public func learn(_ selection: Selection) async -> (projects: [ProjectLearning], logs: LogAnalysis) {
    let logs = await SessionAnalyzer(rules: rules, world: world, cache: cache).analyze(selection)
    return (await learnings(of: ProjectAnalysis.byProject(logs.projects), selection), logs)
  }

  /// What is learned of each project, in their order. A model is asked for one project after the other.
  private func learnings(of projects: [ProjectAnalysis], _ selection: Selection) async -> [ProjectLearning] {
    let workers = refiner == nil ? max(1, min(selection.threads ?? World.cores, projects.count)) : 1
    return await withTaskGroup(of: [(Int, ProjectLearning)].self) { group in
      for worker in 0..<workers {
        group.addTask {
          stride(from: worker, to: projects.count, by: workers).map { place in
            (place, learning(of: projects[place], selection.monitor))
          }
        }
      }
      var all: [(Int, ProjectLearning)] = []
      for await part in group { all += part }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  func learning(of analysis: ProjectAnalysis, _ monitor: RunMonitor? = nil) -> ProjectLearning {
    let (recommendations, refinement, leftOut, files) = monitor.time(.learn) { chosen(from: analysis) }
    let planned = monitor.time(.plan) { files.plan(recommendations) }
    return ProjectLearning(
      analysis: analysis, recommendations: recommendations, leftOut: leftOut, files: planned.files,
      refinement: refinement, faults: planned.faults)
  }

  private func chosen(
    from analysis: ProjectAnalysis
  ) -> ([Recommendation], RefinementOutcome?, leftOut: [LeftOut], LessonFiles) {
    let book = book(on: analysis)
    let (drafts, leftOut) = book.lessons(from: analysis.observations + analysis.statements)
    let files = files(of: analysis)
    let (wanted, unwanted) = files.wanted(drafts)
    let (merged, told) = Merging.merge(wanted)
    let (kept, overBudget) = Budget.choose(merged, tokens: options.budget)
    let (recommendations, refinement) = refined(kept, files, in: analysis)
    return (recommendations, refinement, leftOut + unwanted + told + overBudget, files)
  }

  /// From drafts to recommendations: both ways lead to the same writer.
  private func refined(
    _ drafts: [Draft], _ files: LessonFiles, in analysis: ProjectAnalysis
  ) -> ([Recommendation], RefinementOutcome?) {
    guard let refiner, !drafts.isEmpty else { return (drafts.map { Recommendation($0) }, nil) }
    let placed = drafts.map { PlacedDraft($0, files: files.paths(for: $0)) }
    let delimiter = String(UInt64.random(in: 1 << 60 ..< .max), radix: 16)
    do throws(RefinementFailure) {
      let answer = try refiner.answer(to: RefinementPrompt(placed, project: analysis.path, delimiter: delimiter))
      let result = RefinementValidator(placed).result(of: answer.refinements)
      return (result.recommendations, RefinementOutcome(model: answer.model, refused: result.refused))
    } catch {
      return (drafts.map { Recommendation($0) }, RefinementOutcome(failure: error))
    }
  }

  func book(on analysis: ProjectAnalysis) -> LessonBook {
    LessonBook(
      lessons: lessons, facts: ProjectFacts(of: analysis.path, in: world), successes: analysis.successes,
      sessions: analysis.sessions.count, minimumEvidence: options.minimumEvidence)
  }

  /// Writes the files of a project.
  /// - Returns: The learning with its files as they were written, and what could not be written.
  public func apply(_ learning: ProjectLearning) -> ProjectLearning {
    var applied = learning
    (applied.files, applied.faults) = files(of: learning.analysis).apply(learning.recommendations)
    return applied
  }

  private func files(of analysis: ProjectAnalysis) -> LessonFiles {
    let targets = options.target.map { file in
      Dictionary(uniqueKeysWithValues: Lesson.Target.allCases.map { ($0, file) })
    }
    return LessonFiles(project: analysis.path, agents: analysis.agents, targets: targets ?? [:], world: world)
  }
}
