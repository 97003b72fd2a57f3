internal import PatternEngine
public import RulePack
public import SessionModel
internal import ShellSyntax

/// A set of rules made ready for matching. Shared by all threads.
public final class Classifier: Sendable {
  /// All rules, in the order of the packs.
  public let rules: [Rule]
  private let ignoringFlags: Bool
  /// The rules made ready, those that explain the most first.
  private let ready: [ReadyRule]
  /// What leads to rules that admit calls of this kind: most calls succeed, and few rules are about those that only show
  /// files or pages.
  private let forFailures = MadeOnce<RuleIndex>()
  private let forShellSuccesses = MadeOnce<RuleIndex>()
  private let forShownContent = MadeOnce<RuleIndex>()
  private let forOtherSuccesses = MadeOnce<RuleIndex>()
  /// Whether some rule asks what calls of other tools than the shell said when they succeeded.
  private let readsOtherSuccesses: Bool
  /// Rules about what the user types.
  private let spoken: SpokenRules
  private let pool: PatternPool

  /// - Parameter ignoringFlags: Go by the outputs alone: every shell call counts as one that the log calls a success.
  public init(rules: [Rule], ignoringFlags: Bool = false) {
    let pool = PatternPool(rules: rules.count)
    self.rules = rules
    self.ignoringFlags = ignoringFlags
    self.pool = pool
    let inOrder = rules.indices.map { ReadyRule($0, of: rules, pool) }
    ready = inOrder.sorted { ($1.rank, $0.number) < ($0.rank, $1.number) }
    spoken = SpokenRules(rules, pool)
    readsOtherSuccesses = ready.contains { $0.readsEarlierOutputs }
  }

  /// How many bytes are looked at of the output of a call that succeeded, of another tool than the shell.
  /// - Parameter bytes: How long the output is.
  func reach(intoOtherSuccessOf bytes: Int) -> Int { readsOtherSuccesses ? .max : otherSuccesses.reach(into: bytes) }

  /// Says whether the call failed, and why.
  /// - Parameter history: The calls before it.
  public func verdict(
    on call: ToolCall, after history: CallHistory = CallHistory(), scratch: ClassifierScratch
  ) -> Verdict {
    verdict(on: CallSubject(call), after: history, scratch: scratch)
  }

  func verdict(on subject: CallSubject, after history: CallHistory, scratch: ClassifierScratch) -> Verdict {
    examine(flagless(subject), after: history, scratch: scratch, wantsAll: false).verdict
  }

  /// The verdict together with every match that it was made from.
  public func examine(
    _ call: ToolCall, after history: CallHistory = CallHistory(), scratch: ClassifierScratch
  ) -> (verdict: Verdict, findings: [Finding]) {
    examine(flagless(CallSubject(call)), after: history, scratch: scratch, wantsAll: true)
  }

  private func flagless(_ subject: CallSubject) -> CallSubject {
    guard ignoringFlags, subject.call.outcome == .failed else { return subject }
    var call = subject.call
    call.outcome = .succeeded
    call.exitStatus = nil
    return CallSubject(call)
  }

  /// - Parameter wantsAll: Also look for what cannot change the verdict.
  private func examine(
    _ subject: CallSubject, after history: CallHistory, scratch: ClassifierScratch, wantsAll: Bool
  ) -> (verdict: Verdict, findings: [Finding]) {
    var findings: [Finding] = []
    var givenUp: [Verdict.GivenUp] = []
    let index = index(for: subject)
    var least = Int.min
    for candidate in index.candidates(for: subject, in: &scratch.hits) {
      let rule = ready[candidate]
      // What explains less than what was found cannot be the cause.
      guard rule.rank >= least else { break }
      let begin = scratch.costs == nil ? nil : ContinuousClock.now
      let result = match(rule, subject, after: history, ledBy: (index, candidate), scratch)
      switch result {
      case .found(let finding):
        findings.append(finding)
        if !wantsAll { least = rule.rank }
      case .gaveUp(let failure): givenUp.append(.init(ruleID: rule.id, reason: failure.description))
      case .none: break
      }
      if let begin { scratch.costs?.add(ContinuousClock.now - begin, matched: result.isFinding, rule: rule.number) }
    }
    return (Self.verdict(on: subject, findings: findings, givenUp: givenUp), findings)
  }

  private func index(for subject: CallSubject) -> RuleIndex {
    guard subject.call.outcome == .succeeded else { return forFailures.value { index { $0.door.admitsFailures } } }
    guard subject.call.tool == .shell else { return otherSuccesses }
    if subject.hasProducer || subject.isBrief {
      return forShellSuccesses.value { index { $0.door.admitsShellSuccesses } }
    }
    return forShownContent.value { index { $0.door.admitsShellSuccesses && !$0.needsProducer } }
  }

