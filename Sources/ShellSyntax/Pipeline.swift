/// Simple commands joined by pipes.
public struct Pipeline: Hashable, Sendable {
  /// What joins it to the pipeline before.
  public let connector: Connector
  /// It stands after `!`.
  public let isNegated: Bool
  /// The commands in order; a pipeline has at least one.
  public internal(set) var commands: [SimpleCommand]
  /// For every command but the last: the pipe after it carries standard error too (`|&`).
  public let pipesErrors: [Bool]
}
