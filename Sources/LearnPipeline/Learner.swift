public import BuiltinRules
public import ContextFiles
internal import MarkerBlock
public import Recommendations
internal import RuleEngine
public import RulePack
internal import SessionModel
internal import SessionReaders

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
    let (wanted, unwanted) = wanted(drafts, in: analysis)
    let (merged, told) = Merging.merge(wanted)
    let (chosen, overBudget) = Budget.choose(merged, tokens: options.budget)
    var learning = ProjectLearning(
      analysis: analysis, recommendations: chosen, leftOut: leftOut + unwanted + told + overBudget, files: [],
      faults: [])
    forEachFile(of: learning) { path, recommendations, writer, date throws(WriteError) in
      var file = try writer.plan(recommendations, for: path, date: date)
      file.warnings += sharing(path).warnings(about: recommendations)
      learning.files.append(file)
    } failed: { fault in
      learning.faults.append(fault)
    }
    return learning
  }

  func book(on analysis: ProjectAnalysis) -> LessonBook {
    LessonBook(
      rules: rules, facts: ProjectFacts(of: analysis.path, in: world), successes: analysis.successes,
      sessions: analysis.sessions.count, minimumEvidence: options.minimumEvidence)
  }

  /// Leaves out what people do not want: lessons that were forgotten, and lines that were taken out of their file.
  private func wanted(_ drafts: [Draft], in analysis: ProjectAnalysis) -> (wanted: [Draft], unwanted: [LeftOut]) {
    let memory = LessonMemory(stateFolder: world.stateFolder)
    let forgotten = Set(memory.forgotten.map(\.id))
    let places = places(of: analysis)
    var wanted: [Draft] = []
    var unwanted: [LeftOut] = []
    for draft in drafts {
      let files = places.files(for: draft)
      if forgotten.contains(draft.id) {
        unwanted.append(LeftOut(draft, .forgotten))
      } else if files.allSatisfy({ memory.removals(from: $0).contains(id: draft.id, text: draft.text) }) {
        unwanted.append(LeftOut(draft, .removedByHand(file: files.first ?? "")))
      } else {
        wanted.append(draft)
      }
    }
    return (wanted, unwanted)
  }

  /// Writes the files of a project.
  /// - Returns: The learning with its files as they were written, and what could not be written.
  public func apply(_ learning: ProjectLearning) -> ProjectLearning {
    var applied = learning
    applied.files = []
    applied.faults = []
    guard options.target != nil || world.isFolder(learning.analysis.path) else {
      if !learning.recommendations.isEmpty {
        applied.faults = [
          "\(learning.analysis.path) is not a folder on this machine: nothing was written; name a file with --target"
        ]
      }
      return applied
    }
    forEachFile(of: learning) { path, recommendations, writer, date throws(WriteError) in
      let sharing = sharing(path)
      // First out of git's sight, then written.
      try sharing.exclude(stateFolder: world.stateFolder, run: world.moment)
      var file = try writer.apply(recommendations, to: path, date: date)
      file.warnings += sharing.warnings(about: recommendations)
      applied.files.append(file)
    } failed: { fault in
      applied.faults.append(fault)
    }
    return applied
  }

  private func sharing(_ path: String) -> GitSharing {
    GitSharing(of: path, isPersonal: PathText.name(of: path) == "CLAUDE.local.md", world: world)
  }

  private func forEachFile(
    of learning: ProjectLearning,
    _ body: (String, [Recommendation], ContextWriter, BlockDate) throws(WriteError) -> Void,
    failed: (String) -> Void
  ) {
    guard let date = BlockDate(world.today) else { return failed("`\(world.today)` is not a date: set the clock") }
    let project = learning.analysis.path
    let places = places(of: learning.analysis)
    let memory = LessonMemory(stateFolder: world.stateFolder)
    var byFile: [String: [Recommendation]] = [:]
    for recommendation in learning.recommendations {
      let draft = recommendation.draft
      // A line that was taken out of one file by hand may still stand in another.
      for path in places.files(for: draft) where !memory.removals(from: path).contains(id: draft.id, text: draft.text) {
        byFile[path, default: []].append(recommendation)
      }
    }
    let writer = ContextWriter(
      roots: [project, world.home] + Agents.all.filter { !$0.readsNamedLogs }.map { $0.home(in: world.agents) }
        + [options.target.map { PathText.folder(of: $0) }].compactMap(\.self),
      stateFolder: world.stateFolder, run: world.moment)
    // What everyone on the project reads comes first, wherever the agent keeps its own files.
    let ordered = byFile.keys.sorted { left, right in
      (left.hasPrefix(project + "/") ? 0 : 1, left) < (right.hasPrefix(project + "/") ? 0 : 1, right)
    }
    for path in ordered {
      do throws(WriteError) { try body(path, byFile[path] ?? [], writer, date) } catch { failed(error.description) }
    }
  }

  private func places(of analysis: ProjectAnalysis) -> LessonPlaces {
    LessonPlaces(project: analysis.path, agents: analysis.agents, target: options.target, world: world)
  }
}
