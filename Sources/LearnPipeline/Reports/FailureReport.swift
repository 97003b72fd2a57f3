internal import RuleEngine
internal import RulePack
internal import SessionModel

/// Failed calls for a person, one paragraph each.
public struct FailureReport {
  private let home: String

  public init(home: String) { self.home = home }

  public func text(of projects: [ProjectAnalysis]) -> String {
    var lines: [String] = []
    for project in projects {
      lines.append("\(project.name): \(project.failures) of \(TextReport.count(project.calls, "call")) failed")
      for observation in project.observations where observation.failed { lines += paragraph(observation) }
    }
    return lines.joined(separator: "\n")
  }

  private func paragraph(_ observation: Observation) -> [String] {
    let path = TextReport(style: TextStyle(isColored: false), home: home).short(observation.location.file)
    let rule = observation.ruleID.map { " (\($0))" } ?? ""
    var lines = [
      "", "\(path):\(observation.location.line)",
      "  \(TextReport.words(observation.category.rawValue))\(rule)\(observation.masked ? ", hidden by the status" : "")",
      "  \(observation.toolName)  \(Explanation.oneLine(observation.input, 140))",
      "  → \(Explanation.oneLine(observation.excerpt, 140))",
    ]
    if let correction = observation.correction {
      lines.append("  worked: \(Explanation.oneLine(correction.text, 140))")
    }
    return lines
  }
}
