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
      guard let correction = observation.lastingCorrection else { continue }
      groups[LessonKey(ruleID: Self.key, values: [correction.from, correction.text]), default: []].append(observation)
    }
    return groups.sorted { $0.key < $1.key }.compactMap { key, observations in
      guard let first = observations.first else { return nil }
      let ruleID = observations.compactMap(\.ruleID).min() ?? key.ruleID
      return Preparation(
        command: key.values[0], step: key.values[1], evidence: Evidence(key: key, observations), ruleID: ruleID,
        category: first.category)
    }
  }
}
