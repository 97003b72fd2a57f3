internal import RuleEngine
internal import RulePack
internal import SessionModel

/// Commands that failed in the agent's sandbox, and worked outside of it as they were.
struct Escalation {
  static let key = "escalation"

  let evidence: Evidence
  let ruleID: String
  let category: Category
  /// The heads of the commands, the most frequent first.
  let commands: [(name: String, times: Int)]

  /// - Parameter observations: Failures whose correction is to leave the sandbox.
  /// - Returns: nil when there are none.
  init?(of observations: [Observation]) {
    guard let first = observations.first else { return nil }
    evidence = Evidence(key: LessonKey(ruleID: Self.key, values: []), observations)
    ruleID = observations.compactMap(\.ruleID).min() ?? Self.key
    category = first.category
    let heads = evidence.observations.compactMap(\.correction?.from)
    commands = Dictionary(grouping: heads) { $0 }.map { (name: $0.key, times: $0.value.count) }
      .sorted { ($1.times, $0.name) < ($0.times, $1.name) }
  }

  /// Without some of the commands; nil when none is left.
  /// - Parameter isExcluded: Asked with the head of each command and how often it failed.
  func excluding(where isExcluded: (_ name: String, _ times: Int) -> Bool) -> Escalation? {
    let excluded = Set(commands.filter { isExcluded($0.name, $0.times) }.map(\.name))
    return Escalation(of: evidence.observations.filter { !excluded.contains($0.correction?.from ?? "") })
  }

  /// Whether a failure is of the kinds that a sandbox causes, and nobody found another cause. Where it caused one for
  /// certain, such failures tell that this was no chance.
  static func mayBeOne(_ observation: Observation) -> Bool {
    observation.tool == .shell && observation.correction == nil && isOfTheKind(observation)
  }

  static func isOfTheKind(_ observation: Observation) -> Bool {
    observation.category == .permissionDenied || observation.category == .networkError
  }

  /// Commands that one line can name before it is hard to read.
  private static let mostCommands = 5

  static func line(of heads: [String]) -> String {
    let named = heads.prefix(mostCommands).map { "`\($0)`" }.joined(separator: ", ")
    let (fail, work, them) = heads.count == 1 ? ("fails", "works", "it") : ("fail", "work", "them")
    return "\(named) \(fail) in the sandbox here and \(work) outside of it: ask to run \(them) there at once"
  }

  /// Whether a failure is one of a command that is known to work outside.
  static func names(_ observation: Observation, of evidence: Evidence) -> Bool {
    guard let head = observation.slots["head"] else { return false }
    return evidence.observations.contains { $0.category == observation.category && $0.correction?.from == head }
  }
}
