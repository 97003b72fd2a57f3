import ArgumentParser
import LearnPipeline
import RuleEngine

struct Failures: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures",
    abstract: "List every failed call, with its category, rule and what worked instead.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var named: NamedLogs

  @Option(help: "How to print: text or jsonl.")
  var format = Format.text

  @Flag(help: "Go by the outputs alone, as if the logs did not say which calls failed.")
  var ignoreFlags = false

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let analyzer = SessionAnalyzer(
      rules: try watch.time(.rules) { try RuleLayers.load(paths: selection.rules, world: world) },
      ignoringFlags: ignoreFlags, world: world, cache: selection.cache(in: world))
    var (projects, survey) = await analyzer.analyze(try selection.selection(in: world, logs: named.logs, watch))
    watch.endProgress()
    survey.issues += projects.flatMap(\.issues)
    try selection.check(survey, in: world)
    switch format {
    case .jsonl:
      for project in projects {
        for observation in project.observations {
          Terminal.print(try Terminal.json(FailureRecord(observation, of: project)))
        }
      }
    case .text: Terminal.print(FailureReport(home: world.home).text(of: projects))
    }
  }
}
