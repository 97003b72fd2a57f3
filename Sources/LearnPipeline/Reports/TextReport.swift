internal import ContextFiles
internal import Recommendations
internal import RuleEngine
internal import RulePack
internal import SessionModel

/// What a person reads in a terminal.
public struct TextReport: Sendable {
  private let style: TextStyle
  private let home: String
  /// Whether the files were written.
  private let applied: Bool
  private let hints: Hints

  /// Commands that the report ends with.
  public struct Hints: Sendable {
    var apply: String
    var explain: @Sendable (_ id: String) -> String

    public init(
      apply: String = "headroom learn --apply",
      explain: @escaping @Sendable (String) -> String = { "headroom explain \($0)" }
    ) {
      self.apply = apply
      self.explain = explain
    }
  }

  public init(style: TextStyle, home: String, applied: Bool = false, hints: Hints = Hints()) {
    self.hints = hints
    self.style = style
    self.home = home
    self.applied = applied
  }

  public func text(of learnings: [ProjectLearning]) -> String {
    var end = Ending()
    for learning in learnings { end.add(learning) }
    return learnings.map(text(of:)).joined(separator: Self.separator) + text(of: end)
  }

  /// What stands between two projects.
  public static var separator: String { "\n" }

  /// What the end of the report says of all projects.
  public struct Ending: Sendable {
    fileprivate var changedFiles = 0
    fileprivate var faults = 0
    /// A line that can be explained.
    fileprivate var example: String?

    public init() {}

    /// Takes one more project in.
    public mutating func add(_ learning: ProjectLearning) {
      changedFiles += learning.files.count(where: \.isChanged)
      faults += learning.faults.count
      example = example ?? learning.recommendations.first?.draft.id
    }
  }

  public func text(of end: Ending) -> String {
    let changed = end.changedFiles
    if applied {
      if changed > 0 { return "\n\(Self.count(changed, "file")) written.\n" }
      return end.faults > 0 ? "\nNo file was written.\n" : "\nNothing to write: the files say it all.\n"
    }
    guard let example = end.example else { return "" }
    let steps =
      (changed == 0 ? [] : [(hints.apply, "writes \(Self.count(changed, "file"))")])
      + [(hints.explain(example), "shows what a line rests on")]
    let width = steps.map(\.0.count).max() ?? 0
    return "\nThis was a dry run. Next:\n"
      + steps.map { "  \($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)\n" }.joined()
  }

  /// One project of the report.
  public func text(of learning: ProjectLearning) -> String {
    let summary = learning.summary
    var lines = [style.bold(summary.name) + "  " + style.dim("\(short(summary.path)) · \(summary.agent)")]
    let rate = summary.calls == 0 ? 0 : Double(summary.failures) / Double(summary.calls) * 100
    let days = Self.days(summary)
    lines.append(
      "  \(Self.count(summary.sessions, "session")), \(Self.count(summary.calls, "call")), "
        + "\(Self.number(summary.failures)) failed (\(Self.decimal(rate))%)" + (days.isEmpty ? "" : ", \(days)"))
    let kinds = summary.categories.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !kinds.isEmpty {
      let shown = kinds.prefix(8).map { "\(Self.words($0.key)) \($0.value)" }
      let rest = kinds.dropFirst(8).reduce(0) { $0 + $1.value }
      lines.append("  " + (shown + (rest > 0 ? ["other kinds \(rest)"] : [])).joined(separator: " · "))
    }
    lines += loops(summary) + recommendations(learning) + leftOut(learning) + faults(learning)
    lines += diffs(learning) + issues(summary)
    return lines.joined(separator: "\n") + "\n"
  }

  private func loops(_ summary: ProjectSummary) -> [String] { retries(summary) + refetches(summary) }

  private func refetches(_ summary: ProjectSummary) -> [String] {
    let loops = summary.refetchLoops.sorted { ($1.tokens, $0.what) < ($0.tokens, $1.what) }
    guard !loops.isEmpty else { return [] }
    let shown = loops.prefix(3).map { loop in
      let what = Explanation.oneLine(short(PathText.relative(loop.what, to: summary.path)), 60)
      return "\(what) ×\(loop.pieces.count) (~\(Self.number(loop.tokens)) tokens)"
    }
    let more = loops.count > 3 ? ", and \(loops.count - 3) more" : ""
    return ["  fetched piece by piece: " + shown.joined(separator: ", ") + more]
  }

  private func retries(_ summary: ProjectSummary) -> [String] {
    // What happened several times over is named once, where it was dearest.
    var named: [[RetryLoop]] = []
    for loop in summary.retryLoops {
      if let place = named.firstIndex(where: { $0[0].what == loop.what && $0[0].category == loop.category }) {
        named[place].append(loop)
      } else {
        named.append([loop])
      }
    }
    guard !named.isEmpty else { return [] }
    let shown = named.prefix(3).map { loops in
      let counts = loops.map(\.observations.count)
      let times =
        counts.count > 3
        ? "×\(counts.reduce(0, +)) in \(counts.count) rounds" : counts.map { "×\($0)" }.joined(separator: " and ")
      let name = short(PathText.relative(loops[0].what, to: summary.path))
      return "\(name) \(times) (\(Self.words(loops[0].category.rawValue)))"
    }
    let more = named.count > 3 ? ", and \(named.count - 3) more" : ""
    return ["  tried again and again: " + shown.joined(separator: ", ") + more]
  }

