internal import PatternEngine
internal import Synchronization

/// All kinds with one prefilter over their literals. A pattern is compiled when its literal first occurs.
final class SecretTable: Sendable {
  static let standard = SecretTable(SecretKind.tokens + SecretKind.inContext)

  private let kinds: [SecretKind]
  private let filter: LiteralFilter
  /// The kind of each literal of the filter.
  private let owners: [Int]
  private let compiled = Mutex<[Int: Pattern]>([:])

  init(_ kinds: [SecretKind]) {
    self.kinds = kinds
    var literals: [Literal] = []
    var owners: [Int] = []
    for (index, kind) in kinds.enumerated() {
      for literal in kind.required {
        literals.append(literal)
        owners.append(index)
      }
    }
    filter = LiteralFilter(literals)
    self.owners = owners
  }

  /// How far before and behind its literal a secret may reach.
  private static let before = 300
  private static let behind = 17_000
  /// How much is looked through at once: twice as much, so that where there is nothing each byte is met twice and not again
  /// for every literal.
  private static let window = 2 * behind

  /// - Returns: Where secrets stand, in no order; some may overlap.
  func ranges(in bytes: [UInt8], scratch: () -> MatchScratch) -> [Range<Int>] {
    var found: [Range<Int>] = []
    /// Up to where each kind has been looked for.
    var done: [Int: Int] = [:]
    /// Up to where each kind has been looked for in vain.
    var empty: [Int: Int] = [:]
    var hits: [LiteralFilter.Hit] = []
    filter.scan(bytes) { hits.append($0) }
    for hit in hits.sorted(by: { $0.offset < $1.offset }) {
      let kind = owners[hit.literal]
      var from = max(done[kind] ?? 0, hit.offset - Self.before)
      guard let pattern = pattern(kind) else { continue }
      if let empty = empty[kind], min(bytes.count, hit.offset + Self.behind) <= empty { continue }
      let end = min(bytes.count, hit.offset + Self.window)
      while from <= hit.offset {
        do throws(MatchFailure) {
          guard let match = try pattern.firstMatch(in: bytes, window: from..<end, scratch: scratch()) else {
            empty[kind] = end
            break
          }
          found.append(Self.secret(of: match, in: bytes))
          from = max(match.range.upperBound, from + 1)
        } catch {
          // Given up: better a text that is masked too far than one that leaks.
          found.append(from..<end)
          from = end
        }
      }
      done[kind] = max(from, hit.offset + 1)
    }
    return found
  }

  private func pattern(_ kind: Int) -> Pattern? {
    compiled.withLock { compiled in
      if let known = compiled[kind] { return known }
      let pattern = try? Pattern(kinds[kind].pattern)
      compiled[kind] = pattern
      return pattern
    }
  }

  /// The part that the group `secret` holds, else the whole match.
  private static func secret(of match: PatternMatch, in bytes: [UInt8]) -> Range<Int> {
    guard let text = match.captures["secret"].map({ Array($0.utf8) }), !text.isEmpty, text.count <= match.range.count
    else {
      return match.range
    }
    // The secret stands at the end of its match, or nearly so.
    var start = match.range.upperBound - text.count
    while start >= match.range.lowerBound {
      if bytes[start..<(start + text.count)].elementsEqual(text) { return start..<(start + text.count) }
      start -= 1
    }
    return match.range
  }
}

extension SecretKind {
  /// Texts of which a match holds one.
  var required: [Literal] { literals.isEmpty ? RequiredLiterals.of(pattern) : literals }
}
