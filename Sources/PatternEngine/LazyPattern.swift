/// A pattern that is compiled when it is first needed: most of a large pack never meets its literal. Shared by all threads.
public final class LazyPattern: Sendable {
  public let source: String
  private let made = MadeOnce<Pattern?>()

  public init(_ source: String) { self.source = source }

  /// - Returns: nil when the pattern does not compile, which the reader of the pack has reported already.
  public var pattern: Pattern? { made.value { try? Pattern(source) } }
}
