internal import ContextFiles

/// What is the same for the files of all projects of a run, found when the first one asks.
final class RunFacts: Sendable {
  /// The folders of all built-in agents.
  let agentHomes: Lazily<[String]>
  /// The ids of the lessons that are not wanted anywhere.
  let forgotten: Lazily<Set<String>>
  let workingCopies = WorkingCopies()

  init(_ world: World) {
    agentHomes = Lazily { world.agentHomes }
    forgotten = Lazily { Set(LessonMemory(stateFolder: world.stateFolder).forgotten.map(\.id)) }
  }
}