  private func issues(_ summary: ProjectSummary) -> [String] {
    let byKind = Dictionary(grouping: summary.issues) { $0.kind.rawValue }
    let damage = byKind.sorted { $0.key < $1.key }.map { kind, issues in
      let first = issues.map { "\(short($0.location.file)):\($0.location.line)" }.min() ?? ""
      return "  " + style.warn("\(Self.words(kind)) \(issues.count)") + style.dim(", first at \(first)")
    }
    let givenUp = summary.givenUp.values.sorted { $0.id < $1.id }.map { match in
      "  " + style.warn("rule \(match.ruleID) stopped \(Self.count(match.times, "time")): \(match.reason)")
        + style.dim(", first at \(short(match.first.file)):\(match.first.line)")
    }
    return damage + givenUp
  }

  private func recommendations(_ learning: ProjectLearning) -> [String] {
    let lines = learning.recommendations
    guard !lines.isEmpty else {
      let failed = learning.summary.failures
      return [
        "",
        failed == 0
          ? "  Nothing to recommend: nothing failed." : "  Nothing to recommend: no lesson was seen often enough.",
      ]
    }
    let cost = lines.reduce(0) { $0 + $1.cost }
    var output = ["", "  " + style.bold("\(Self.count(lines.count, "recommendation")), about \(cost) tokens")]
    for recommendation in lines {
      let draft = recommendation.draft
      let evidence = recommendation.evidence
      let place = draft.target == .memoryFile ? "memory" : "context"
      output.append("  \(style.id(draft.id))  \(recommendation.text)")
      output.append(
        style.dim(
          "            \(Self.count(evidence.count, "time")) in \(Self.count(evidence.sessions, "session")) · "
            + "~\(Self.number(recommendation.tokensPerSession)) tokens/session · \(draft.section), \(place) file"))
      let others = recommendation.others.map(\.id)
      if !others.isEmpty { output.append(style.dim("            also tells \(others.joined(separator: ", "))")) }
    }
    if let outcome = learning.refinement, let model = outcome.model {
      let refused = outcome.refused.count
      let told = lines.count { $0.origin == .model }
      output.append("")
      output.append(
        "  \(model): \(Self.count(told, "line")) worded anew"
          + (refused == 0 ? "" : ", \(Self.count(refused, "refinement")) not taken; `explain` says why"))
    }
    return output
  }

  private func leftOut(_ learning: ProjectLearning) -> [String] {
    guard !learning.leftOut.isEmpty else { return [] }
    let byReason = Dictionary(grouping: learning.leftOut) { $0.reason.kind }
    let parts = byReason.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map {
      "\($0.value.count) \($0.key)"
    }
    // What was seen too rarely is no lesson yet; the others are, and somebody may want to know.
    let lessons = learning.leftOut.filter { !$0.reason.isTooRare }.sorted {
      ($1.times, $0.id) < ($0.times, $1.id)
    }
    let named = lessons.prefix(5).map { style.dim("    \($0.id)  \($0.reason)") }
    return ["", style.dim("  left out: " + parts.joined(separator: ", "))] + named
  }

  private func faults(_ learning: ProjectLearning) -> [String] {
    guard !learning.faults.isEmpty else { return [] }
    return [""] + learning.faults.map { "  " + style.warn("! \($0)") }
  }

  private func diffs(_ learning: ProjectLearning) -> [String] {
    learning.files.flatMap { file -> [String] in
      let verb =
        switch file.action {
        case .create: applied ? "created" : "would create"
        case .update: applied ? "updated" : "would update"
        case .unchanged: "unchanged:"
        case .withheld: "only shown:"
        }
      var lines = ["", "  \(verb) \(style.bold(short(file.path)))"]
      lines += file.warnings.map { "  " + style.warn("! \($0)") }
      if !applied { lines += file.diff.dropFirst(2).map { "  " + style.diff($0) } }
      return lines
    }
  }

  func short(_ path: String) -> String {
    !home.isEmpty && path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path
  }
}

extension TextReport {
  static func count(_ number: Int, _ noun: String) -> String {
    "\(Self.number(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// With commas between thousands.
  static func number(_ value: Int) -> String {
    var digits = String(value)[...]
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }

  static func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  static func words(_ name: String) -> String {
    String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }

  private static func days(_ summary: ProjectSummary) -> String {
    let (first, last) = (summary.firstSeen.prefix(10), summary.lastSeen.prefix(10))
    return first.isEmpty ? "" : first == last ? String(first) : "\(first) to \(last)"
  }
}

extension LeftOut.Reason {
  fileprivate var isTooRare: Bool {
    switch self {
    case .tooFew, .tooFewSessions: true
    default: false
    }
  }

  /// The reason without its numbers, for counting.
  var kind: String {
    switch self {
    case .tooFew, .tooFewSessions: "seen too rarely"
    case .noCorrection: "without anything that works instead"
    case .takenBack: "taken back by the user"
    case .contradicted, .installed: "that worked since"
    case .unfit: "with values not fit to be written"
    case .notInProject: "no longer in the project"
    case .toldBy: "told by another line"
    case .writtenByHand: "already written by hand"
    case .tooCheap: "not worth its place here"
    case .overBudget: "over the budget"
    case .forgotten, .removedByHand: "unwanted"
    }
  }
}
