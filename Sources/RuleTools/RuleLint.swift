internal import PatternEngine
internal import RuleEngine
public import RulePack
internal import SessionModel

/// Says what is wrong with rules that can be read: what only shows when they are tried.
public struct RuleLint {
  private let rules: [Rule]
  private let places: RulePlaces
  /// All rules that are in use together with these.
  private let everything: [Rule]
  private let classifier: Classifier
  private let scratch = ClassifierScratch()

  /// - Parameters:
  ///   - rules: The rules to check.
  ///   - places: Where they stand in their files.
  ///   - everything: The rules that are used together, these among them.
  public init(rules: [Rule], places: RulePlaces = RulePlaces(), everything: [Rule]) {
    self.rules = rules
    self.places = places
    self.everything = everything
    classifier = Classifier(rules: everything)
  }

  public func faults() -> [RuleFault] {
    let covering = covered()
    return rules.flatMap { rule in
      lessonFaults(of: rule) + patternFaults(of: rule) + exampleFaults(of: rule)
        + (covering[rule.id].map { [warning($0, at: "when", of: rule)] } ?? [])
    }
  }

  private func warning(_ message: String, at key: String, of rule: Rule) -> RuleFault {
    places.fault(message, at: key, of: rule, severity: .warning)
  }

  private func error(_ message: String, at key: String, of rule: Rule) -> RuleFault {
    places.fault(message, at: key, of: rule, severity: .error)
  }
}

extension RuleLint {
  private func lessonFaults(of rule: Rule) -> [RuleFault] {
    guard let lesson = rule.learn else { return [] }
    var faults: [RuleFault] = []
    if rule.category == nil {
      faults.append(
        error("a harmless match teaches nothing; remove `learn`, or name a category", at: "learn", of: rule))
    }
    if !lesson.section.isEmpty, !RuleLanguage.sections.contains(lesson.section) {
      let known = RuleLanguage.sections
      let nearest = known.first { $0.lowercased().hasPrefix(lesson.section.lowercased().prefix(3)) }
      let hint = nearest.map { "did you mean `\($0)`?" } ?? "the other packs use: \(known.joined(separator: ", "))"
      faults.append(
        warning("no other rule has the section `\(lesson.section)`; \(hint)", at: "learn.section", of: rule))
    }
    if lesson.target == .contextFile, [.userRejected, .blocked, .preference].contains(rule.category) {
      faults.append(
        warning(
          "what a person wants, or a permission system refuses, is no fact about the project; write `target: memory`",
          at: "learn", of: rule))
    }
    for (key, text) in [("fixed", lesson.fixed), ("otherwise", lesson.otherwise)] {
      guard let text else { continue }
      if let brace = Self.strayBrace(in: text) {
        faults.append(
          error(
            "`\(brace)` in `\(key)` belongs to no slot; write slots as `{name}`, in letters, digits and `_`",
            at: "learn.\(key)", of: rule))
      }
      for name in Slot.names(in: text)
      where rule.captures.contains(name) && !Slot.types.contains(where: { $0.name == name }) {
        let known = Slot.types.map(\.name).joined(separator: ", ")
        faults.append(
          warning(
            "the capture `\(name)` has no type, so few values are fit to be written; types are: \(known)",
            at: "learn.\(key)", of: rule))
      }
    }
    return faults
  }

  private static func strayBrace(in text: String) -> Character? {
    for case .text(let part) in Slot.parts(of: text) {
      if let brace = part.first(where: { $0 == "{" || $0 == "}" }) { return brace }
    }
    return nil
  }
}

