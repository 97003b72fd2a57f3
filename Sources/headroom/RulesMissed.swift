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

  @Option(help: "How many kinds to show, the most frequent first.")
  var rows = 10

  @Option(help: "Name of the pack for the rules.")
  var pack = "own"

  func run() async throws {
    let world = World.real
    let classifier = Classifier(rules: try RuleLayers.load(paths: selection.rules, world: world))
    let worker = MissedWorker(classifier: classifier)
    let result = CallWalk(world: world).walk(try selection.selection(in: world), with: worker)
    try selection.check(files: result.files, in: world)
    let missed = result.worker.missed
    let clusters = missed.ranked
    Terminal.print(
      "# \(missed.missed) of \(missed.failed) failed calls are explained by no rule: \(missed.silent) say nothing, the others are of"
        + " \(clusters.count) kinds.\n# Keep the rules that you want, then run `headroom rules check` and `headroom rules test`.\n"
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
    missed.add(call, isExplained: verdict.cause != nil || call.outcome != .failed)
  }
}

struct RulesNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a rule from the output of a failed call.",
    discussion:
      "Without --output, the output is read from standard input. The rule is printed, or put into the file of --to.")

  @Option(help: "The output of the failed call.")
  var output: String?

  @Option(help: "The command, path or pattern of the call.")
  var input = ""

  @Option(help: "The tool.")
  var tool = "shell"

  @Option(help: "The line of the output that says what went wrong. Default: the one that looks most like it.")
  var line: String?

  @Option(help: "The id, such as own/port-taken.")
  var id: String?

  @Option(help: "The category. Default: guessed.")
  var category: String?

  @Option(help: "The line to learn when it is known what worked instead; {fix} stands for that.")
  var fixed: String?

  @Option(help: "The line to learn when that is not known.")
  var otherwise: String?

  @Option(help: "Add the rule to this file.")
  var to: String?

  func validate() throws {
    if let id, id.split(separator: "/").count != 2 {
      throw ValidationError("an id has the form pack/name, such as own/port-taken")
    }
    if let category, Category(rawValue: category) == nil {
      throw ValidationError(
        "unknown category `\(category)`; known are: \(Category.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }

  func run() async throws {
    let world = World.real
    if output == nil, Terminal.isInteractive { Terminal.warn("paste the output of the failed call, then press Ctrl-D") }
    var text = output ?? ""
    if output == nil { while let line = readLine(strippingNewline: false) { text += line } }
    let parts = id?.split(separator: "/").map(String.init) ?? []
    let old = to.flatMap { world.read($0) }.map { String(decoding: $0, as: UTF8.self) }
    let pack = parts.first ?? old.flatMap { PackReader.packName(of: $0) }
    let call = RuleDraft.call(tool: tool, input: input, output: text)
    guard
      let draft = RuleDraft(
        call: call, pack: pack, name: parts.last, category: category.flatMap(Category.init), line: line, fixed: fixed,
        otherwise: otherwise)
    else {
      Terminal.warn("the output has no line with a message; name it with --line")
      throw ExitCode(1)
    }
    let file = old.map { $0.hasSuffix("\n") ? $0 + "\n" + draft.yaml : $0 + "\n\n" + draft.yaml } ?? draft.file
    var reader = PackReader()
    reader.read(file, file: to ?? "new.yaml")
    let everything = reader.layer.applied(to: try RuleLayers.load(paths: [], world: world)).rules
    let rules = reader.rules.filter { $0.id == draft.id }
    let faults = reader.faults + RuleLint(rules: rules, places: reader.places, everything: everything).faults()
    for fault in faults { Terminal.warn(fault.description) }
    if faults.contains(where: { $0.severity == .error }) { throw ExitCode(3) }
    guard let to else { return Terminal.print(file, terminator: "") }
    guard Terminal.write(file, toFile: to) else {
      Terminal.warn("\(to) cannot be written; check its folder and permissions")
      throw ExitCode(1)
    }
    Terminal.print("\(draft.id) written to \(to)")
  }
}
