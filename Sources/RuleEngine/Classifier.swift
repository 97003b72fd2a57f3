internal import PatternEngine
public import RulePack
public import SessionModel
internal import ShellSyntax

/// A set of rules made ready for matching. Shared by all threads.
public struct Classifier: Sendable {
  /// All rules, in the order of the packs.
  public let rules: [Rule]
  private let ignoringFlags: Bool
  private let filter: LiteralFilter
  /// The rule of each literal of the filter.
  private let literalRules: [Int]
  /// For rules that no literal of an output leads to, but one of the input.
  private let inputFilter: LiteralFilter
  private let inputLiteralRules: [Int]
  /// By rule: which calls it is about at all. Asked first, because most rules are about few calls.
  private let doors: [Door]
  /// Rules that no literal leads to.
  private let ungated: [Int]
  /// Rules about what the user types.
  private let spoken: [Int]
  private let patterns = PatternCache()

  /// - Parameter ignoringFlags: Go by the outputs alone: every shell call counts as one that the log calls a success.
  public init(rules: [Rule], ignoringFlags: Bool = false) {
    self.rules = rules
    self.ignoringFlags = ignoringFlags
    var literals: [[UInt8]] = []
    var literalRules: [Int] = []
    var inputLiterals: [[UInt8]] = []
    var inputLiteralRules: [Int] = []
    var ungated: [Int] = []
    var spoken: [Int] = []
    for (index, rule) in rules.enumerated() {
      if rule.when.readsMessages {
        spoken.append(index)
        continue
      }
      let gate = rule.when.gate
      let inputGate = gate.isEmpty ? rule.when.inputGate : []
      if gate.isEmpty, inputGate.isEmpty { ungated.append(index) }
      for literal in inputGate.flatMap(\.literals) {
        inputLiterals.append(literal)
        inputLiteralRules.append(index)
      }
      for literal in gate.flatMap(\.literals) {
        literals.append(literal)
        literalRules.append(index)
      }
    }
    filter = LiteralFilter(literals)
    self.literalRules = literalRules
    inputFilter = LiteralFilter(inputLiterals)
    self.inputLiteralRules = inputLiteralRules
    doors = rules.map { Door($0) }
    self.ungated = ungated
    self.spoken = spoken
  }

  /// Says whether the call failed, and why.
  /// - Parameter history: The calls before it.
  public func verdict(
    on call: ToolCall, after history: CallHistory = CallHistory(), scratch: ClassifierScratch
  ) -> Verdict {
    examine(call, after: history, scratch: scratch).verdict
  }

  /// The verdict together with every match that it was made from.
  public func examine(
    _ call: ToolCall, after history: CallHistory = CallHistory(), scratch: ClassifierScratch
  ) -> (verdict: Verdict, findings: [Finding]) {
    var call = call
    if ignoringFlags, call.outcome == .failed {
      call.outcome = .succeeded
      call.exitStatus = nil
    }
    let subject = CallSubject(call)
    var findings: [Finding] = []
    var givenUp: [Verdict.GivenUp] = []
    var hits: [Int: [Int]] = [:]
    filter.scan(subject.output) { hit in
      hits[literalRules[hit.literal], default: []].append(hit.offset)
    }
    var named: Set<Int> = []
    inputFilter.scan(subject.input) { named.insert(inputLiteralRules[$0.literal]) }
    for index in (ungated + hits.keys + named).sorted() where doors[index].admits(call) {
      let begin = scratch.costs == nil ? nil : ContinuousClock.now
      let result = match(rules[index], subject, after: history, offsets: hits[index], scratch)
      switch result {
      case .found(let finding): findings.append(finding)
      case .gaveUp(let failure): givenUp.append(.init(ruleID: rules[index].id, reason: failure.description))
      case .none: break
      }
      if let begin { scratch.costs?.add(ContinuousClock.now - begin, matched: result.isFinding, rule: index) }
    }
    return (Self.verdict(on: subject, findings: findings, givenUp: givenUp), findings)
  }

  /// Whether one rule by itself matches a call: what its examples are checked with.
  public func finding(
    of rule: Rule, on call: ToolCall, after history: CallHistory = CallHistory(), scratch: ClassifierScratch
  ) -> Finding? {
    guard !rule.when.readsMessages else { return nil }
    let match = match(rule, CallSubject(call), after: history, offsets: nil, scratch)
    return if case .found(let finding) = match { finding } else { nil }
  }

  /// What the user said in so many words: for each sentence of a message, the first rule that matches it. A pattern that
  /// does too much work on a sentence says nothing of it.
  public func findings(in message: UserMessage, scratch: ClassifierScratch) -> [Finding] {
    guard !spoken.isEmpty else { return [] }
    return OwnWords.sentences(of: message.text).compactMap { sentence in
      let bytes = Array(sentence.text.utf8)
      for rule in spoken.map({ rules[$0] }) {
        if let match = try? first(of: rule.when.message, in: bytes, scratch) {
          return Finding(
            ruleID: rule.id, category: rule.category, rank: rule.rank, captures: match.captures, offset: sentence.offset
          )
        }
      }
      return nil
    }
  }

