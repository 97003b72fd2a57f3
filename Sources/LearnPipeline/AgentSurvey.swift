internal import SessionReaders

/// Which agents there are, and what was found of them.
public enum AgentSurvey {
  public struct Agent: Sendable {
    public var name: String
    public var displayName: String
    public var home: String
    public var files: Int
  }

  public static var names: [String] { Agents.all.map(\.name) }

  public static func agents(in world: World) -> [Agent] {
    Agents.all.map { plugin in
      Agent(
        name: plugin.name, displayName: plugin.displayName, home: plugin.home(in: world.agents),
        files: plugin.discover(in: world.agents).files.count)
    }
  }
}
