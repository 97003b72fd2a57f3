internal import ContextFiles
internal import LearnPipeline
internal import Recommendations
internal import RulePack
internal import SessionModel

/// What writing did, or would do.
public struct WriteResult: Sendable {
  /// The files that were changed; in a dry run those that would be.
  public let filesWritten: [String]
  /// The whole text of every file, changed or not, by its path.
  public let contentByFile: [String: String]
  /// What the owner of the files should know, such as lines that were left out because they are not wanted.
  public let warnings: [String]
  public let dryRun: Bool
}

/// Files that could not be written. They are as they were.
public struct ContextWriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for each file, naming it and what can be done.
  public let reasons: [String]
  /// What was written all the same.
  public let filesWritten: [String]
  public var description: String { reasons.joined(separator: "\n") }
}

/// Writes recommendations into the files that one agent reads, as `headroom learn --apply` does: into the marker block,
/// with every byte around it as it was, and so that `headroom undo` takes it back.
public protocol ContextWriter: Sendable {
  /// The agent whose files are written, by its name on the command line.
  var agentName: String { get }
  /// The folders and variables of the machine.
  var environment: LearnEnvironment { get }
}

extension ContextWriter {
  /// Merges recommendations into the project's files.
  ///
  /// - Parameter dryRun: Whether to leave the files alone and only say what would become of them. So it is unless you say
  ///   otherwise, as with the command.
  public func write(
    _ recommendations: [Recommendation], to project: ProjectInfo, dryRun: Bool = true
  ) throws(ContextWriteError) -> WriteResult {
    let world = environment.world
    func absolute(_ path: String) -> String { PathText.resolved(path, in: world.currentDirectory) }
    var targets: [Lesson.Target: String] = [:]
    targets[.contextFile] = project.contextFile.map(absolute)
    targets[.memoryFile] = project.memoryFile.map(absolute)
    let files = LessonFiles(project: absolute(project.path), agents: [agentName], targets: targets, world: world)
    let lines = recommendations.flatMap(\.lines)
    let unwanted = files.wanted(lines.map(\.draft)).unwanted
    let left = Set(unwanted.map(\.id))
    let wanted = lines.filter { !left.contains($0.draft.id) }
    let outcome = dryRun ? files.plan(wanted) : files.apply(wanted)
    let written = outcome.files.filter(\.isChanged).map(\.path)
    guard outcome.faults.isEmpty else {
      throw ContextWriteError(reasons: outcome.faults, filesWritten: dryRun ? [] : written)
    }
    return WriteResult(
      filesWritten: written,
      contentByFile: Dictionary(
        outcome.files.map { ($0.path, String(decoding: $0.content, as: UTF8.self)) },
        uniquingKeysWith: { _, last in last }),
      warnings: unwanted.map { "\($0.id) was left out: \($0.reason)" } + outcome.files.flatMap(\.warnings),
      dryRun: dryRun)
  }
}

/// Writes CLAUDE.md and MEMORY.md.
public struct ClaudeCodeWriter: ContextWriter {
  public let environment: LearnEnvironment
  public var agentName: String { "claude" }

  public init(environment: LearnEnvironment = .current) { self.environment = environment }
}

/// Writes AGENTS.md.
public struct CodexWriter: ContextWriter {
  public let environment: LearnEnvironment
  public var agentName: String { "codex" }

  public init(environment: LearnEnvironment = .current) { self.environment = environment }
}

/// Writes GEMINI.md.
public struct GeminiWriter: ContextWriter {
  public let environment: LearnEnvironment
  public var agentName: String { "gemini" }

  public init(environment: LearnEnvironment = .current) { self.environment = environment }
}
