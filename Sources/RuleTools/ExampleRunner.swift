public import RuleEngine
public import RulePack
public import SessionModel

/// Runs the examples that rules carry.
public struct ExampleRunner {
  /// An example that does not hold.
  public struct Failure: Sendable, CustomStringConvertible {
    public var rule: Rule
    public var example: Example
    public var reason: String

    public var description: String {
      "\(rule.source.file):\(example.line): \(rule.id): \(reason)"
    }
  }

  public struct Report: Sendable {
    public var examples: Int
    public var failures: [Failure]
    /// Known gaps: examples that do not hold yet.
    public var gaps: [Failure] = []
  }

  private let rules: [Rule]

  public init(rules: [Rule]) { self.rules = rules }

  public func run() -> Report {
    let classifier = Classifier(rules: rules)
    let scratch = ClassifierScratch()
    var report = Report(examples: 0, failures: [])
    for rule in rules {
      for example in rule.examples {
        report.examples += 1
        let finding = Self.finding(of: example, rule, classifier, scratch)
        guard let reason = Self.fault(of: example, finding) else { continue }
        let failure = Failure(rule: rule, example: example, reason: reason)
        if example.isGap { report.gaps.append(failure) } else { report.failures.append(failure) }
      }
    }
    return report
  }

  /// What the rule by itself finds in the example.
  static func finding(
    of example: Example, _ rule: Rule, _ classifier: Classifier, _ scratch: ClassifierScratch
  ) -> Finding? {
    if let text = example.message {
      return classifier.findings(in: message(text, rule), scratch: scratch).first { $0.ruleID == rule.id }
    }
    return classifier.finding(
      of: rule, on: call(of: example, rule), after: history(of: example, rule), scratch: scratch)
  }

  private static func message(_ text: String, _ rule: Rule) -> UserMessage {
    UserMessage(text: text, location: LogLocation(file: rule.source.file, line: 0), timestamp: "")
  }

  /// The calls before the one of an example.
  public static func history(of example: Example, _ rule: Rule) -> CallHistory {
    var history = CallHistory()
    for before in example.before {
      // What is left open of them is not taken from the rule, which is about the call itself.
      var open = Rule(id: rule.id, category: nil, rank: 0, when: Conditions(), source: rule.source)
      open.when.outcomes = [.succeeded]
      var call = call(of: before, open)
      call.location.line = example.line
      history.add(call)
    }
    return history
  }

  static func fault(of example: Example, _ finding: Finding?) -> String? {
    guard let finding else { return example.matches ? "the example should match and does not" : nil }
    guard example.matches else { return "the example should not match and does" }
    for (name, wanted) in example.captures.sorted(by: { $0.key < $1.key }) {
      let found = finding.captures[name]
      if found != wanted { return "capture `\(name)` should hold `\(wanted)` and holds `\(found ?? "nothing")`" }
    }
    return nil
  }

  /// The call that an example stands for: where it leaves something open, what its rule asks for is taken.
  public static func call(of example: Example, _ rule: Rule) -> ToolCall {
    let name = example.tool ?? rule.when.tools.first ?? "shell"
    let tool = ToolKind(rawValue: name) ?? .other
    let isPathTool: Set<ToolKind> = [.read, .edit, .write, .list]
    let exit = example.exit ?? (example.outcome == nil && example.matches ? rule.when.exit.first : nil)
    return ToolCall(
      id: "example", tool: tool, toolName: name,
      input: ToolInput(text: example.input, path: isPathTool.contains(tool) ? example.input : nil),
      output: example.output, outputBytes: example.output.utf8.count,
      outcome: example.outcome ?? rule.when.outcomes.first ?? .failed, exitStatus: exit,
      location: LogLocation(file: rule.source.file, line: example.line))
  }
}
