import ArgumentParser
import ContextFiles
import LearnPipeline
import Recommendations
import SessionModel

struct Learn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Recommend lines for the context files of a project, from what went wrong in its sessions.",
    discussion: "A dry run unless --apply is given. Nothing leaves this machine unless a model is asked for.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var lessons: LessonOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var named: NamedLogs

  @Flag(help: "Write the files.")
  var apply = false

  @Option(help: ArgumentHelp("Write everything to this file instead of the agent's own.", valueName: "file"))
  var target: String?

  @Option(help: "How to print: text, markdown (the lines alone) or json.")
  var format = Format.text

  func validate() throws {
    // Each project would take the place of the one before.
    if target != nil, selection.all || !named.logs.isEmpty && selection.project == nil {
      throw ValidationError("--target takes the lessons of one project: name it with --project")
    }
    if let target, target.isEmpty || target == "-" { throw ValidationError("--target needs the path of a file") }
    if apply, model.showPrompt { throw ValidationError("use either --apply or --show-prompt") }
  }

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let rules = try watch.time(.rules) { try RuleLayers.load(paths: selection.rules, world: world) }
    var options = lessons.options
    options.target = target.map { PathText.resolved($0, in: world.currentDirectory) }
    let refiner = try model.refiner(in: world)
    let learner = Learner(
      world: world, rules: rules, options: options, refiner: refiner, cache: selection.cache(in: world))
    let selected = try selection.selection(in: world, logs: named.logs, watch)
    let logs = await learner.read(selected)
    watch.endProgress()
    try selection.check(logs.survey, in: world)
    if let damage = LessonMemory(stateFolder: world.stateFolder).damage { Terminal.warn(damage) }
    let report = TextReport(
      style: TextStyle(isColored: Terminal.isColored(world)), home: world.home, applied: apply, hints: hints)
    var output = LearnOutput(format, report, logs.survey)
    var notes = RefinementNotes()
    var applied: [ProjectLearning] = []
    let isShownAtOnce = !apply && !model.showPrompt
    try await learner.learn(from: logs, selected) { [output] learning in
      (learning, text: isShownAtOnce ? Result { try output.text(of: learning) } : nil)
    } take: { learning, text throws(any Error) in
      if model.showPrompt { return }
      notes.add(learning)
      if let text { try output.show(learning, try text.get()) }
      // Whoever reads the output may stop reading: every file is written before anything is said.
      if apply { applied.append(watch.writing { learner.apply(learning) }) }
    }
    if model.showPrompt { return }
    for learning in applied { try output.show(learning, try output.text(of: learning)) }
    try output.end()
    model.report(notes, in: world)
    let faults = applied.flatMap(\.faults)
    if !faults.isEmpty {
      if format != .text { for fault in faults { Terminal.warn(fault) } }
      throw ExitCode(1)
    }
  }

  /// Commands that go on from here with the same options.
  private var hints: TextReport.Hints {
    let target = target.map { " --target \($0)" } ?? ""
    return TextReport.Hints(
      apply: "headroom learn\(selection.given(place: true, logs: named.logs))\(target) --apply",
      explain: { [selection, named] in "headroom explain \($0)\(selection.given(place: false, logs: named.logs))" })
  }
}

/// How lessons are chosen.
struct LessonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Tokens that the lines of one project may cost together.", valueName: "tokens"))
  var budget = Budget.standard

  @Option(
    help: ArgumentHelp("How often a lesson must have been seen, instead of what its rule asks for.", valueName: "n"))
  var minEvidence: Int?

  func validate() throws {
    if budget < 0 { throw ValidationError("--budget needs a number of at least 0") }
    if let minEvidence, minEvidence < 1 { throw ValidationError("--min-evidence needs a number of at least 1") }
  }

  var options: LearnOptions { LearnOptions(budget: budget, minimumEvidence: minEvidence) }
}
