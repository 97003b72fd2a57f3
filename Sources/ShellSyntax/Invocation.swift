/// A program that a command line runs, with the wrappers around it taken off.
public struct Invocation: Hashable, Sendable {
  /// What a command does in its pipeline.
  public enum Role: Hashable, Sendable {
    /// Makes the output: the first command of a pipeline, and what `xargs` runs.
    case producer
    /// Reads what the command before it wrote.
    case filter
  }

  /// The last path component of the program: `python3` for `/usr/bin/python3`.
  public let program: String
  /// The program as the command names it, after quote removal.
  public let programPath: String
  /// The words after the program, after quote removal.
  public let arguments: [String]
  /// The program with its subcommand words, where it has them: `git status`, `npm run build`, `uv run pytest`,
  /// `docker compose up`, `python -m pytest`. Never a path, a flag, or quoted text.
  public let head: String
  let headWords: Head
  /// The program that runs in the end: `pytest` of `uv run pytest`. A subcommand or a script is none.
  public var coreProgram: String { headWords.words[headWords.coreIndex] }
  /// What was taken off, outermost first: `sudo`, `timeout`, `bash -lc`, `ssh root@host`, `docker exec api`.
  public let wrappers: [String]
  /// Names of the variables that the line sets for the program: before it, with `env`, or with `export` earlier on.
  public let environment: [String]
  /// The folder that `cd` moved to earlier in the line, several joined; nil when the line does not move.
  public let directory: String?
  public let role: Role
  /// The call can succeed although this command fails: it stands before a pipe, before `;` or a line end, before
  /// `|| true`, in a condition, or in the background. `set -e` and `set -o pipefail` are honoured; `|| exit 1` hides
  /// nothing.
  public let hidesStatus: Bool
}
