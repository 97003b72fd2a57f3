import ArgumentParser
import LearnPipeline
import RulePack
import RuleTools
import SessionModel

struct RulesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List rules: id, category, whether they teach, file.")

  @Argument(help: "Show only rules whose id holds this text.")
  var text: String?

  @Option(help: "Show only rules of this category.")
  var category: String?

  @Flag(help: "Show only rules that can put a line into a context file.")
  var learning = false

  @Option(help: ArgumentHelp("Also use the rules of this file or folder. May be repeated.", valueName: "path"))
  var rules: [String] = []

  func validate() throws {
    let known = Category.allCases.map(\.rawValue) + ["harmless"]
    if let category, !known.contains(category) {
      throw ValidationError("unknown category `\(category)`; known are: \(known.joined(separator: ", "))")
    }
  }

  func run() async throws {
    let shown = try RuleLayers.loadWithExamples(paths: rules, world: .real).filter { rule in
      (text.map { rule.id.contains($0) } ?? true) && (!learning || rule.learn != nil)
        && (category.map { $0 == rule.category?.rawValue ?? "harmless" } ?? true)
    }
    if !shown.isEmpty { Terminal.print(RuleCatalogue.list(shown)) }
  }
}

struct RulesShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one rule, and with --all or --project what it does there.")

  @Argument(help: ArgumentHelp("The id, such as python/module-missing.", valueName: "id"))
  var id: String

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var named: NamedLogs

  func run() async throws {
    let world = World.real
    let rules = try RuleLayers.loadWithExamples(paths: selection.rules, world: world)
    guard let rule = rules.first(where: { $0.id == id }) else {
      let ids = rules.map(\.id)
      let same = ids.filter { $0.contains(id) || $0.hasSuffix("/" + (id.split(separator: "/").last ?? "")) }
      let near = same.isEmpty ? EditDistance.nearest(to: id, among: ids).map { [$0] } ?? [] : same
      let hint =
        near.isEmpty ? "`headroom rules list` shows all" : "did you mean \(near.prefix(3).joined(separator: ", "))?"
      Terminal.warn("no rule has the id \(id); \(hint)")
      throw ExitCode(1)
    }
    Terminal.print(RuleCatalogue.show(rule))
    guard selection.all || selection.project != nil || !named.logs.isEmpty else { return }
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let trial = RuleTrial([rule], everything: rules, without: rules.filter { $0.id != id })
    let result = CallWalk(world: world).walk(
      try selection.selection(in: world, logs: named.logs, watch), with: ShowWorker(trial: trial))
    watch.endProgress()
    try selection.check(result.survey, in: world, showsProjects: false)
    Terminal.print("  on \(result.calls) calls\n\(result.worker.trial.report)")
  }
}

private struct ShowWorker: CallWorker {
  var trial: RuleTrial

  mutating func take(_ call: ToolCall) { trial.take(call) }
}

struct RulesSchema: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print a JSON Schema of rule files, for editors.")

  func run() async throws { Terminal.print(RuleSchema.json()) }
}

struct RulesDocs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Print a catalogue of the rules, or the reference of the rule language, in Markdown."
  )

  @Flag(help: "Print the reference of the language instead.")
  var language = false

  @Option(help: ArgumentHelp("Also use the rules of this file or folder. May be repeated.", valueName: "path"))
  var rules: [String] = []

  func run() async throws {
    let text =
      language
      ? RuleCatalogue.reference()
      : RuleCatalogue.markdown(try RuleLayers.loadWithExamples(paths: rules, world: .real))
    Terminal.print(text, terminator: "")
  }
}
