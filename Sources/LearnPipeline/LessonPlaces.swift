internal import MarkerBlock
internal import Recommendations
internal import RulePack
internal import SessionModel
internal import SessionReaders

/// Decides which files of a project a lesson belongs to.
struct LessonPlaces {
  private let world: World
  private let project: String
  private let plugins: [any AgentPlugin]
  private let targets: [Lesson.Target: String]
  /// Context files that only bring in another one of them, and that other one.
  private let includedBy: [String: String]
  /// The files of each kind of lesson.
  private let known = Remembered<Kind, [String]>()

  /// What decides where a lesson goes.
  private struct Kind: Hashable {
    var target: Lesson.Target
    /// The rule pack of the agent whose tools it is about; nil when it concerns all.
    var owner: String?
  }

  /// - Parameters:
  ///   - agents: The agents that worked on the project.
  ///   - targets: Files that the user named instead of the agents' own.
  init(project: String, agents: [String], targets: [Lesson.Target: String], world: World) {
    self.world = world
    self.project = project
    self.targets = targets
    plugins = world.plugins(named: agents)
    let files = plugins.map { $0.contextFiles(of: project, in: world.agents).context }
    includedBy = Self.inclusions(among: Array(Set(files)).sorted(), of: project, world: world)
  }

  /// The files that should hold a line, each once. What concerns an agent's own tools goes to that agent alone.
  func files(for draft: Draft) -> [String] {
    if let named = targets[draft.target] { return [named] }
    let pack = Substring(draft.evidence.key.ruleID.utf8.prefix { $0 != UInt8(ascii: "/") })
    let kind = Kind(target: draft.target, owner: plugins.lazy.map(\.pack).first { $0 == pack })
    return known.value(of: kind) { files(for: kind) }
  }

  private func files(for kind: Kind) -> [String] {
    var files: [String] = []
    for plugin in plugins where kind.owner == nil || plugin.pack == kind.owner {
      let file = file(for: kind.target, plugin)
      if !files.contains(file) { files.append(file) }
    }
    return files.isEmpty ? [project + "/AGENTS.md"] : files
  }

  private func file(for target: Lesson.Target, _ plugin: any AgentPlugin) -> String {
    let files = plugin.contextFiles(of: project, in: world.agents)
    if target == .memoryFile, let memory = files.memory { return memory }
    // A personal file that already holds a block is the one that its owner wants kept up.
    if let personal = files.personal, let bytes = world.read(personal), BlockDocument(parsing: bytes).blockCount > 0 {
      return personal
    }
    var file = files.context
    // A file that is included may include another one in its turn.
    var seen: Set<String> = []
    while let other = includedBy[file], seen.insert(file).inserted { file = other }
    return file
  }

  /// A file that links to, or imports, another one of the files would hold its lines twice. So would one that imports a file
  /// of the project with a block that another agent, or another person, has use for.
  private static func inclusions(among files: [String], of project: String, world: World) -> [String: String] {
    var found: [String: String] = [:]
    func holdsLines(_ path: String) -> Bool {
      if files.contains(path) { return true }
      guard path.hasPrefix(project + "/"), let bytes = world.read(path) else { return false }
      return BlockDocument(parsing: bytes).blockCount > 0
    }
    for file in files {
      if let link = world.linkTarget(file) {
        let other = PathText.resolved(link, in: PathText.folder(of: file))
        if files.contains(other), other != file { found[file] = other }
        continue
      }
      guard let bytes = world.read(file) else { continue }
      for line in bytes.split(separator: 10) {
        // An import may stand anywhere in a line.
        for word in String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace) where word.first == "@"
        {
          let other = PathText.resolved(String(word.dropFirst()), in: PathText.folder(of: file))
          // Two files that import each other would leave no place at all.
          if other != file, found[other] != file, holdsLines(other) { found[file] = other }
        }
      }
    }
    return found
  }
}
