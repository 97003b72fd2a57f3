import ArgumentParser
import BuiltinRules
import RuleTools

/// For those who keep the engine: what many rules cost.
struct RulesBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure what 60 and 1,000 rules cost on each output.", shouldDisplay: false)

  @Option(help: "Fail when the large set costs more than so many times the small one.")
  var most: Double?

  @Option(
    help: ArgumentHelp(
      "Print a file for --rules that leaves so many rules in use, and measure nothing.", valueName: "n"))
  var layer: Int?

  func validate() throws {
    if let layer, layer < 0 { throw ValidationError("--layer needs a number of at least 0") }
  }

  func run() async throws {
    if let layer {
      Terminal.print(RuleBenchmark.layer(of: layer, from: BuiltinRules.rules), terminator: "")
      return
    }
    let report = RuleBenchmark(rules: BuiltinRules.rules).run()
    for row in [report.small, report.large] {
      Terminal.print("\(row.rules) rules: \(RuleBenchmark.text(row.microseconds)) us per output")
    }
    Terminal.print("ratio \(RuleBenchmark.text(report.ratio)), on \(report.outputs) outputs")
    if let most, report.ratio > most { throw ExitCode(3) }
  }
}
