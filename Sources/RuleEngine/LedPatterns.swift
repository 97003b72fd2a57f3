internal import PatternEngine
internal import RulePack

/// Patterns of which one has to match, with the literals that lead to where they can.
final class LedPatterns: Sendable {
  let patterns: [LazyPattern]
  private let texts: [PatternText]
  /// Whether every match holds a literal; else some pattern has to be tried everywhere.
  private let isLed: Bool
  private let made = MadeOnce<(filter: LiteralFilter, owners: [Int])>()

  init(_ texts: [PatternText], _ pool: PatternPool) {
    self.texts = texts
    patterns = texts.map { pool.pattern($0) }
    isLed = !texts.isEmpty && texts.allSatisfy { !$0.literals.isEmpty }
  }

  var isEmpty: Bool { patterns.isEmpty }

  /// The pattern that all places lead to, where there is one.
  func only(at places: [LiteralPlace]) -> LazyPattern? {
    guard let first = places.first, places.allSatisfy({ $0.pattern == first.pattern }) else { return nil }
    return patterns[first.pattern]
  }

  /// Looks for the literals of which every match holds one.
  /// - Returns: Whether there are such; else a match may be anywhere.
  func find(in bytes: [UInt8], into places: inout [LiteralPlace]) -> Bool {
    guard isLed else { return false }
    let (filter, owners) = made.value {
      let owners = texts.enumerated().flatMap { index, text in text.literals.map { _ in index } }
      return (LiteralFilter(texts.flatMap(\.literals)), owners)
    }
    filter.scan(bytes) { places.append(LiteralPlace(offset: $0.offset, pattern: owners[$0.literal])) }
    return true
  }
}
