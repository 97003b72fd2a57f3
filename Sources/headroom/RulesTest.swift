import ArgumentParser
import LearnPipeline
import RulePack
import RuleTools

struct RulesTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the examples of rules.")

  @Argument(help: "Rule files, or folders of them. Default: the built-in packs.")
  var paths: [String] = []

  func run() async throws {
    let named = try NamedRules(paths: paths, world: .real)
    for fault in named.faults { Terminal.warn(fault.description) }
    if !named.faults.isEmpty { throw ExitCode(3) }
    let report = ExampleRunner(rules: named.rules).run()
    for failure in report.failures { Terminal.print(failure.description) }
    for gap in report.gaps { Terminal.print("\(gap) (a known gap)") }
    let gaps = report.gaps.isEmpty ? "" : ", \(report.gaps.count) known gaps"
    Terminal.print("\(named.rules.count) rules, \(report.examples) examples, \(report.failures.count) failed\(gaps)")
    if !report.failures.isEmpty { throw ExitCode(3) }
  }
}
