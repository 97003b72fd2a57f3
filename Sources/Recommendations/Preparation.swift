internal import RuleEngine
internal import RulePack

/// A command that failed until another one had run.
struct Preparation {
  static let key = "step"

  let command: String
  let step: String
  let evidence: Evidence
  let ruleID: String
  let category: Category

  /// - Parameter observations: Failures whose correction is a step.
  static func groups(of observations: [Observation]) -> [Preparation] {
    var groups: [LessonKey: [Observation]] = [:]
    for observation in observations {
      guard let correction = observation.correction else { continue }
      let step = observation.category == .lintFailure ? withoutFiles(correction.text) : correction.text
      groups[LessonKey(ruleID: Self.key, values: [correction.from, step]), default: []].append(observation)
    }
    return groups.sorted { $0.key < $1.key }.compactMap { key, observations in
      guard let first = observations.first else { return nil }
      let ruleID = observations.compactMap(\.ruleID).min() ?? key.ruleID
      return Preparation(
        command: key.values[0], step: key.values[1], evidence: Evidence(key: key, observations), ruleID: ruleID,
        category: first.category)
    }
  }

  /// A formatter is run on the files of the day; the next day it is others.
  private static func withoutFiles(_ command: String) -> String {
    var words = command.split(separator: " ")
    while words.count > 1, let last = words.last, !last.hasPrefix("-"), last.contains("/") || last.contains(".") {
      words.removeLast()
    }
    return words.joined(separator: " ")
  }
}
