internal import LearnPipeline
internal import Recommendations
internal import RuleEngine
internal import RulePack
internal import SessionModel
internal import SessionReaders

/// A project that an agent has worked on.
public struct ProjectInfo: Sendable, Hashable {
  /// For people.
  public var name: String
  /// Its folder; a relative path starts in the current folder.
  public var path: String
  /// The file to write instead of the agent's own.
  public var contextFile: String?
  /// The file to write instead of the agent's own.
  public var memoryFile: String?

  public init(name: String? = nil, path: String, contextFile: String? = nil, memoryFile: String? = nil) {
    self.name = name ?? PathText.name(of: path)
    self.path = path
    self.contextFile = contextFile
    self.memoryFile = memoryFile
  }
}

/// One session of an agent, with what went wrong in it. Secrets are masked.
public struct Session: Sendable, Identifiable {
  /// A call that failed.
  public struct Failure: Sendable, Hashable {
    /// The tool by the name that its agent calls it.
    public let tool: String
    public let input: String
    /// The lines of the output that say what happened.
    public let output: String
    /// What kind of failure it is, such as `wrong_path`.
    public let category: String
    /// What worked instead, where the log shows it.
    public let correction: String?
  }

  public let id: String
  public let failures: [Failure]
}

/// An agent whose logs can be learned from.
public struct LearnPlugin: Sendable {
  let agent: any AgentPlugin
  let environment: LearnEnvironment

  /// The name on the command line and in JSON.
  public var name: String { agent.name }
  /// The name for people.
  public var displayName: String { agent.displayName }

  /// All agents that are built in.
  public static func all(in environment: LearnEnvironment = .current) -> [LearnPlugin] {
    Agents.all.map { LearnPlugin(agent: $0, environment: environment) }
  }

  /// The projects that have logs.
  public func discoverProjects() async -> [ProjectInfo] {
    await learnings(of: nil).map { ProjectInfo(name: $0.summary.name, path: $0.summary.path) }
  }

  /// The sessions of a project, by their ids.
  public func sessions(of project: ProjectInfo) async -> [Session] {
    let analyzer = LearnPipeline.SessionAnalyzer(rules: .builtin, world: environment.world)
    return await analyzer.analyze(selection(of: project)).projects.flatMap { project in
      let failed = Dictionary(grouping: project.observations.filter(\.failed), by: \.sessionID)
      return project.sessions.sorted().map { id in
        Session(id: id, failures: (failed[id] ?? []).map(Session.Failure.init))
      }
    }
  }

  /// What `headroom learn` makes of one project, or of all.
  func learnings(of project: ProjectInfo?) async -> [ProjectLearning] {
    await Learner(world: environment.world).learn(selection(of: project)).projects
  }

  private func selection(of project: ProjectInfo?) -> Selection {
    let path = project.map { PathText.resolved($0.path, in: environment.world.currentDirectory) }
    return Selection(agents: [agent.name], project: path)
  }
}

extension Session.Failure {
  init(_ observation: Observation) {
    self.init(
      tool: observation.toolName, input: observation.input, output: observation.excerpt,
      category: observation.category.rawValue, correction: observation.correction?.text)
  }
}

/// Learns from the sessions of a project, offline.
public struct SessionAnalyzer: Sendable {
  private let plugin: LearnPlugin

  public init(_ plugin: LearnPlugin) { self.plugin = plugin }

  /// What would have saved the agent its failures, the most valuable first.
  public func analyze(_ project: ProjectInfo) async -> [Recommendation] {
    await plugin.learnings(of: project).flatMap(\.recommendations).compactMap { Recommendation([$0]) }
  }
}
