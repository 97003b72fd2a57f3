internal import BuiltinRules
internal import Recommendations
internal import RuleEngine
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

extension RuleSet {
  /// The rules ready to match, made when the first log is read.
  func classifier(ignoringFlags: Bool) -> Lazily<Classifier> {
    if case .builtin = self, !ignoringFlags { return Self.builtinClassifier }
    return Lazily { Classifier(rules: rules, ignoringFlags: ignoringFlags) }
  }

  /// What the rules teach, made when the first project is learned from.
  var lessons: Lazily<Lessons> {
    switch self {
    case .builtin: Self.builtinLessons
    case .given(let rules): Lazily { Lessons(of: rules) }
    }
  }

  // They never change, so that once is enough for all runs of a process.
  private static let builtinClassifier = Lazily { Classifier(rules: RuleSet.builtin.rules) }
  private static let builtinLessons = Lazily { Lessons(of: RuleSet.builtin.rules) }
}
