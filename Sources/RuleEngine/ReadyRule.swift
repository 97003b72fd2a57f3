internal import PatternEngine
internal import RulePack
internal import SessionModel
internal import Synchronization

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
    let output: OutputPatterns
    let outputAll: [OutputPatterns]
    let place: RulePack.Conditions.Place
    let empty: Bool?
    let after: Earlier?
    let repeats: Int?
    let message: [LazyPattern]
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
      output = OutputPatterns(when.output, pool)
      outputAll = when.outputAll.map { OutputPatterns([$0], pool) }
      place = when.place
      empty = when.empty
      after = when.after.map { Earlier($0, pool) }
      repeats = when.repeats
      message = when.message.map { pool.pattern($0) }
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
    let output: OutputPatterns
    let within: Int
    let same: RulePack.Conditions.Earlier.Same?

    init(_ earlier: RulePack.Conditions.Earlier, _ pool: PatternPool) {
      door = CallDoor(outcomes: earlier.outcomes.isEmpty ? Outcome.allCases : earlier.outcomes, tools: earlier.tools)
      program = earlier.program.map { pool.names($0) }
      input = earlier.input.map { pool.pattern($0) }
      output = OutputPatterns(earlier.output, pool)
      within = earlier.within
      same = earlier.same
    }
  }

  final class Exclusion: Sendable {
    let program: NameTest?
    let last: NameTest?
    let input: [LazyPattern]
    let output: OutputPatterns

    init(_ exclusion: RulePack.Conditions.Exclusion, _ pool: PatternPool) {
      program = exclusion.program.map { pool.names($0) }
      last = exclusion.last.map { pool.names($0) }
      input = exclusion.input.map { pool.pattern($0) }
      output = OutputPatterns(exclusion.output, pool)
    }
  }
}

/// What is asked of a call before anything is matched: its outcome, tool, exit status and size.
struct CallDoor: Hashable, Sendable {
  /// A bit for each outcome, and for each kind of tool.
  private let outcomes: UInt32
  private let tools: UInt32
  /// Names that agents use for their tools.
  private let names: [String]
  private let exit: [Int]
  let maxBytes: Int?
  /// Whether the output of a shell call is believed against a status that says success.
  private let isMasked: Bool

  init(_ rule: Rule) {
    self.init(
      outcomes: rule.when.outcomes, tools: rule.when.tools, exit: rule.when.exit, maxBytes: rule.when.maxBytes,
      isMasked: rule.masked != .never)
  }

  init(outcomes: [Outcome], tools: [String], exit: [Int] = [], maxBytes: Int? = nil, isMasked: Bool = false) {
    let kinds = tools.compactMap { ToolKind(rawValue: $0) }
    self.outcomes = outcomes.reduce(0) { $0 | $1.bit }
    self.tools = (tools.isEmpty ? ToolKind.allCases : kinds).reduce(0) { $0 | $1.bit }
    names = tools.filter { ToolKind(rawValue: $0) == nil }
    self.exit = exit
    self.maxBytes = maxBytes
    self.isMasked = isMasked
  }

  func isAbout(_ outcome: Outcome) -> Bool { outcomes & outcome.bit != 0 }

  func admits(_ call: ToolCall) -> Bool {
    guard isAbout(call.outcome) || (isMasked && call.outcome == .succeeded && call.tool == .shell) else { return false }
    guard tools & call.tool.bit != 0 || (!names.isEmpty && names.contains(call.toolName)) else { return false }
    if let maxBytes, call.outputBytes > maxBytes { return false }
    return exit.isEmpty || call.exitStatus.map(exit.contains) == true
  }

  var admitsFailures: Bool { outcomes & ~Outcome.succeeded.bit != 0 }
  var admitsShellSuccesses: Bool { isMasked || isAbout(.succeeded) }
  var admitsOtherSuccesses: Bool { isAbout(.succeeded) && (tools & ~ToolKind.shell.bit != 0 || !names.isEmpty) }
}

extension Outcome {
  fileprivate var bit: UInt32 {
    switch self {
    case .succeeded: 1
    case .failed: 2
    case .rejected: 4
    case .blocked: 8
    case .cancelled: 16
    case .missing: 32
    }
  }
}