  private static func verdict(on subject: CallSubject, findings: [Finding], givenUp: [Verdict.GivenUp]) -> Verdict {
    let call = subject.call
    let cause = findings.max { ($0.rank, -$0.offset) < ($1.rank, -$1.offset) }
    var verdict = Verdict(failed: false, masked: false, category: nil, cause: cause, givenUp: givenUp)
    switch call.outcome {
    case .missing: verdict.cause = nil
    case .succeeded:
      verdict.category = cause?.category
      verdict.failed = cause?.category?.isFailure ?? false
      verdict.masked = verdict.failed
    case .failed:
      guard let cause else {
        verdict.failed = true
        verdict.category = subject.isSilent ? .exitOnly : .other
        break
      }
      verdict.category = cause.category
      verdict.failed = cause.category?.isFailure ?? false
    case .rejected, .blocked, .cancelled:
      verdict.failed = true
      let byOutcome: Category =
        call.outcome == .rejected ? .userRejected : call.outcome == .blocked ? .blocked : .cancelledSibling
      verdict.category = cause?.category ?? byOutcome
    }
    return verdict
  }

  /// What is asked of a call before anything is matched.
  private struct Door: Sendable {
    let outcomes: [Outcome]
    let tools: [String]
    let isMasked: Bool

    init(_ rule: Rule) {
      outcomes = rule.when.outcomes
      tools = rule.when.tools
      isMasked = rule.masked != .never
    }

    func admits(_ call: ToolCall) -> Bool {
      (outcomes.contains(call.outcome) || (isMasked && call.outcome == .succeeded && call.tool == .shell))
        && (tools.isEmpty || tools.contains(call.tool.rawValue) || tools.contains(call.toolName))
    }
  }

  private enum Match {
    case none
    case found(Finding)
    case gaveUp(MatchFailure)

    var isFinding: Bool { if case .found = self { true } else { false } }
  }

  private func match(
    _ rule: Rule, _ subject: CallSubject, after history: CallHistory, offsets: [Int]?, _ scratch: ClassifierScratch
  ) -> Match {
    let when = rule.when
    guard isEligible(rule, subject.call), fits(when.tools, subject.call) else { return .none }
    if !when.exit.isEmpty {
      guard let status = subject.call.exitStatus, when.exit.contains(status) else { return .none }
    }
    if let limit = when.maxBytes, max(subject.call.outputBytes, subject.output.count) > limit { return .none }
    if let empty = when.empty, empty != subject.isSilent { return .none }
    do throws(MatchFailure) {
      if let program = when.program { guard try anyProgram(program, subject, scratch) else { return .none } }
      if let last = when.last { guard try lastProgram(last, subject, scratch) else { return .none } }
      var captures: [String: String] = [:]
      if !when.input.isEmpty {
        guard let match = try first(of: when.input, in: subject.input, scratch) else { return .none }
        captures.merge(match.captures) { first, _ in first }
      }
      for pattern in when.inputAll {
        guard let match = try first(of: [pattern], in: subject.input, scratch) else { return .none }
        captures.merge(match.captures) { first, _ in first }
      }
      guard let offset = try outputOffset(when, subject, offsets: offsets, &captures, scratch) else { return .none }
      if try excludes(when.unless, subject, scratch) { return .none }
      guard try isBelievable(rule, subject, captures, scratch) else { return .none }
      if let times = when.repeats {
        let same = history.before(subject.call).count { $0.isSame(as: subject.call) }
        guard same + 1 >= times else { return .none }
      }
      if let earlier = when.after {
        guard let before = try self.captures(of: earlier, before: subject.call, history, scratch) else { return .none }
        captures.merge(before) { own, _ in own }
      }
      return .found(
        Finding(ruleID: rule.id, category: rule.category, rank: rule.rank, captures: captures, offset: offset))
    } catch {
      return .gaveUp(error)
    }
  }

