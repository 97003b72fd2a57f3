import ArgumentParser
import LearnPipeline

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what a recommendation, or a lesson that was left out, rests on.")

  @Argument(help: ArgumentHelp("The id that `learn` prints, such as r-5f3a9c.", valueName: "id"))
  var id: String

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var lessons: LessonOptions
  @OptionGroup var named: NamedLogs

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let rules = try RuleLayers.load(paths: selection.rules, world: world)
    var options = lessons.options
    options.keepsCalls = true
    let learner = Learner(
      world: world, rules: rules, options: options, refiner: KeptAnswers(in: world),
      cache: selection.cache(in: world))
    // An id names its lesson wherever it was learned.
    var selected = try selection.selection(in: world, logs: named.logs, watch)
    if selection.project == nil { selected.project = nil }
    var (learnings, survey) = await learner.learn(selected)
    watch.endProgress()
    survey.issues += learnings.flatMap(\.summary.issues)
    try selection.check(survey, in: world)
    let report = TextReport(style: TextStyle(isColored: Terminal.isColored(world)), home: world.home)
    guard let text = Explanation(report: report, rules: rules.rules).text(of: id, in: learnings) else {
      Terminal.warn(
        "no lesson has the id \(id); `headroom learn` prints those of a project, with --format json all of them")
      throw ExitCode(1)
    }
    Terminal.print(text)
  }
}
