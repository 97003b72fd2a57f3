internal import BuiltinRules
internal import Recommendations
internal import RuleEngine
public import RulePack
internal import SessionModel

/// The rules of a run. Those that are built in are there when the first call is looked at, and not before: a run that
/// finds nothing new does without.
public enum RuleSet: Sendable {
  case builtin
  case given(GivenRules)

  /// Built-in rules come without their examples.
  public var rules: [Rule] {
    switch self {
    case .builtin: BuiltinRules.withoutExamples
    case .given(let given): given.rules
    }
  }
}

/// Rules that are not, or not only, those that are built in.
public final class GivenRules: Sendable {
  public let rules: [Rule]
  /// Tells them from others. Made once: it takes all of them.
  let digest: Lazily<UInt64>

  public init(_ rules: [Rule]) {
    self.rules = rules
    digest = Lazily {
      var digest = Digest()
      for byte in FlatForm.encode(rules).utf8 { digest.add(byte) }
      return digest.value
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
    case .given(let given): Lazily { Lessons(of: given.rules) }
    }
  }

  // They never change, so that once is enough for all runs of a process.
  private static let builtinClassifier = Lazily { Classifier(rules: RuleSet.builtin.rules) }
  private static let builtinLessons = Lazily { Lessons(of: RuleSet.builtin.rules) }
}
