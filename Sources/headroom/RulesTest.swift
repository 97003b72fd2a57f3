import ArgumentParser
import LearnPipeline
import RulePack
import RuleTools
import SessionModel

struct RulesTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the examples of rules, and try rules on real sessions.",
    discussion: """
      With --sessions, --project or --all, shows what each rule does on real sessions: the calls that it matches, explains \
      and takes from other rules. `noisy` takes more than it gains, `missing` matches nothing, `hidden` never explains what \
      it matches.
      """)

  @Argument(help: "Rule files, or folders of them. Default: the built-in packs and your own folder.")
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      "Try the rules on all sessions of this folder, which is laid out as the home of an agent is, or of this file, with"
        + " --agent jsonl and others that `headroom agents` names.", valueName: "path"))
  var sessions: String?

  @OptionGroup var selection: SelectionOptions

  func run() async throws {
    let world = World.real
    let named = try NamedRules(paths: paths + selection.rules, world: world)
    for fault in named.faults { Terminal.warn(fault.description) }
    if !named.faults.isEmpty { throw ExitCode(3) }
    let report = ExampleRunner(rules: named.rules).run()
    for failure in report.failures { Terminal.print(failure.description) }
    for gap in report.gaps { Terminal.print("\(gap) (a known gap)") }
    let gaps = report.gaps.isEmpty ? "" : ", \(Terminal.count(report.gaps.count, "known gap"))"
    Terminal.print(
      "\(Terminal.count(named.rules.count, "rule")), \(Terminal.count(report.examples, "example")), "
        + "\(report.failures.count) failed\(gaps)")
    if sessions != nil || selection.all || selection.project != nil {
      let isFile =
        sessions.map { AgentSurvey.readersOfNamedLogs.contains(selection.agent) || $0 == "-" } ?? false
      let folder = isFile ? nil : sessions
      let place = folder.map { world.withSessions(in: PathText.resolved($0, in: world.currentDirectory)) } ?? world
      let watch = selection.watch(in: world)
      defer { watch.end() }
      var selected = try selection.selection(in: place, logs: isFile ? sessions.map { [$0] } ?? [] : [], watch)
      if sessions != nil, selection.project == nil { selected.project = nil }
      let trial = RuleTrial(named.rules, everything: named.everything, without: named.without)
      let result = CallWalk(world: place).walk(selected, with: TrialWorker(trial: trial))
      watch.endProgress()
      try selection.check(result.survey, in: place, showsProjects: false)
      Terminal.print("\n\(Terminal.count(result.calls, "call"))\n\(result.worker.trial.report)")
    }
    if !report.failures.isEmpty { throw ExitCode(3) }
  }
}

private struct TrialWorker: CallWorker {
  var trial: RuleTrial

  mutating func take(_ call: ToolCall) { trial.take(call) }
}

struct RulesProfile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Measure what each rule costs on the selected sessions.")

  @OptionGroup var selection: SelectionOptions

  @OptionGroup var named: NamedLogs

  @Option(help: "How many rules to show, the dearest first.")
  var rows = 20

  func validate() throws {
    if rows < 0 { throw ValidationError("--rows needs a number of at least 0") }
  }

  func run() async throws {
    let world = World.real
    let watch = selection.watch(in: world)
    defer { watch.end() }
    let profile = RuleProfile(rules: try RuleLayers.load(paths: selection.rules, world: world).rules)
    let result = CallWalk(world: world).walk(
      try selection.selection(in: world, logs: named.logs, watch), with: ProfileWorker(profile: profile))
    watch.endProgress()
    try selection.check(result.survey, in: world, showsProjects: false)
    Terminal.print(result.worker.profile.report(rows: rows))
  }
}

private struct ProfileWorker: CallWorker {
  var profile: RuleProfile

  mutating func take(_ call: ToolCall) { profile.take(call) }
}
