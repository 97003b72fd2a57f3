import ArgumentParser
import BuiltinRules
import LearnPipeline
import RulePack

struct Rules: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check and try rules.", subcommands: [RulesTest.self])
}

struct RulesTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the examples of rules.")

  @Argument(help: "Rule files, or folders of them. Default: the built-in packs.")
  var paths: [String] = []

  func run() async throws {
    var rules = BuiltinRules.rules
    if !paths.isEmpty {
      var reader = PackReader()
      for path in try RuleFiles.files(in: paths, world: .real) { reader.read(path.text, file: path.name) }
      for fault in reader.faults { Terminal.warn(fault.description) }
      if !reader.faults.isEmpty { throw ExitCode(3) }
      rules = reader.rules
    }
    let report = ExampleRunner(rules: rules).run()
    for failure in report.failures { Terminal.print(failure.description) }
    Terminal.print("\(rules.count) rules, \(report.examples) examples, \(report.failures.count) failed")
    if !report.failures.isEmpty { throw ExitCode(3) }
  }
}
