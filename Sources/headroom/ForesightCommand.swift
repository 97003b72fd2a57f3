import ArgumentParser
import LearnPipeline

struct ForesightCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "foresight",
    abstract: "Measure the lines: learn from earlier sessions, and count the later failures that they name.",
    discussion: "Writes nothing. A failure counts as named when it tells the same lesson as a line.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var lessons: LessonOptions

  @Option(help: ArgumentHelp("The share of a project's sessions to learn from.", valueName: "share"))
  var split = 0.6

  @Flag(help: "Show each line with the failures that it names.")
  var lines = false

  @Option(help: "How to print: text or json.")
  var format = Format.text

  func validate() throws {
    guard split > 0, split < 1 else { throw ValidationError("--split needs a number between 0 and 1, such as 0.6") }
  }

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let rules = try RuleLayers.load(paths: selection.rules, world: world)
    var options = lessons.options
    options.keepsCalls = true
    let learner = Learner(world: world, rules: rules, options: options, cache: selection.cache(in: world))
    let (projects, survey) = await learner.foresight(try selection.selection(in: world, watch), split: split)
    watch.endProgress()
    try selection.check(survey, in: world)
    switch format {
    case .json: Terminal.print(try Terminal.json(ForesightRecord(projects)))
    case .text: Terminal.print(ForesightReport(projects, showsLines: lines).text, terminator: "")
    }
  }
}
