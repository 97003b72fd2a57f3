internal import PatternEngine
internal import RulePack

/// Rules about what the user types.
struct SpokenRules {
  private let patterns: LedPatterns
  /// The rule of each pattern.
  private let owners: [Rule]

  init(_ rules: [Rule], _ pool: PatternPool) {
    let spoken = rules.flatMap { rule in rule.when.message.map { (rule, $0) } }
    owners = spoken.map(\.0)
    // A sentence, which a pattern takes for the whole, begins anywhere in a message.
    patterns = LedPatterns(spoken.map { $0.1.anywhere }, pool)
  }

  /// For each sentence of a message, the first rule that matches it. A pattern that does too much work on a sentence says
  /// nothing of it.
  func findings(in message: String, _ scratch: MatchScratch) -> [Finding] {
    guard !patterns.isEmpty else { return [] }
    let places = places(in: message)
    if let places, places.isEmpty { return [] }
    return OwnWords.sentences(of: message, around: places?.map(\.offset)).compactMap { sentence in
      let bytes = Array(sentence.text.utf8)
      let range = sentence.offset..<sentence.offset + bytes.count
      for (number, pattern) in patterns.patterns.enumerated() {
        if let places, !places.contains(where: { $0.pattern == number && range.contains($0.offset) }) { continue }
        guard let match = try? pattern.pattern?.firstMatch(in: bytes, scratch: scratch) else { continue }
        let rule = owners[number]
        return Finding(
          ruleID: rule.id, category: rule.category, rank: rule.rank, captures: match.captures, offset: sentence.offset)
      }
      return nil
    }
  }

  /// Where literals stand of which a sentence must hold one to match the pattern that they lead to; nil when any sentence
  /// may match any.
  private func places(in message: String) -> [LiteralPlace]? {
    // Sentences are asked with plain apostrophes, which are shorter.
    let plain = OwnWords.plain(message)
    var places: [LiteralPlace] = []
    guard patterns.find(in: Array(plain.utf8), into: &places) else { return nil }
    return plain.utf8.count == message.utf8.count || places.isEmpty ? places : nil
  }
}

extension PatternText {
  /// With literals that are found wherever they stand.
  fileprivate var anywhere: PatternText {
    PatternText(source: source, literals: literals.map { Literal($0.bytes, ignoresCase: $0.ignoresCase) })
  }
}
