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
    return (logs.projects.map { learning(of: $0) }, logs)
  }

  private func learning(of analysis: ProjectAnalysis) -> ProjectLearning {
    let isHere = world.isFolder(analysis.path)
    let facts = ProjectFacts(path: analysis.path) { [world] path in
      // Only what lies inside the project can be told from its folder.
      isHere && path.hasPrefix(analysis.path + "/") ? world.fileExists(path) : nil
    }
    let book = LessonBook(
      rules: rules, facts: facts, successes: analysis.successes, sessions: analysis.sessions.count,
      minimumEvidence: options.minimumEvidence)
    let (drafts, leftOut) = book.lessons(from: analysis.observations)
    let (wanted, unwanted) = wanted(drafts, in: analysis)
    let (chosen, overBudget) = Budget.choose(wanted, tokens: options.budget)
    var learning = ProjectLearning(
      analysis: analysis, recommendations: chosen, leftOut: leftOut + unwanted + overBudget, files: [], faults: [])
    forEachFile(of: learning) { path, recommendations, writer, date throws(WriteError) in
      learning.files.append(try writer.plan(recommendations, for: path, date: date))
    } failed: { fault in
      learning.faults.append(fault)
    }
    return learning
  }

  /// Leaves out what people do not want: lessons that were forgotten, and lines that were taken out of their file.
  private func wanted(_ drafts: [Draft], in analysis: ProjectAnalysis) -> (wanted: [Draft], unwanted: [LeftOut]) {
    let memory = LessonMemory(stateFolder: world.stateFolder)
    let forgotten = Set(memory.forgotten.map(\.id))
    var removals: [String: LessonMemory.Removals] = [:]
    var wanted: [Draft] = []
    var unwanted: [LeftOut] = []
    for draft in drafts {
      let path = file(for: draft.target, project: analysis.path, agent: analysis.agent)
      let removed = removals[path] ?? memory.removals(from: path)
      removals[path] = removed
      if forgotten.contains(draft.id) {
        unwanted.append(LeftOut(draft, .forgotten))
      } else if removed.contains(id: draft.id, text: draft.text) {
        unwanted.append(LeftOut(draft, .removedByHand(file: path)))
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
      applied.files.append(try writer.apply(recommendations, to: path, date: date))
    } failed: { fault in
      applied.faults.append(fault)
    }
    return applied
  }

  private func forEachFile(
    of learning: ProjectLearning,
    _ body: (String, [Recommendation], ContextWriter, BlockDate) throws(WriteError) -> Void,
    failed: (String) -> Void
  ) {
    guard let date = BlockDate(world.today) else { return failed("`\(world.today)` is not a date: set the clock") }
    let project = learning.analysis.path
    var byFile: [String: [Recommendation]] = [:]
    for recommendation in learning.recommendations {
      let path = file(for: recommendation.draft.target, project: project, agent: learning.analysis.agent)
      byFile[path, default: []].append(recommendation)
    }
    let writer = ContextWriter(
      roots: [project, world.home] + Agents.all.map { $0.home(in: world.agents) }
        + [options.target.map { PathText.folder(of: $0) }].compactMap(\.self),
      stateFolder: world.stateFolder, run: world.moment)
    for (path, recommendations) in byFile.sorted(by: { $0.key < $1.key }) {
      do throws(WriteError) { try body(path, recommendations, writer, date) } catch { failed(error.description) }
    }
  }

  private func file(for target: Lesson.Target, project: String, agent: String) -> String {
    if let target = options.target { return target }
    guard let plugin = Agents.all.first(where: { $0.name == agent }) else { return project + "/AGENTS.md" }
    let files = plugin.contextFiles(of: project, in: world.agents)
    if target == .memoryFile, let memory = files.memory { return memory }
    // A personal file that already holds a block is the one that its owner wants kept up.
    if let personal = files.personal, let bytes = world.read(personal), BlockDocument(parsing: bytes).blockCount > 0 {
      return personal
    }
    return files.context
  }
}
