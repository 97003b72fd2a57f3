internal import RuleEngine
public import RulePack
public import SessionModel

/// What rules do on real calls, beside the rules that are there without them.
public struct RuleTrial {
  /// What one rule did.
  public struct Row: Sendable {
    public var rule: Rule
    /// Calls that it matches.
    public var matches = 0
    /// Calls that it explains, and of these:
    public var explains = 0
    /// those that no other rule explained,
    public var gained = 0
    /// those that another rule explained,
    public var taken: [String: Int] = [:]
    /// and those that the log calls successes.
    public var masked = 0
    /// The first calls that it explains.
    public var samples: [LogLocation] = []

    public init(rule: Rule) { self.rule = rule }

    public enum Judgement: Sendable, Hashable {
      case good
      /// It takes more calls from other rules than it gains.
      case noisy
      /// No call shows it.
      case missing
      /// It matches, and other rules always explain the call.
      case hidden
    }

    public var judgement: Judgement {
      if matches == 0 { return .missing }
      if explains == 0 { return .hidden }
      return taken.values.reduce(0, +) * 2 > explains ? .noisy : .good
    }
  }

  public private(set) var rows: [Row]
  private let tried: Classifier
  private let before: Classifier
  private let places: [String: Int]
  private let scratch = ClassifierScratch()
  private var history = CallHistory()

  /// - Parameters:
  ///   - rules: The rules to try.
  ///   - everything: All rules in use with them.
  ///   - without: The rules in use without them.
  public init(_ rules: [Rule], everything: [Rule], without: [Rule]) {
    rows = rules.map { Row(rule: $0) }
    places = Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    tried = Classifier(rules: everything)
    before = Classifier(rules: without)
  }

  /// Adds a call.
  public mutating func take(_ call: ToolCall) {
    defer { history.add(call) }
    let (verdict, findings) = tried.examine(call, after: history, scratch: scratch)
    let mine = findings.filter { places[$0.ruleID] != nil }
    guard !mine.isEmpty else { return }
    for finding in mine { if let index = places[finding.ruleID] { rows[index].matches += 1 } }
    guard let cause = verdict.cause, let index = places[cause.ruleID] else { return }
    rows[index].explains += 1
    if verdict.masked { rows[index].masked += 1 }
    if rows[index].samples.count < 3 { rows[index].samples.append(call.location) }
    if let other = before.verdict(on: call, after: history, scratch: scratch).cause, other.ruleID != cause.ruleID {
      rows[index].taken[other.ruleID, default: 0] += 1
    } else {
      rows[index].gained += 1
    }
  }

  /// The report for a person.
  public var report: String {
    var lines: [String] = []
    for row in rows {
      let word =
        switch row.judgement {
        case .good: "good"
        case .noisy: "noisy"
        case .missing: "missing"
        case .hidden: "hidden"
        }
      lines.append(
        "\(word.padded(to: 8))\(row.rule.id): matches \(row.matches), explains \(row.explains), newly \(row.gained), masked \(row.masked)"
      )
      for (id, count) in row.taken.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        lines.append("          takes \(count) from \(id)")
      }
      for sample in row.samples { lines.append("          \(sample)") }
    }
    return lines.joined(separator: "\n")
  }
}

/// What each rule costs on real calls.
public struct RuleProfile {
  private let rules: [Rule]
  private let classifier: Classifier
  private let scratch: ClassifierScratch
  private var history = CallHistory()
  private var calls = 0

  public init(rules: [Rule]) {
    self.rules = rules
    classifier = Classifier(rules: rules)
    scratch = ClassifierScratch(costsOf: rules.count)
  }

  /// Adds a call.
  public mutating func take(_ call: ToolCall) {
    calls += 1
    _ = classifier.examine(call, after: history, scratch: scratch)
    history.add(call)
  }

  /// The rules that cost most, as a table.
  public func report(rows limit: Int) -> String {
    guard let costs = scratch.costs else { return "" }
    let total = max(1e-9, costs.time.reduce(.zero, +).milliseconds)
    var lines = ["candidates   matches   time ms   share  rule"]
    for index in rules.indices.sorted(by: { costs.time[$0] > costs.time[$1] }).prefix(limit)
    where costs.candidates[index] > 0 {
      let time = costs.time[index].milliseconds
      lines.append(
        "\(String(costs.candidates[index]).padded(before: 10))\(String(costs.matches[index]).padded(before: 10))"
          + "\(time.rounded(to: 1).padded(before: 10))\(((time / total) * 100).rounded(to: 1).padded(before: 7))%  \(rules[index].id)"
      )
    }
    let each = calls == 0 ? "0" : (total * 1000 / Double(calls)).rounded(to: 1)
    lines.append("\(rules.count) rules on \(calls) calls: \(total.rounded(to: 1)) ms in patterns, \(each) us a call")
    return lines.joined(separator: "\n")
  }
}

extension Double {
  func rounded(to digits: Int) -> String {
    let factor = digits == 1 ? 10.0 : 100.0
    return String((self * factor).rounded() / factor)
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
  func padded(before width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