  private var otherSuccesses: RuleIndex { forOtherSuccesses.value { index { $0.door.admitsOtherSuccesses } } }

  private func index(where admits: (ReadyRule) -> Bool) -> RuleIndex {
    RuleIndex(ready.enumerated().filter { !$0.element.isAboutMessages && admits($0.element) }, pool.literals)
  }

  /// Whether one rule by itself matches a call: what its examples are checked with.
  public func finding(
    of rule: Rule, on call: ToolCall, after history: CallHistory = CallHistory(), scratch: ClassifierScratch
  ) -> Finding? {
    guard !rule.when.readsMessages else { return nil }
    let match = match(ReadyRule(0, of: [rule], pool), CallSubject(call), after: history, ledBy: nil, scratch)
    return if case .found(let finding) = match { finding } else { nil }
  }

  /// What the user said in so many words: for each sentence of a message, the first rule that matches it.
  public func findings(in message: UserMessage, scratch: ClassifierScratch) -> [Finding] {
    spoken.findings(in: message.text, scratch.match)
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

  private typealias Lead = (index: RuleIndex, rule: Int)

  private enum Match {
    case none
    case found(Finding)
    case gaveUp(MatchFailure)

    var isFinding: Bool { if case .found = self { true } else { false } }
  }

  /// - Parameter lead: The index that led to the rule, and the place of the rule in it.
  private func match(
    _ rule: ReadyRule, _ subject: CallSubject, after history: CallHistory, ledBy lead: Lead?,
    _ scratch: ClassifierScratch
  ) -> Match {
    let when = rule.when
    guard rule.door.admits(subject.call) else { return .none }
    if rule.needsProducer, subject.call.outcome == .succeeded, !subject.hasProducer, !subject.isBrief { return .none }
    if let limit = rule.door.maxBytes, subject.output.count > limit { return .none }
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
      guard let offset = try outputOffset(when, subject, ledBy: lead, &captures, scratch) else { return .none }
      if try excludes(when.unless, subject, scratch) { return .none }
      guard try isBelievable(rule, subject, captures, at: offset, scratch) else { return .none }
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
    of earlier: ReadyRule.Earlier, before call: ToolCall, _ history: CallHistory, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> [String: String]? {
    for other in history.before(call).prefix(earlier.within) {
      guard earlier.door.admits(other) else { continue }
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
        guard let match = try outputMatch(of: earlier.output, .anywhere, subject, ledBy: nil, scratch) else {
          continue
        }
        captures.merge(match.captures) { first, _ in first }
      }
      return captures
    }
    return nil
  }

  /// Where the patterns for the output match; 0 when there are none, nil when they do not match.
  private func outputOffset(
    _ when: ReadyRule.Conditions, _ subject: CallSubject, ledBy lead: Lead?, _ captures: inout [String: String],
    _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Int? {
    var offset: Int?
    if !when.output.isEmpty {
      // The places are those of the gate, which need not be these patterns.
      let lead = when.isGatedByOutput ? lead : nil
      guard let match = try outputMatch(of: when.output, when.place, subject, ledBy: lead, scratch) else {
        return nil
      }
      captures.merge(match.captures) { _, fromOutput in fromOutput }
      offset = match.range.lowerBound
    }
    for pattern in when.outputAll {
      guard let match = try outputMatch(of: pattern, when.place, subject, ledBy: nil, scratch) else { return nil }
      captures.merge(match.captures) { first, _ in first }
      offset = offset ?? match.range.lowerBound
    }
    return offset ?? 0
  }

  private func excludes(
    _ exclusion: ReadyRule.Exclusion, _ subject: CallSubject, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    if let program = exclusion.program, try anyProgram(program, subject, scratch) { return true }
    if let last = exclusion.last, try lastProgram(last, subject, scratch) { return true }
    if try first(of: exclusion.input, in: subject.input, scratch) != nil { return true }
    return try outputMatch(of: exclusion.output, .anywhere, subject, ledBy: nil, scratch) != nil
  }

  /// Whether the output may be believed against a status that says success.
  private func isBelievable(
    _ rule: ReadyRule, _ subject: CallSubject, _ captures: [String: String], at offset: Int,
    _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    if subject.call.outcome == .succeeded, try excludes(rule.when.doubt, subject, scratch) { return false }
    if rule.door.isAbout(subject.call.outcome) { return true }
    switch rule.masked {
    case .never: return false
    case .always: return true
    case .producer:
      // What only shows things shows nothing when it fails: the reason is all that there is.
      return subject.hasProducer
        || subject.isBrief && subject.isOpened(at: offset)
          && (rule.when.namesCommand || subject.runs(captures["program"]))
    case .program: return subject.runs(captures["program"])
    }
  }

  private func anyProgram(
    _ test: NameTest, _ subject: CallSubject, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    if let listed = test.listed { return subject.programNames.contains { listed.contains($0) } }
    // Many rules of a pack ask for the same programs.
    if let known = subject.programAnswers[ObjectIdentifier(test)] { return known }
    let answer = try matches(test, subject.programNames, scratch)
    subject.programAnswers[ObjectIdentifier(test)] = answer
    return answer
  }

  private func lastProgram(
    _ test: NameTest, _ subject: CallSubject, _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    guard let names = subject.lastProgramNames else { return false }
    if let listed = test.listed { return names.contains { listed.contains($0) } }
    return try matches(test, names, scratch)
  }

  private func matches(
    _ test: NameTest, _ names: [String], _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> Bool {
    for name in names {
      if try first(of: [test.pattern], in: Array(name.utf8), scratch) != nil { return true }
    }
    return false
  }

  private func first(
    of patterns: [LazyPattern], in bytes: [UInt8], _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> PatternMatch? {
    for text in patterns {
      guard let pattern = text.pattern else { continue }
      if let match = try pattern.firstMatch(in: bytes, window: 0..<min(bytes.count, 16 << 10), scratch: scratch.match) {
        return match
      }
    }
    return nil
  }

  /// The first match of one of the output patterns in the lines around its literals.
  /// - Parameter lead: What led to the rule of the patterns, when it was their literals.
  private func outputMatch(
    of patterns: LedPatterns, _ place: Conditions.Place, _ subject: CallSubject, ledBy lead: Lead?,
    _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> PatternMatch? {
    guard !patterns.isEmpty else { return nil }
    // Taken out of the scratch, where every access would be checked.
    var places: [LiteralPlace] = []
    swap(&places, &scratch.places)
    defer { swap(&places, &scratch.places) }
    places.removeAll(keepingCapacity: true)
    let isLed =
      lead.map { $0.index.find($0.rule, in: scratch.hits, into: &places) } ?? false
      || patterns.find(in: subject.output, into: &places)
    if isLed, places.isEmpty { return nil }
    places.sort { $0.offset < $1.offset }
    // Most rules are led to by one pattern that stays on its line.
    if isLed, place == .anywhere, let only = patterns.only(at: places)?.pattern, only.staysOnLine,
      let lines = subject.lines(around: places)
    {
      for line in lines {
        if let match = try only.firstMatch(in: subject.output, window: line, scratch: scratch.match) { return match }
      }
      return nil
    }
    for window in isLed ? subject.windows(around: places) : subject.tiles {
      for part in place == .anywhere ? [window] : subject.ranges(for: place) {
        let part = window.clamped(to: part)
        guard !part.isEmpty || subject.output.isEmpty else { continue }
        for (number, pattern) in patterns.patterns.enumerated() {
          let match =
            isLed
            ? try ledMatch(of: pattern, number, in: part, places, subject, scratch)
            : try pattern.pattern?.firstMatch(in: subject.output, window: part, scratch: scratch.match)
          if let match { return match }
        }
      }
    }
    return nil
  }

  /// The first match in a part of the output: it holds a literal of its own pattern.
  private func ledMatch(
    of lazy: LazyPattern, _ number: Int, in part: Range<Int>, _ places: [LiteralPlace], _ subject: CallSubject,
    _ scratch: ClassifierScratch
  ) throws(MatchFailure) -> PatternMatch? {
    var line = 0..<0
    for place in places where place.pattern == number && part.contains(place.offset) && !line.contains(place.offset) {
      guard let pattern = lazy.pattern else { return nil }
      // One that holds no line end stands on the line of the literal.
      guard pattern.staysOnLine else {
        return try pattern.firstMatch(in: subject.output, window: part, scratch: scratch.match)
      }
      line = subject.line(around: place.offset, in: part)
      if let match = try pattern.firstMatch(in: subject.output, window: line, scratch: scratch.match) { return match }
    }
    return nil
  }
}

extension ToolCall {
  /// Whether another call asks for the same.
  fileprivate func isSame(as other: ToolCall) -> Bool {
    tool == other.tool && input.text == other.input.text && input.digest == other.input.digest
  }

  fileprivate var fullPath: String? { input.path.map { PathText.resolved($0, in: workingDirectory) } }
}
