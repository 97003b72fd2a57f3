internal import PatternEngine
internal import RulePack
internal import SessionModel

/// A rule made ready for matching: what is asked of each call costs no more than a few comparisons, and its patterns are
/// compiled once, whichever rules share them.
final class ReadyRule: Sendable {
  /// Its place among all rules.
  let number: Int
  let id: String
  let category: Category?
  let rank: Int
  let masked: Rule.Masked
  let door: CallDoor
  let when: Conditions

  init(_ rule: Rule, at number: Int, _ pool: PatternPool) {
    self.number = number
    id = rule.id
    category = rule.category
    rank = rule.rank
    masked = rule.masked
    door = CallDoor(rule)
    when = Conditions(rule.when, pool)
  }

  /// Whether a success is only doubted where some command wrote output of its own.
  var needsProducer: Bool { masked == .producer && !door.isAbout(.succeeded) }

  /// Whether it asks what an earlier call of another tool than the shell said when it succeeded.
  var readsEarlierOutputs: Bool { when.after.map { !$0.output.isEmpty && $0.door.admitsOtherSuccesses } ?? false }

  /// The conditions of a rule that need patterns. These are classes because they are handed on for every rule that is
  /// tried: a value with so many parts would be copied part by part.
  final class Conditions: Sendable {
    let program: NameTest?
    let last: NameTest?
    let input: [LazyPattern]
    let inputAll: [LazyPattern]
    let output: LedPatterns
    let outputAll: [LedPatterns]
    let place: RulePack.Conditions.Place
    let empty: Bool?
    let after: Earlier?
    let repeats: Int?
    let unless: Exclusion
    let doubt: Exclusion
    /// Literals, by their numbers in the pool, of which the output, or else the input, of every match holds one: those
    /// of the output by pattern.
    let outputGate: [[Int]]
    let inputGate: [Int]
    /// How many bytes of an output can hold what leads to a match.
    var reach: Int { place == .head && !outputGate.isEmpty ? CallSubject.edgeBytes : .max }
    /// Whether the literals of the gate are those of `output`.
    let isGatedByOutput: Bool

    init(_ when: RulePack.Conditions, _ pool: PatternPool) {
      program = when.program.map { pool.names($0) }
      last = when.last.map { pool.names($0) }
      input = when.input.map { pool.pattern($0) }
      inputAll = when.inputAll.map { pool.pattern($0) }
      output = LedPatterns(when.output, pool)
      outputAll = when.outputAll.map { LedPatterns([$0], pool) }
      place = when.place
      empty = when.empty
      after = when.after.map { Earlier($0, pool) }
      repeats = when.repeats
      unless = Exclusion(when.unless, pool)
      doubt = Exclusion(when.doubt, pool)
      let gate = when.gate
      outputGate = gate.map { pool.numbers(of: $0.literals) }
      inputGate = gate.isEmpty ? when.inputGate.flatMap { pool.numbers(of: $0.literals) } : []
      isGatedByOutput = gate == when.output
    }
  }

  final class Earlier: Sendable {
    let door: CallDoor
    let program: NameTest?
    let input: [LazyPattern]
    let output: LedPatterns
    let within: Int
    let same: RulePack.Conditions.Earlier.Same?

    init(_ earlier: RulePack.Conditions.Earlier, _ pool: PatternPool) {
      door = CallDoor(outcomes: earlier.outcomes.isEmpty ? Outcome.allCases : earlier.outcomes, tools: earlier.tools)
      program = earlier.program.map { pool.names($0) }
      input = earlier.input.map { pool.pattern($0) }
      output = LedPatterns(earlier.output, pool)
      within = earlier.within
      same = earlier.same
    }
  }

  final class Exclusion: Sendable {
    let program: NameTest?
    let last: NameTest?
    let input: [LazyPattern]
    let output: LedPatterns

    init(_ exclusion: RulePack.Conditions.Exclusion, _ pool: PatternPool) {
      program = exclusion.program.map { pool.names($0) }
      last = exclusion.last.map { pool.names($0) }
      input = exclusion.input.map { pool.pattern($0) }
      output = LedPatterns(exclusion.output, pool)
    }
  }
}
