import ArgumentParser
import LearnPipeline
import RuleEngine

struct Failures: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every failed call, with its category, rule and what worked instead.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, jsonl }

  @OptionGroup var selection: SelectionOptions

  @Option(help: "How to print: text or jsonl.")
  var format = Format.text

  @Flag(help: "Go by the outputs alone, as if the logs did not say which calls failed.")
  var ignoreFlags = false

  func run() async throws {
    let world = World.real
    let classifier = Classifier(rules: try RuleLayers.load(paths: selection.rules, world: world))
    let analysis = await SessionAnalyzer(classifier: classifier, world: world).analyze(selection.selection(in: world))
    for project in analysis.projects {
      for observation in project.observations {
        let record = FailureRecord(observation, of: project)
        Terminal.print(try Terminal.json(record))
      }
    }
  }
}
