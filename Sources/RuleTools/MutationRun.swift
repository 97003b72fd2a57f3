internal import PatternEngine
internal import RuleEngine
public import RulePack

/// Changes the patterns of rules in small ways and sees whether the examples of the rule notice.
public struct MutationRun {
  public enum Kind: String, Sendable, CaseIterable {
    case literal = "literal dropped"
    case set = "class loosened"
    case anchor = "anchor removed"
  }

  /// A change that no example notices.
  public struct Survivor: Sendable {
    public var rule: Rule
    public var kind: Kind
    public var pattern: String
  }

  public struct Report: Sendable {
    public var mutants = 0
    public var caught = 0
    /// Rules with a pattern that can be changed.
    public var rules = 0
    /// Rules with examples that notice at least one change of every kind that applies to them.
    public var guarded = 0
    /// Rules with examples that notice at least half of all changes.
    public var half = 0
    public var survivors: [Survivor] = []
  }

  private let rules: [Rule]

  public init(rules: [Rule]) { self.rules = rules }

  public func run() -> Report {
    var report = Report()
    for rule in rules {
      var tried: [Kind: (all: Int, caught: Int)] = [:]
      var survivors: [Survivor] = []
      for (index, pattern) in rule.when.output.enumerated() {
        for (kind, source) in Self.mutants(of: pattern.source) {
          var mutant = rule
          mutant.when.output[index] = PatternText(source: source, literals: RequiredLiterals.of(source))
          let isCaught = ExampleRunner(rules: [mutant]).run().failures.isEmpty == false
          tried[kind, default: (0, 0)].all += 1
          if isCaught {
            tried[kind, default: (0, 0)].caught += 1
          } else {
            survivors.append(Survivor(rule: rule, kind: kind, pattern: source))
          }
        }
      }
      guard !tried.isEmpty else { continue }
      let all = tried.values.reduce(0) { $0 + $1.all }
      let caught = tried.values.reduce(0) { $0 + $1.caught }
      report.rules += 1
      report.mutants += all
      report.caught += caught
      if tried.values.allSatisfy({ $0.caught > 0 }) { report.guarded += 1 }
      if caught * 2 >= all { report.half += 1 }
      for survivor in survivors where tried[survivor.kind]?.caught == 0 { report.survivors.append(survivor) }
    }
    return report
  }

  /// Every change of every part, as far as the result is a pattern.
  static func mutants(of source: String) -> [(Kind, String)] {
    guard let shape = PatternShape(source) else { return [] }
    var mutants: [(Kind, String)] = []
    var word: Range<Int>?
    func finish() {
      if let range = word, range.count >= 4 { mutants.append((.literal, shape.replacing(range, with: ""))) }
      word = nil
    }
    for part in shape.all {
      switch part {
      case .character(let scalar, let range) where scalar.properties.isAlphabetic:
        if let known = word, known.upperBound == range.lowerBound {
          word = known.lowerBound..<range.upperBound
        } else {
          finish()
          word = range
        }
        continue
      case .set(let range) where !["."].contains(shape.source(range)):
        mutants.append((.set, shape.replacing(range, with: ".")))
      case .assertion(let range): mutants.append((.anchor, shape.replacing(range, with: "")))
      default: break
      }
      finish()
    }
    finish()
    return mutants.filter { (try? Pattern($0.1)) != nil && !$0.1.isEmpty }
  }
}