extension ToolKind {
  fileprivate var bit: UInt32 {
    let place: UInt32 =
      switch self {
      case .shell: 0
      case .read: 1
      case .edit: 2
      case .write: 3
      case .patch: 4
      case .grep: 5
      case .glob: 6
      case .list: 7
      case .web: 8
      case .subagent: 9
      case .mcp: 10
      case .other: 11
      }
    return 1 << place
  }
}

/// What a rule asks of the name of a program. Most list some names, which are looked up and not matched.
final class NameTest: Sendable {
  private final class Listed: Sendable {
    let names: Set<String>?

    init(_ names: Set<String>?) { self.names = names }
  }

  let pattern: LazyPattern
  private let made = AtomicLazyReference<Listed>()

  init(_ pattern: LazyPattern) { self.pattern = pattern }

  /// nil for a pattern that lists no names.
  var listed: Set<String>? {
    (made.load() ?? made.storeIfNil(Listed(ListedTexts.of(pattern.source)))).names
  }
}

/// The patterns of all rules, and the literals that lead to them: those that are written alike are compiled, and looked
/// for, once.
final class PatternPool: Sendable {
  private struct Numbers {
    var known: [Literal: Int] = [:]
    var literals: [Literal] = []
  }

  private let known: Mutex<[String: LazyPattern]>
  private let knownNames = Mutex<[String: NameTest]>([:])
  private let numbers = Mutex(Numbers())

  /// - Parameter rules: How many rules are about to bring theirs.
  init(rules: Int) { known = Mutex(Dictionary(minimumCapacity: 4 * rules)) }

  func names(_ text: PatternText) -> NameTest {
    let pattern = pattern(text)
    return knownNames.withLock { known in
      if let names = known[text.source] { return names }
      let names = NameTest(pattern)
      known[text.source] = names
      return names
    }
  }

  func pattern(_ text: PatternText) -> LazyPattern {
    known.withLock { known in
      if let pattern = known[text.source] { return pattern }
      let pattern = LazyPattern(text.source)
      known[text.source] = pattern
      return pattern
    }
  }

  /// Literals by their numbers.
  var literals: [Literal] { numbers.withLock { $0.literals } }

  func numbers(of literals: [Literal]) -> [Int] {
    numbers.withLock { numbers in
      literals.map { literal in
        if let number = numbers.known[literal] { return number }
        let number = numbers.literals.count
        numbers.known[literal] = number
        numbers.literals.append(literal)
        return number
      }
    }
  }
}

/// Patterns for an output, of which one has to match, with the literals that lead to where they can.
final class OutputPatterns: Sendable {
  let patterns: [LazyPattern]
  /// nil when some pattern has no literal, so that it has to be tried everywhere.
  private let filter: LazyFilter?

  init(_ texts: [PatternText], _ pool: PatternPool) {
    patterns = texts.map { pool.pattern($0) }
    filter = texts.isEmpty || texts.contains { $0.literals.isEmpty } ? nil : LazyFilter(texts)
  }

  var isEmpty: Bool { patterns.isEmpty }

  /// Looks for the literals of which every match holds one.
  /// - Returns: Whether there are such; else a match may be anywhere.
  func find(in subject: CallSubject, into places: inout [LiteralPlace]) -> Bool {
    guard let filter else { return false }
    filter.scan(subject.output, into: &places)
    return true
  }
}

/// A filter for the literals of patterns that is made when it is first needed.
private final class LazyFilter: Sendable {
  private final class Made: Sendable {
    let filter: LiteralFilter
    /// The pattern of each literal.
    let owners: [Int]

    init(_ texts: [PatternText]) {
      filter = LiteralFilter(texts.flatMap(\.literals))
      owners = texts.enumerated().flatMap { index, text in text.literals.map { _ in index } }
    }
  }

  private let texts: [PatternText]
  private let made = AtomicLazyReference<Made>()

  init(_ texts: [PatternText]) { self.texts = texts }

  func scan(_ output: [UInt8], into places: inout [LiteralPlace]) {
    let made = made.load() ?? made.storeIfNil(Made(texts))
    made.filter.scan(output) { places.append(LiteralPlace(offset: $0.offset, pattern: made.owners[$0.literal])) }
  }
}
