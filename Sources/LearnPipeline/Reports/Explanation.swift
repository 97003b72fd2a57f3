internal import Recommendations
internal import RuleEngine
public import RulePack
internal import SessionModel

/// Everything that is known of one lesson: what it rests on, call by call.
public struct Explanation {
  private let report: TextReport
  private let rules: [Rule]

  public init(report: TextReport, rules: [Rule]) {
    self.report = report
    self.rules = rules
  }

  /// - Returns: nil when no project has a lesson of that id. Those that are recommended come first.
  public func text(of id: String, in learnings: [ProjectLearning]) -> String? {
    let found = learnings.compactMap { text(of: id, in: $0) }
    let inOrder = found.filter(\.isRecommended) + found.filter { !$0.isRecommended }
    return found.isEmpty ? nil : inOrder.map(\.text).joined(separator: "\n\n")
  }

  private func text(of id: String, in learning: ProjectLearning) -> (isRecommended: Bool, text: String)? {
    if let found = learning.recommendations.first(where: { $0.drafts.contains { $0.id == id } }),
      let draft = found.drafts.first(where: { $0.id == id })
    {
      var lines = [
        found.text, "", "\(id) · \(draft.section) · confidence \(Int((draft.confidence * 100).rounded()))%",
      ]
      lines.append("worth about \(TextReport.number(draft.tokensPerSession)) tokens a session")
      if found.text != draft.text { lines.append("worded by a model; the rules wrote: \(draft.text)") }
      if let refused = found.refused {
        let text = Self.oneLine(refused.refinement.text, 200)
        lines.append("a model's `\(refused.refinement.action.rawValue)` was not taken: \(refused.reason)")
        if !text.isEmpty { lines.append("  \(text)") }
      }
      return (true, (lines + common(draft.ruleID, draft.evidence, learning)).joined(separator: "\n"))
    }
    if let lesson = learning.leftOut.first(where: { $0.id == id }) {
      let lines = [lesson.text ?? "no line", "", "\(id) · left out: \(lesson.reason)"]
      return (false, (lines + common(lesson.key.ruleID, lesson.evidence, learning)).joined(separator: "\n"))
    }
    return nil
  }

  private func common(_ ruleID: String, _ evidence: Evidence, _ learning: ProjectLearning) -> [String] {
    let observations = evidence.observations
    // Rules may share a lesson.
    let others = Set(observations.compactMap(\.ruleID)).subtracting([ruleID]).sorted()
    var lines: [String] = []
    for rule in ([ruleID] + others).compactMap({ id in rules.first { $0.id == id } }) {
      lines.append(
        "rule \(rule.id) (\(rule.category?.rawValue ?? "harmless")), \(rule.source.file):\(rule.source.line)")
      if let why = rule.why { lines.append("  \(why)") }
    }
    let measured = observations.count { $0.tokensAreMeasured }
    lines.append(
      "seen \(TextReport.count(evidence.count, "time")) in \(TextReport.count(evidence.sessions, "session")) of "
        + "\(learning.summary.name), \(evidence.firstSeen.prefix(10)) to \(evidence.lastSeen.prefix(10))")
    let source =
      switch measured {
      case evidence.count: "by the log's own usage"
      case 0: "estimated by size"
      default: "\(measured) of \(evidence.count) by the log's own usage, the rest by size"
      }
    lines.append("these calls cost \(TextReport.number(evidence.tokens)) tokens (\(source))")
    for observation in observations.prefix(20) { lines += call(observation) }
    if observations.count > 20 { lines.append("… and \(observations.count - 20) more") }
    return lines
  }

  private func call(_ observation: Observation) -> [String] {
    var lines = [
      "", "\(report.short(observation.location.file)):\(observation.location.line)  \(observation.timestamp)",
      "  \(observation.toolName)  \(Self.oneLine(observation.input, 160))",
      "  → \(Self.oneLine(observation.excerpt, 160))",
    ]
    if let feedback = observation.feedback { lines.append("  the user said: \(Self.oneLine(feedback, 200))") }
    if let correction = observation.correction {
      lines.append("  worked: \(Self.oneLine(correction.text, 160))")
    }
    return lines
  }

  /// The text in one line, without what a terminal would act on.
  static func oneLine(_ text: String, _ limit: Int) -> String {
    let line = text.printable(instead: " ").split { $0 == " " || $0 == "\n" || $0 == "\t" }.joined(separator: " ")
    return line.count > limit ? line.prefix(limit - 1) + "…" : line
  }
}