extension RuleLint {
  private func patternFaults(of rule: Rule) -> [RuleFault] {
    let when = rule.when
    var faults: [RuleFault] = []
    // Where a program or another condition has to hold first, most outputs are never looked at.
    let isNarrow =
      when.program != nil || when.last != nil || !when.exit.isEmpty || !when.input.isEmpty || !when.inputAll.isEmpty
    let tried = [("when.output", when.output), ("when.output.all", when.outputAll)].first { !$0.1.isEmpty }
    if let (key, patterns) = tried, when.gate.isEmpty, !isNarrow,
      let index = patterns.firstIndex(where: { $0.literals.isEmpty })
    {
      let cost = PatternCost.onEveryOutput(patterns[index].source).rounded(to: 1)
      faults.append(
        warning(
          "no text of 4 letters or more is in every match: the pattern is tried on every output, which costs \(cost) us each;"
            + " write out what the program always prints", at: "\(key).\(index)", of: rule))
    }
    if let index = when.message.firstIndex(where: { $0.literals.isEmpty }) {
      faults.append(
        warning(
          "no text of 4 letters or more is in every match: every sentence that people type has to be tried; write out what"
            + " they always say", at: "when.message.\(index)", of: rule))
    }
    if when.place == .anywhere, when.maxBytes == nil,
      let index = when.output.firstIndex(where: { $0.source.contains("\\z") })
    {
      faults.append(
        warning(
          "a long output is looked at in parts, and `\\z` finds the end of any; add `place: tail`",
          at: "when.output.\(index)", of: rule))
    }
    let groups: [(String, [PatternText])] = [
      ("when.program", [when.program].compactMap(\.self)), ("when.last", [when.last].compactMap(\.self)),
      ("when.message", when.message), ("when.after.program", [when.after?.program].compactMap(\.self)),
      ("when.after.input", when.after?.input ?? []), ("when.after.output", when.after?.output ?? []),
      ("when.input", when.input), ("when.input.all", when.inputAll), ("when.output", when.output),
      ("when.output.all", when.outputAll), ("when.unless.input", when.unless.input),
      ("when.unless.output", when.unless.output), ("when.doubt.input", when.doubt.input),
      ("when.doubt.output", when.doubt.output),
    ]
    for (key, patterns) in groups {
      for (index, pattern) in patterns.enumerated() {
        guard let reason = Self.explosion(of: pattern.source, on: key.contains("output") ? .output : .input) else {
          continue
        }
        faults.append(warning(reason, at: "\(key).\(index)", of: rule))
      }
    }
    return faults
  }

  private static func explosion(of source: String, on subject: PatternCost.Subject) -> String? {
    let advice =
      "repeat a class that cannot match what follows it, such as `[^:]+` before `:`, and say where the line starts with `^`"
    switch PatternCost.worst(of: source, on: subject) {
    case .fine: return nil
    case .limit(let bytes):
      return "the pattern reaches the match limit on a text of \(bytes / 1024) KiB made from it; \(advice)"
    case .slow(let time, let bytes):
      return "the pattern takes \(Int(time.rounded())) ms on a text of \(bytes / 1024) KiB made from it; \(advice)"
    }
  }

  /// Rules that another one always comes before: it asks for no more than they do, and ranks at least as high.
  private func covered() -> [String: String] {
    var covered: [String: String] = [:]
    let byPattern = Dictionary(grouping: everything.indices) { everything[$0].when.output.first?.source ?? "" }
    for (index, rule) in everything.enumerated() where rules.contains(where: { $0.id == rule.id }) {
      let near = Set(rule.when.output.flatMap { byPattern[$0.source] ?? [] } + (byPattern[""] ?? []))
      for other in near.sorted() where other != index {
        let before = everything[other]
        guard before.rank > rule.rank || (before.rank == rule.rank && other < index), before.asksNoMore(than: rule)
        else { continue }
        covered[rule.id] =
          "this rule never explains a call: `\(before.id)` (rank \(before.rank)) matches all that it matches; raise `rank` above"
          + " \(before.rank), or remove one of them"
        break
      }
    }
    return covered
  }
}

extension Rule {
  /// Whether every call that the other rule matches is matched by this one, as far as equal words tell.
  fileprivate func asksNoMore(than other: Rule) -> Bool {
    let (mine, theirs) = (when, other.when)
    func covers<Value: Hashable>(_ mine: [Value], _ theirs: [Value]) -> Bool {
      mine.isEmpty || (!theirs.isEmpty && Set(theirs).isSubset(of: mine))
    }
    func same<Value: Equatable>(_ mine: Value?, _ theirs: Value?) -> Bool { mine == nil || mine == theirs }
    return covers(mine.tools, theirs.tools) && Set(theirs.outcomes).isSubset(of: mine.outcomes)
      && covers(mine.exit, theirs.exit) && same(mine.program, theirs.program) && same(mine.last, theirs.last)
      && covers(mine.input, theirs.input) && covers(mine.output, theirs.output)
      && Set(mine.inputAll).isSubset(of: theirs.inputAll) && Set(mine.outputAll).isSubset(of: theirs.outputAll)
      && (mine.place == .anywhere || mine.place == theirs.place) && same(mine.empty, theirs.empty)
      && mine.maxBytes == nil && same(mine.after, theirs.after) && same(mine.repeats, theirs.repeats)
      && mine.message.isEmpty == theirs.message.isEmpty && covers(mine.message, theirs.message)
      && (mine.unless == Conditions.Exclusion() || mine.unless == theirs.unless)
      && (mine.doubt == Conditions.Exclusion() || mine.doubt == theirs.doubt)
      && (masked == .always || masked == other.masked || other.masked == .never)
  }
}

