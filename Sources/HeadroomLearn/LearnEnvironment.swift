internal import LearnPipeline

/// The machine as the library sees it.
public struct LearnEnvironment: Sendable {
  let world: World

  /// This process, this disk, this day.
  public static var current: LearnEnvironment { LearnEnvironment(world: .real) }

  /// This disk and day with another home folder and other variables, such as `XDG_STATE_HOME` and `CLAUDE_CONFIG_DIR`.
  public init(home: String, variables: [String: String] = [:]) {
    var world = World.real
    world.home = home
    world.variables = variables
    self.world = world
  }

  private init(world: World) { self.world = world }
}
