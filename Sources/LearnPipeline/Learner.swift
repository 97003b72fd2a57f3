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
  /// Why a file could not be planned or written.
  public var faults: [String]
}

/// The whole path: logs, sessions, findings, evidence, drafts, recommendations, files.
public struct Learner: Sendable {
  private let world: World
  private let rules: [Rule]
  private let options: LearnOptions

  public init(world: World, rules: [Rule] = BuiltinRules.rules, options: LearnOptions = LearnOptions()) {
    self.world = world
    self.rules = rules
    self.options = options
  }

  /// Learns without writing anything.
  public func learn(_ selection: Selection) async -> (projects: [ProjectLearning], logs: LogAnalysis) {
    let logs = await SessionAnalyzer(classifier: Classifier(rules: rules), world: world).analyze(selection)
    return (ProjectAnalysis.byProject(logs.projects).map { learning(of: $0) }, logs)
  }

  private func learning(of analysis: ProjectAnalysis) -> ProjectLearning {
    let book = book(on: analysis)
    let (drafts, leftOut) = book.lessons(from: analysis.observations + analysis.statements)
    let files = files(of: analysis)
    let (wanted, unwanted) = files.wanted(drafts)
    let (merged, told) = Merging.merge(wanted)
    let (chosen, overBudget) = Budget.choose(merged, tokens: options.budget)
    let planned = files.plan(chosen)
    return ProjectLearning(
      analysis: analysis, recommendations: chosen, leftOut: leftOut + unwanted + told + overBudget,
      files: planned.files, faults: planned.faults)
  }

  func book(on analysis: ProjectAnalysis) -> LessonBook {
    LessonBook(
      rules: rules, facts: ProjectFacts(of: analysis.path, in: world), successes: analysis.successes,
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
