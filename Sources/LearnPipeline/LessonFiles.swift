public import ContextFiles
internal import MarkerBlock
public import Recommendations
public import RulePack
internal import SessionModel
internal import SessionReaders

/// The files that the lines of one project go to, and the way into them: what people do not want is left out, and what
/// is for one person is kept out of git.
public struct LessonFiles: Sendable {
  private let project: String
  private let targets: [Lesson.Target: String]
  private let places: LessonPlaces
  private let memory: LessonMemory
  /// What people have taken out of each file.
  private let removals = Remembered<String, LessonMemory.Removals>()
  /// What people wrote themselves in each file.
  private let ownBullets = Remembered<String, Set<String>>()
  private let world: World
  private let facts: RunFacts

  /// - Parameters:
  ///   - project: Absolute path of the project.
  ///   - agents: The agents that worked on it.
  ///   - targets: Files to write instead of the agents' own.
  public init(project: String, agents: [String], targets: [Lesson.Target: String] = [:], world: World) {
    self.init(project: project, agents: agents, targets: targets, world: world, facts: RunFacts(world))
  }

  init(project: String, agents: [String], targets: [Lesson.Target: String], world: World, facts: RunFacts) {
    self.project = project
    self.targets = targets
    self.world = world
    self.facts = facts
    places = LessonPlaces(project: project, agents: agents, targets: targets, world: world)
    memory = LessonMemory(stateFolder: world.stateFolder, run: world.moment)
  }

  /// Leaves out what people do not want: lessons that were forgotten, lines that were taken out of their file, and those
  /// that they wrote into it themselves.
  public func wanted(_ drafts: [Draft]) -> (wanted: [Draft], unwanted: [LeftOut]) {
    let forgotten = facts.forgotten.value
    var wanted: [Draft] = []
    var unwanted: [LeftOut] = []
    for draft in drafts {
      if forgotten.contains(draft.id) {
        unwanted.append(LeftOut(draft, .forgotten))
      } else if paths(for: draft).isEmpty {
        let files = places.files(for: draft)
        if let file = files.first(where: { isWrittenByHand(draft, in: $0) }) {
          unwanted.append(LeftOut(draft, .writtenByHand(file: file)))
        } else {
          unwanted.append(LeftOut(draft, .removedByHand(file: files.first ?? "")))
        }
      } else {
        wanted.append(draft)
      }
    }
    return (wanted, unwanted)
  }

  /// The files that a line goes to: one that was taken out of one file by hand, or written there, may still stand in
  /// another.
  func paths(for draft: Draft) -> [String] {
    places.files(for: draft).filter { path in
      !removals.value(of: path) { memory.removals(from: path) }.contains(id: draft.id, text: draft.text)
        && !isWrittenByHand(draft, in: path)
    }
  }

  /// Whether a bullet outside of the block says the same, as it does when somebody copied it from a dry run.
  private func isWrittenByHand(_ draft: Draft, in path: String) -> Bool {
    ownBullets.value(of: path) { world.read(path).map { BlockDocument.bulletsOutside(of: $0) } ?? [] }
      .contains(draft.text)
  }

  /// What writing would do. Nothing is touched.
  /// - Returns: The files as they would be, and why they or others cannot be written.
  public func plan(_ recommendations: [Recommendation]) -> (files: [PlannedFile], faults: [String]) {
    let obstacle = recommendations.isEmpty ? nil : obstacle
    var (files, faults) = forEachFile(of: recommendations) { path, lines, writer, date throws(WriteError) in
      var file = try writer.plan(lines, for: path, date: date)
      file.warnings += sharing(path).warnings(about: lines)
      if obstacle != nil, file.isChanged { file.action = .withheld }
      return file
    }
    if let obstacle { faults.append(obstacle) }
    return (files, faults)
  }

  /// Writes.
  /// - Returns: The files as they are now, and why others were not written: those are as they were.
  public func apply(_ recommendations: [Recommendation]) -> (files: [PlannedFile], faults: [String]) {
    if recommendations.isEmpty { return ([], []) }
    if let obstacle { return ([], [obstacle]) }
    return forEachFile(of: recommendations) { path, lines, writer, date throws(WriteError) in
      let sharing = sharing(path)
      // First out of git's sight, then written.
      try sharing.exclude(stateFolder: world.stateFolder, run: world.moment)
      var file = try writer.apply(lines, to: path, date: date)
      file.warnings += sharing.warnings(about: lines)
      return file
    }
  }

  /// Why nothing is written for the project.
  private var obstacle: String? {
    guard targets[.contextFile] == nil, !world.isFolder(project) else { return nil }
    return "\(project) is not a folder on this machine: nothing is written "
      + "(--project with --target FILE writes its lines elsewhere)"
  }

  private func sharing(_ path: String) -> GitSharing {
    GitSharing(
      of: path, in: facts.workingCopies.root(of: PathText.folder(of: path), in: world),
      isPersonal: PathText.name(of: path) == "CLAUDE.local.md", world: world)
  }

  private func forEachFile(
    of recommendations: [Recommendation],
    _ body: (String, [Recommendation], ContextWriter, BlockDate) throws(WriteError) -> PlannedFile
  ) -> (files: [PlannedFile], faults: [String]) {
    guard let date = BlockDate(world.today) else { return ([], ["`\(world.today)` is not a date: set the clock"]) }
    var byFile: [String: [Recommendation]] = [:]
    for recommendation in recommendations {
      for path in paths(for: recommendation.draft) { byFile[path, default: []].append(recommendation) }
    }
    let writer = ContextWriter(
      roots: [project, world.home] + facts.agentHomes.value + targets.values.map { PathText.folder(of: $0) },
      stateFolder: world.stateFolder, run: world.moment)
    // What everyone on the project reads comes first, wherever the agent keeps its own files.
    let inside = project + "/"
    let ordered = byFile.keys.sorted { left, right in
      (left.hasPrefix(inside) ? 0 : 1, left) < (right.hasPrefix(inside) ? 0 : 1, right)
    }
    var files: [PlannedFile] = []
    var faults: [String] = []
    for path in ordered {
      do throws(WriteError) {
        files.append(try body(path, byFile[path] ?? [], writer, date))
      } catch {
        faults.append(error.description)
      }
    }
    return (files, faults)
  }
}
