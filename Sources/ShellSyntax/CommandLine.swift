/// A command line as a POSIX shell would split it.
///
/// Parsing never fails: what is not shell is kept as plain words, and `isComplete` is false. Compound commands are
/// flattened: the simple commands inside `if`, `for`, `( )` and so on appear in `pipelines` in their order.
/// Comments are dropped.
public struct CommandLine: Hashable, Sendable {
  let items: [Item]
  /// The whole text was understood: quotes, brackets, heredocs and compound commands are closed, and nothing stands
  /// where a shell would not take it.
  public let isComplete: Bool

  /// Parses the text in time linear in its length.
  public init(parsing text: String) {
    var parser = Parser(text)
    parser.parse()
    (items, isComplete) = parser.finish()
  }

  /// The pipelines in the order of the text.
  public var pipelines: [Pipeline] {
    items.compactMap { if case .pipeline(let pipeline) = $0 { pipeline } else { nil } }
  }
}
