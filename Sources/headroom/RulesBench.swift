import ArgumentParser
import BuiltinRules
import LearnPipeline
import RuleTools
import SessionModel

/// For those who keep the engine: what many rules cost.
struct RulesBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure what 60 and 1,000 rules cost on each output.",
    discussion: "On made calls, or with --project, --all or logs on those of real sessions.", shouldDisplay: false)

  @Option(help: "Fail when the large set costs more than so many times the small one.")
  var most: Double?

  @Option(
    help: ArgumentHelp(
      "Print a file for --rules that leaves so many rules in use, and measure nothing.", valueName: "n"))
  var layer: Int?

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var named: NamedLogs

  func validate() throws {
    if let layer, layer < 0 { throw ValidationError("--layer needs a number of at least 0") }
  }

  func run() async throws {
    if let layer {
      Terminal.print(RuleBenchmark.layer(of: layer, from: BuiltinRules.rules), terminator: "")
      return
    }
    let benchmark = RuleBenchmark(rules: BuiltinRules.rules)
    let report = benchmark.run(on: try realCalls() ?? benchmark.madeCalls())
    for row in [report.small, report.large] {
      Terminal.print("\(row.rules) rules: \(RuleBenchmark.text(row.microseconds)) us per output")
    }
    Terminal.print("ratio \(RuleBenchmark.text(report.ratio)), on \(report.outputs) outputs")
    if let most, report.ratio > most { throw ExitCode(3) }
  }

  /// The calls of the selected sessions; nil when none are selected.
  private func realCalls() throws -> [ToolCall]? {
    guard selection.all || selection.project != nil || !named.logs.isEmpty else { return nil }
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let result = CallWalk(world: world).walk(
      try selection.selection(in: world, logs: named.logs, watch), with: CallCollector())
    watch.endProgress()
    try selection.check(result.survey, in: world, showsProjects: false)
    return result.worker.calls
  }
}

private struct CallCollector: CallWorker {
  var calls: [ToolCall] = []

  mutating func take(_ call: ToolCall) { calls.append(call) }
}
