internal import PatternEngine
internal import RuleEngine
public import RulePack

/// Changes the output patterns of rules in small ways (`PatternMutants`) and sees whether the examples of the rule notice:
/// one that should match no longer does or captures something else, or one that should not match does.
public struct MutationRun {
  /// A change that no example notices.
  public struct Survivor: Sendable {
    public var ruleID: String
    public var kind: String
    public var pattern: String
  }

  public struct Report: Sendable {
    public var mutants = 0
    public var caught = 0
    /// Rules with a pattern that can be changed.
    public var rules = 0
    /// Rules whose examples notice most changes.
    public var guarded = 0
    /// Rules whose examples notice every change.
    public var complete = 0
    public var survivors: [Survivor] = []
  }

  /// The share of its mutants that the examples of a rule have to notice, in percent.
  public static let most = 75

  private let rules: [Rule]

  public init(rules: [Rule]) { self.rules = rules }

  public func run() -> Report {
    var report = Report()
    for rule in rules {
      var all = 0
      var survivors: [Survivor] = []
      for (index, pattern) in rule.when.output.enumerated() {
        for mutant in PatternMutants.of(pattern.source) {
          var changed = rule
          changed.when.output[index] = PatternText(
            source: mutant.source, literals: RequiredLiterals.of(mutant.source))
          all += 1
          if ExampleRunner(rules: [changed]).run().failures.isEmpty {
            survivors.append(Survivor(ruleID: rule.id, kind: mutant.kind.rawValue, pattern: mutant.source))
          }
        }
      }
      guard all > 0 else { continue }
      report.rules += 1
      report.mutants += all
      report.caught += all - survivors.count
      if (all - survivors.count) * 100 >= all * Self.most { report.guarded += 1 }
      if survivors.isEmpty { report.complete += 1 }
      report.survivors += survivors
    }
    return report
  }
}
