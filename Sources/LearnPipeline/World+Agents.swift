internal import SessionModel
internal import SessionReaders

/// The agents of this machine: those that are built in, and the plugins of others.
final class AgentCatalog: Sendable {
  /// By the folders that plugins are looked for in.
  private let found = Remembered<String, (plugins: [ExternalPlugin], issues: [LogIssue])>()
  let workingCopies = WorkingCopies()

  /// Looks for plugins once.
  func external(in environment: AgentEnvironment) -> (plugins: [ExternalPlugin], issues: [LogIssue]) {
    found.value(of: environment["PATH"] ?? "") { ExternalAgents.found(in: environment) }
  }
}

/// Finds the working copies of git that folders are in. Each folder is looked at once: many lie in the same ones.
final class WorkingCopies: Sendable {
  private let known = Remembered<String, Bool>()

  /// - Returns: nil outside of any.
  func root(of folder: String, in world: World) -> String? {
    var folder = folder
    while !folder.isEmpty, folder != "/" {
      if known.value(of: folder, { world.fileExists(folder + "/.git") }) { return folder }
      folder = PathText.folder(of: folder)
    }
    return nil
  }
}

extension World {
  var agents: AgentEnvironment {
    AgentEnvironment(
      variables: variables, home: home, knownFolders: [currentDirectory] + [workingCopy].compactMap(\.self))
  }

  /// The working copy of git that the current folder is in.
  private var workingCopy: String? { catalog.workingCopies.root(of: currentDirectory, in: self) }

  /// The folders of all built-in agents.
  var agentHomes: [String] {
    let environment = agents
    return Agents.all.filter { !$0.readsNamedLogs }.map { $0.home(in: environment) }
  }

  var plugins: [any AgentPlugin] { Agents.all + catalog.external(in: agents).plugins }

  /// The agents of these names. The plugins of others are only looked for when a name is not that of a built-in one, which
  /// no plugin may have.
  func plugins(named names: [String]) -> [any AgentPlugin] {
    let all = Agents.names.isSuperset(of: names) ? Agents.all : plugins
    return all.filter { names.contains($0.name) }
  }

  /// The agents whose logs a selection looks at.
  func plugins(for selection: Selection) -> [any AgentPlugin] {
    selection.agents.map(plugins(named:)) ?? plugins.filter { !$0.readsNamedLogs }
  }

  /// What plugins are told when they look for the logs of a selection.
  func environment(for selection: Selection, projects: [String] = []) -> AgentEnvironment {
    var environment = agents
    environment.knownFolders = [selection.project].compactMap(\.self) + environment.knownFolders + [home] + projects
    environment.namedLogs = selection.logs
    return environment
  }
}
