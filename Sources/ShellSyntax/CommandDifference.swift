/// How a later command differs from an earlier one: what an agent changed to make it work.
public struct CommandDifference: Hashable, Sendable {
  /// One change, from the earlier command to the later one.
  public enum Change: Hashable, Sendable {
    /// The words that name the program are others, and what follows is alike: `python3` to `uv run python`.
    case prefix(from: String, to: String)
    /// Another program, by the heads of the two.
    case program(from: String, to: String)
    /// The same program with another subcommand, script or target, by the heads of the two.
    case subcommand(from: String, to: String)
    case addedFlag(String)
    case removedFlag(String)
    /// A path or file; those of the two are paired in their order.
    case path(from: String, to: String)
    /// Another argument; nil where one of the two has none.
    case argument(from: String?, to: String?)
    /// The folder that `cd` moves to; nil where it does not move.
    case directory(from: String?, to: String?)
    case addedEnvironment(String)
    case removedEnvironment(String)
    case addedWrapper(String)
    case removedWrapper(String)
    /// Another command runs before, by its head; none that only prints or moves.
    case addedCommand(String)
  }

  /// The changes: where the command runs first, then what runs, then its arguments.
  public internal(set) var changes: [Change]
  /// 0 to 1. The heads count for 0.6: 1 when equal, 0.8 when runners differ around one program, 0.5 to 0.8 by
  /// their common words when the subcommands of one program differ, else 0. The arguments after the head count for 0.4: twice the number of
  /// common words by the number of all words. Folder, environment and wrappers do not count.
  public let similarity: Double

  /// Compares two commands.
  public init(from: Invocation, to: Invocation) {
    similarity = Similarity.of(from, to)
    changes = DifferenceReader.changes(from: from, to: to)
  }

  /// Compares the two most alike commands of two lines; nil when one of the lines runs nothing.
  /// Only the last 12 commands of a line are looked at. Filters, `cd`, `echo` and their like are passed over when the
  /// line has others.
  /// - Parameters:
  ///   - least: Commands that are less alike are not compared any further: nil.
  ///   - isMeant: Whether a command of the earlier line is looked at.
  public init?(
    from: CommandLine, to: CommandLine, atLeast least: Double = 0, where isMeant: (Invocation) -> Bool = { _ in true }
  ) {
    let earlier = from.invocations
    self.init(earlier, Self.candidates(earlier).filter { isMeant(earlier[$0]) }, to.invocations, least)
  }

  /// Compares a command with the one of a later line that is most like it; nil when the line runs nothing.
  public init?(from: Invocation, to: CommandLine) {
    self.init([from], [0], to.invocations)
  }

  private init?(_ earlier: [Invocation], _ chosen: [Int], _ later: [Invocation], _ least: Double = 0) {
    var best: (from: Int, to: Int, similarity: Double)?
    let candidates = Self.candidates(later)
    for first in chosen {
      for second in candidates {
        let similarity = Similarity.of(earlier[first], later[second])
        if similarity > best?.similarity ?? -1 { best = (first, second, similarity) }
      }
    }
    guard let best, best.similarity >= least else { return nil }
    self.init(from: earlier[best.from], to: later[best.to])
    var known = Set(earlier.prefix(best.from).map(\.head))
    for invocation in later[..<best.to] where invocation.preparesSomething {
      if known.insert(invocation.head).inserted { changes.append(.addedCommand(invocation.head)) }
    }
  }

  private static func candidates(_ invocations: [Invocation]) -> [Int] {
    let telling = invocations.indices.filter { invocations[$0].isTelling }
    return Array((telling.isEmpty ? Array(invocations.indices) : telling).suffix(12))
  }
}

extension Invocation {
  private var onlyMoves: Bool {
    switch program {
    case "cd", "pushd", "popd", "chdir", "Set-Location": true
    default: false
    }
  }

  private var onlyPrints: Bool {
    switch program {
    case "echo", "printf", "true", ":": true
    default: false
    }
  }

  /// Can make a later command work.
  fileprivate var preparesSomething: Bool { role == .producer && !onlyMoves && !onlyPrints }

  /// Does something that an agent would try again.
  fileprivate var isTelling: Bool {
    switch program {
    case "false", "sleep", "export", "set", "exit", "wait", "source", ".": false
    default: preparesSomething
    }
  }
}