  /// What the latest call that fits captures; nil when none does.
  private func captures(
    of earlier: Conditions.Earlier, before call: ToolCall, _ history: CallHistory, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> [String: String]? {
    for other in history.before(call).prefix(earlier.within) {
      guard fits(earlier.tools, other), earlier.outcomes.isEmpty || earlier.outcomes.contains(other.outcome) else {
        continue
      }
      switch earlier.same {
      case .path?: guard let path = call.fullPath, path == other.fullPath else { continue }
      case .input?: guard other.isSame(as: call) else { continue }
      case nil: break
      }
      let subject = CallSubject(other)
      if let program = earlier.program { guard try anyProgram(program, subject, scratch) else { continue } }
      var captures: [String: String] = [:]
      if !earlier.input.isEmpty {
        guard let match = try first(of: earlier.input, in: subject.input, scratch) else { continue }
        captures = match.captures
      }
      if !earlier.output.isEmpty {
        guard let match = try outputMatch(of: earlier.output, .anywhere, subject, offsets: nil, scratch) else {
          continue
        }
        captures.merge(match.captures) { first, _ in first }
      }
      return captures
    }
    return nil
  }

  private func isEligible(_ rule: Rule, _ call: ToolCall) -> Bool {
    rule.when.outcomes.contains(call.outcome)
      || (rule.masked != .never && call.outcome == .succeeded && call.tool == .shell)
  }

  private func fits(_ tools: [String], _ call: ToolCall) -> Bool {
    tools.isEmpty || tools.contains(call.tool.rawValue) || tools.contains(call.toolName)
  }

  /// Where the patterns for the output match; 0 when there are none, nil when they do not match.
  private func outputOffset(
    _ when: Conditions, _ subject: CallSubject, offsets: [Int]?, _ captures: inout [String: String],
    _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Int? {
    var offset: Int?
    if !when.output.isEmpty {
      // The offsets are those of the gate, which need not be these patterns.
      let known = when.gate == when.output ? offsets : nil
      guard let match = try outputMatch(of: when.output, when.place, subject, offsets: known, scratch) else {
        return nil
      }
      captures.merge(match.captures) { _, fromOutput in fromOutput }
      offset = match.range.lowerBound
    }
    for pattern in when.outputAll {
      guard let match = try outputMatch(of: [pattern], when.place, subject, offsets: nil, scratch) else { return nil }
      captures.merge(match.captures) { first, _ in first }
      offset = offset ?? match.range.lowerBound
    }
    return offset ?? 0
  }

  private func excludes(
    _ exclusion: Conditions.Exclusion, _ subject: CallSubject, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    if let program = exclusion.program, try anyProgram(program, subject, scratch) { return true }
    if let last = exclusion.last, try lastProgram(last, subject, scratch) { return true }
    if try first(of: exclusion.input, in: subject.input, scratch) != nil { return true }
    return try outputMatch(of: exclusion.output, .anywhere, subject, offsets: nil, scratch) != nil
  }

  /// Whether the output may be believed against a status that says success.
  private func isBelievable(
    _ rule: Rule, _ subject: CallSubject, _ captures: [String: String], _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    if subject.call.outcome == .succeeded, try excludes(rule.when.doubt, subject, scratch) { return false }
    if rule.when.outcomes.contains(subject.call.outcome) { return true }
    switch rule.masked {
    case .never: return false
    case .always: return true
    case .producer: return subject.hasProducer
    case .program:
      guard let program = captures["program"] else { return false }
      return subject.invocations.contains { $0.programNames.contains(program) }
    }
  }

  private func anyProgram(
    _ pattern: PatternText, _ subject: CallSubject, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    for name in subject.invocations.flatMap(\.programNames) {
      if try first(of: [pattern], in: Array(name.utf8), scratch) != nil { return true }
    }
    return false
  }

  private func lastProgram(
    _ pattern: PatternText, _ subject: CallSubject, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    for name in subject.last?.programNames ?? [] {
      if try first(of: [pattern], in: Array(name.utf8), scratch) != nil { return true }
    }
    return false
  }

  private func first(
    of texts: [PatternText], in bytes: [UInt8], _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> PatternMatch? {
    for text in texts {
      guard let pattern = patterns.pattern(text) else { continue }
      if let match = try pattern.firstMatch(in: bytes, window: 0..<min(bytes.count, 16 << 10), scratch: scratch.match) {
        return match
      }
    }
    return nil
  }

  /// The first match of one of the output patterns in the lines around its literals.
  private func outputMatch(
    of texts: [PatternText], _ place: Conditions.Place, _ subject: CallSubject, offsets: [Int]?,
    _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> PatternMatch? {
    guard !texts.isEmpty else { return nil }
    let parts = subject.ranges(for: place)
    for window in Self.windows(of: texts, in: subject, offsets: offsets) {
      for part in parts {
        let clamped = window.clamped(to: part)
        guard !clamped.isEmpty || subject.output.isEmpty else { continue }
        for text in texts {
          guard let pattern = patterns.pattern(text) else { continue }
          if let match = try pattern.firstMatch(in: subject.output, window: clamped, scratch: scratch.match) {
            return match
          }
        }
      }
    }
    return nil
  }

  /// - Parameter offsets: Where the literals stand, when that is known.
  private static func windows(of texts: [PatternText], in subject: CallSubject, offsets: [Int]?) -> [Range<Int>] {
    if texts.contains(where: { $0.literals.isEmpty }) { return subject.tiles }
    if let offsets { return subject.windows(around: offsets) }
    var found: [Int] = []
    LiteralFilter(texts.flatMap(\.literals)).scan(subject.output) { found.append($0.offset) }
    return subject.windows(around: found)
  }
}

/// Working memory for matching: one for each thread.
public final class ClassifierScratch {
  let match = MatchScratch()
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

extension ToolCall {
  /// Whether another call asks for the same.
  fileprivate func isSame(as other: ToolCall) -> Bool {
    tool == other.tool && input.text == other.input.text && input.digest == other.input.digest
  }

  fileprivate var fullPath: String? { input.path.map { PathText.resolved($0, in: workingDirectory) } }
}