extension RuleLint {
  private func exampleFaults(of rule: Rule) -> [RuleFault] {
    var faults: [RuleFault] = []
    let matching = rule.examples.count { $0.matches }
    // Where there are none at all, the reader has said so.
    if !rule.examples.isEmpty, matching < 2 || matching == rule.examples.count {
      faults.append(
        warning(
          "a rule needs at least two examples that match and one that does not (`matches: false`)", at: "id", of: rule))
    }
    for (index, example) in rule.examples.enumerated() {
      let key = "examples.\(index)"
      let call = ExampleRunner.call(of: example, rule)
      let history = ExampleRunner.history(of: example, rule)
      let finding = ExampleRunner.finding(of: example, rule, classifier, scratch)
      if let reason = ExampleRunner.fault(of: example, finding) {
        if example.isGap { continue }
        faults.append(error(reason + why(rule, refuses: call, after: history, example, finding), at: key, of: rule))
      } else if example.isGap {
        faults.append(warning("this gap is closed: the example holds; remove `gap`", at: key, of: rule))
      } else if example.matches, !rule.when.readsMessages, let taker = taker(of: call, after: history, from: rule) {
        faults.append(
          warning(
            "`\(taker.id)` (rank \(taker.rank), \(taker.category?.rawValue ?? "harmless")) explains this example, not this rule"
              + " (rank \(rule.rank)); raise `rank`, or add `unless` to one of them", at: key, of: rule))
      }
    }
    return faults
  }

  /// The rule that explains a call in the place of this one, when that makes a difference.
  private func taker(of call: ToolCall, after history: CallHistory, from rule: Rule) -> Rule? {
    guard let cause = classifier.verdict(on: call, after: history, scratch: scratch).cause, cause.ruleID != rule.id,
      let taker = everything.first(where: { $0.id == cause.ruleID })
    else { return nil }
    return taker.category != rule.category || (rule.learn != nil && taker.learn == nil) ? taker : nil
  }

  /// Which of the conditions stands in the way.
  private func why(
    _ rule: Rule, refuses call: ToolCall, after history: CallHistory, _ example: Example, _ finding: Finding?
  ) -> String {
    guard example.matches, finding == nil, !rule.when.readsMessages else { return "" }
    let relaxed: [(String, (inout Rule) -> Void)] = [
      ("tool", { $0.when.tools = [] }), ("outcome", { $0.when.outcomes = Outcome.allCases }),
      ("exit", { $0.when.exit = [] }),
      ("program", { $0.when.program = nil }), ("last", { $0.when.last = nil }),
      ("input", { ($0.when.input, $0.when.inputAll) = ([], []) }),
      ("output", { ($0.when.output, $0.when.outputAll) = ([], []) }),
      ("place", { $0.when.place = .anywhere }), ("empty", { $0.when.empty = nil }),
      ("max-bytes", { $0.when.maxBytes = nil }), ("after", { $0.when.after = nil }),
      ("repeats", { $0.when.repeats = nil }),
      ("unless", { $0.when.unless = Conditions.Exclusion() }), ("doubt", { $0.when.doubt = Conditions.Exclusion() }),
    ]
    let blockers = relaxed.filter { _, relax in
      var easier = rule
      relax(&easier)
      return easier.when != rule.when
        && classifier.finding(of: easier, on: call, after: history, scratch: scratch) != nil
    }
    guard !blockers.isEmpty else { return "; more than one condition of `when` stands in the way" }
    return "; `\(blockers.map(\.0).joined(separator: "`, `"))` of `when` stands in the way"
  }
}
