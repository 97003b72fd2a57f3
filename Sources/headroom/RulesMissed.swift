import ArgumentParser
import LearnPipeline
import RuleEngine
import RulePack
import RuleTools
import SessionModel

struct RulesMissed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "missed", abstract: "Show failed calls that no rule explains, each kind with a rule to start from.")

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var named: NamedLogs

  @Option(help: "How many kinds to show, the most frequent first.")
  var rows = 10

  @Option(help: "Name of the pack for the rules.")
  var pack = "own"

  func validate() throws {
    if rows < 0 { throw ValidationError("--rows needs a number of at least 0") }
  }

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let classifier = Classifier(rules: try RuleLayers.load(paths: selection.rules, world: world).rules)
    let worker = MissedWorker(classifier: classifier)
    let result = CallWalk(world: world).walk(
      try selection.selection(in: world, logs: named.logs, watch), with: worker)
    watch.endProgress()
    try selection.check(result.survey, in: world, showsProjects: false)
    let missed = result.worker.missed
    let clusters = missed.ranked
    Terminal.print(
      "# \(missed.missed) of \(missed.failed) failed calls are explained by no rule, or by one of last resort only:"
        + " \(missed.silent) say nothing, the others are of \(clusters.count) kinds.\n# Keep the rules that you want, then run `headroom rules check` and `headroom rules test`.\n"
    )
    Terminal.print("pack: \(pack)\n\nrules:")
    var used: [String: Int] = [:]
    for cluster in clusters.prefix(rows) {
      guard var draft = RuleDraft(call: cluster.first, pack: pack) else { continue }
      used[draft.id, default: 0] += 1
      if let times = used[draft.id], times > 1 {
        let name = draft.id.dropFirst(pack.count + 1)
        draft = RuleDraft(call: cluster.first, pack: pack, name: "\(name)-\(times)") ?? draft
      }
      Terminal.print("\n  # \(cluster.count) times, first at \(cluster.first.location)\n\(draft.yaml)", terminator: "")
    }
  }
}

extension Finding {
  /// Whether a rule ranks lower than any category does by itself: such rules go by the program alone, or by words that
  /// many programs print.
  fileprivate var isOfLastResort: Bool { rank <= Rule.lastResortRank && rank != category?.defaultRank }
}

private struct MissedWorker: CallWorker {
  let classifier: Classifier
  let scratch = ClassifierScratch()
  var history = CallHistory()
  var missed = MissedCalls()

  init(classifier: Classifier) { self.classifier = classifier }

  mutating func take(_ call: ToolCall) {
    let verdict = classifier.verdict(on: call, after: history, scratch: scratch)
    history.add(call)
    guard verdict.failed else { return }
    // A rule of last resort knows that the call failed, and hardly why; where the output gives no reason, none can know.
    let isKnown = verdict.cause.map { !$0.isOfLastResort || $0.category == .exitOnly } ?? false
    missed.add(call, isExplained: isKnown || call.outcome != .failed)
  }
}
