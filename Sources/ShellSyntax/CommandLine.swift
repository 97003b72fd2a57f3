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
  /// The programs that the line runs, in order, without their wrappers. What `bash -c`, `ssh`, `docker exec` and their
  /// like run is parsed again and stands in place of the wrapper, as do the commands of `name=$(…)`.
  public let invocations: [Invocation]

  /// Parses the text in time linear in its length.
  public init(parsing text: String) {
    let inner = CommandLine(inner: text)
    var finder = InvocationFinder()
    finder.visit(inner, in: InvocationContext())
    self.init(items: inner.items, isComplete: inner.isComplete, invocations: finder.found)
  }

  /// A line inside another, whose programs are those of the outer one.
  init(inner text: String) {
    var parser = Parser(text)
    parser.parse()
    let (items, isComplete) = parser.finish()
    self.init(items: items, isComplete: isComplete, invocations: [])
  }

  private init(items: [Item], isComplete: Bool, invocations: [Invocation]) {
    self.items = items
    self.isComplete = isComplete
    self.invocations = invocations
  }

  /// The command that ends the line, whose status is most often that of the call.
  public var lastInvocation: Invocation? { invocations.last }

  /// The pipelines in the order of the text.
  public var pipelines: [Pipeline] {
    items.compactMap { if case .pipeline(let pipeline) = $0 { pipeline } else { nil } }
  }
}
