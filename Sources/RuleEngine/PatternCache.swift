internal import PatternEngine
internal import RulePack
internal import Synchronization

/// Patterns are compiled when they are first needed: most of a pack never meets its literal.
final class PatternCache: Sendable {
  private let compiled = Mutex<[String: Pattern?]>([:])

  /// - Returns: nil when the pattern does not compile, which the reader of the pack has reported already.
  func pattern(_ text: PatternText) -> Pattern? {
    compiled.withLock { compiled in
      if let known = compiled[text.source] { return known }
      let pattern = try? Pattern(text.source)
      compiled[text.source] = .some(pattern)
      return pattern
    }
  }
}
