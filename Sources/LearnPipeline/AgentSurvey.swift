public import SessionModel
public import SessionReaders

/// Which agents there are, and what was found of them.
public struct AgentSurvey: Sendable {
  public struct Agent: Sendable, Encodable {
    public var name: String
    public var displayName: String
    /// Where the logs are looked for first; empty when they are named on the command line.
    public var home: String
    /// Where else they are looked for.
    public var otherHomes: [String]
    /// The variables that name the home.
    public var variables: [String]
    public var files: Int
    /// Where what is known of the format comes from.
    public var sources: [FormatSource]
    public var readsNamedLogs: Bool

    enum CodingKeys: String, CodingKey {
      case name, home, variables, files, sources
      case displayName = "display_name"
      case otherHomes = "other_homes"
      case readsNamedLogs = "reads_named_logs"
    }
  }

  public var agents: [Agent]
  public var issues: [LogIssue]

  public init(_ world: World) {
    agents = []
    issues = world.catalog.external(in: world.agents).issues
    for plugin in world.plugins {
      let found = plugin.discover(in: world.agents)
      issues += found.issues
      agents.append(
        Agent(
          name: plugin.name, displayName: plugin.displayName, home: plugin.home(in: world.agents),
          otherHomes: plugin.places.dropFirst().map { $0.folder(in: world.agents) },
          variables: plugin.places.flatMap(\.variables), files: found.files.count, sources: plugin.sources,
          readsNamedLogs: plugin.readsNamedLogs))
    }
  }

  /// Where the logs of agents are looked for, in words; no plugin is run for that.
  public static func places(of agent: String?, in world: World) -> [String] {
    world.plugins.filter { !$0.readsNamedLogs && (agent == nil || $0.name == agent) }.map { plugin in
      "\(plugin.displayName) in \(plugin.home(in: world.agents))"
    }
  }

  /// Whether there is an agent of this name; no plugin is run for that.
  public static func knows(_ name: String, in world: World) -> Bool { !world.plugins(named: [name]).isEmpty }

  /// The names of all agents; no plugin is run for that.
  public static func names(in world: World) -> [String] { world.plugins.map(\.name) }

  /// The names of those that read logs named on the command line. Plugins do not.
  public static var readersOfNamedLogs: [String] { Agents.all.filter(\.readsNamedLogs).map(\.name) }
}
