internal import PatternEngine
internal import RulePack
internal import Synchronization

/// Patterns are compiled when they are first needed: most of a pack never meets its literal.
final class PatternCache: Sendable {
  private let compiled = Mutex<[Key: Pattern?]>([:])

  /// Patterns are long, and looked up for every call: a few of their bytes tell them apart well enough.
  private struct Key: Hashable {
    let source: String

    func hash(into hasher: inout Hasher) {
      hasher.combine(source.utf8.count)
      for byte in source.utf8.suffix(16) { hasher.combine(byte) }
    }
  }

  /// - Returns: nil when the pattern does not compile, which the reader of the pack has reported already.
  func pattern(_ text: PatternText) -> Pattern? {
    compiled.withLock { compiled in
      let key = Key(source: text.source)
      if let known = compiled[key] { return known }
      let pattern = try? Pattern(text.source)
      compiled[key] = .some(pattern)
      return pattern
    }
  }
}
