internal import BuiltinRules
public import RulePack

/// The rules of a run. Those that are built in are there when the first call is looked at, and not before: a run that
/// finds nothing new does without.
public enum RuleSet: Sendable {
  case builtin
  case given([Rule])

  /// Built-in rules come without their examples.
  public var rules: [Rule] {
    switch self {
    case .builtin: BuiltinRules.withoutExamples
    case .given(let rules): rules
    }
  }
}
