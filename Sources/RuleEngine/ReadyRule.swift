internal import PatternEngine
internal import RulePack
internal import SessionModel

/// A rule made ready for matching: what is asked of each call costs no more than a few comparisons. The rest is made ready
/// when a call gets so far, which most rules of a large pack never see.
final class ReadyRule: Sendable {
  /// Its place among all rules.
  let number: Int
  let id: String
  let category: Category?
  let rank: Int
  let masked: Rule.Masked
  let door: CallDoor
  /// Literals, by their numbers in the pool, of which the output, or else the input, of every match holds one: those
  /// of the output by pattern.
  let outputGate: [[Int]]
  let inputGate: [Int]
  private let rules: [Rule]
  private let pool: PatternPool
  private let made = MadeOnce<Conditions>()

  /// - Parameters:
  ///   - number: The place of the rule among `rules`.
  init(_ number: Int, of rules: [Rule], _ pool: PatternPool) {
    let rule = rules[number]
    self.number = number
    self.rules = rules
    self.pool = pool
    id = rule.id
    category = rule.category
    rank = rule.rank
    masked = rule.masked
    door = CallDoor(rule)
    let gate = rule.when.gate
    outputGate = gate.map { pool.numbers(of: $0.literals) }
    inputGate = gate.isEmpty ? rule.when.inputGate.flatMap { pool.numbers(of: $0.literals) } : []
  }

  /// The conditions behind the door.
  var when: Conditions { made.value { Conditions(rules[number].when, pool) } }

  /// The programs of which every match runs one, where they are listed.
  var programs: Set<String>? {
    let when = rules[number].when
    return when.program.flatMap { pool.names($0).listed } ?? when.last.flatMap { pool.names($0).listed }
  }

  /// How many bytes of an output can hold what leads to a match.
  var reach: Int { rules[number].when.place == .head && !outputGate.isEmpty ? CallSubject.edgeBytes : .max }

  /// Whether the user says it, and no call.
  var isAboutMessages: Bool { !rules[number].when.message.isEmpty }

  /// Whether a success is only doubted where some command wrote output of its own.
  var needsProducer: Bool { masked == .producer && !door.isAbout(.succeeded) }

  /// Whether it asks what an earlier call of another tool than the shell said when it succeeded.
  var readsEarlierOutputs: Bool {
    rules[number].when.after.map { !$0.output.isEmpty && CallDoor($0).admitsOtherSuccesses } ?? false
  }

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
    /// Whether the literals of the gate are those of `output`.
    let isGatedByOutput: Bool
    /// Whether it asks what was run.
    var namesCommand: Bool { program != nil || last != nil || !input.isEmpty }

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
      isGatedByOutput = when.gate == when.output
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
      door = CallDoor(earlier)
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
