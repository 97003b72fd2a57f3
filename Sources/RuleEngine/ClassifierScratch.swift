internal import PatternEngine
internal import Secrets

/// Working memory for matching: one for each thread.
public final class ClassifierScratch {
  let match = MatchScratch()
  let secrets = SecretScanner()
  var hits = LiteralHits()
  /// Room for where the literals of one rule stand.
  var places: [LiteralPlace] = []
  /// What each rule cost, when that is asked for.
  public internal(set) var costs: RuleCosts?

  /// - Parameter rules: How many rules to keep costs of; nil for none.
  public init(costsOf rules: Int? = nil) { costs = rules.map { RuleCosts(count: $0) } }
}

/// How often each rule was tried, with what success and at what cost, by its place in the classifier.
public struct RuleCosts: Sendable {
  public private(set) var candidates: [Int]
  public private(set) var matches: [Int]
  public private(set) var time: [Duration]

  public init(count: Int) {
    candidates = Array(repeating: 0, count: count)
    matches = candidates
    time = Array(repeating: .zero, count: count)
  }

  mutating func add(_ duration: Duration, matched: Bool, rule: Int) {
    candidates[rule] += 1
    matches[rule] += matched ? 1 : 0
    time[rule] += duration
  }

  /// Adds what another thread counted.
  public mutating func merge(_ other: RuleCosts) {
    for index in candidates.indices where index < other.candidates.count {
      candidates[index] += other.candidates[index]
      matches[index] += other.matches[index]
      time[index] += other.time[index]
    }
  }
}
