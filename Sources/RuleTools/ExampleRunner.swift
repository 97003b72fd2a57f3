internal import RuleEngine
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
        let call = Self.call(of: example, rule)
        let finding = classifier.finding(of: rule, on: call, scratch: scratch)
        guard let reason = Self.fault(of: example, finding) else { continue }
        let failure = Failure(rule: rule, example: example, reason: reason)
        if example.isGap { report.gaps.append(failure) } else { report.failures.append(failure) }
      }
    }
    return report
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
