import ArgumentParser
import LearnPipeline
import RulePack
import RuleTools

struct RulesNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a rule from the output of a failed call.",
    discussion:
      "Without --output, the output is read from standard input; on a terminal, what is not given is asked for. The rule is"
      + " printed, or put into the file of --to.")

  @Option(help: "The output of the failed call.")
  var output: String?

  @Option(help: "The command, path or pattern of the call.")
  var input: String?

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
    var answers = RuleQuestions.Answers(input: input, output: output, id: id, category: category, fixed: fixed)
    if output == nil, Terminal.isInteractive {
      RuleQuestions(ask: { Terminal.prompt($0) }).fill(&answers)
    } else if output == nil {
      var text = ""
      while let line = readLine(strippingNewline: false) { text += line }
      answers.output = text
    }
    let parts = answers.id?.split(separator: "/").map(String.init) ?? []
    let old = to.flatMap { world.read($0) }.map { String(decoding: $0, as: UTF8.self) }
    let pack = parts.first ?? old.flatMap { PackReader.packName(of: $0) }
    let call = RuleDraft.call(tool: tool, input: answers.input ?? "", output: answers.output ?? "")
    guard
      let draft = RuleDraft(
        call: call, pack: pack, name: parts.last, category: answers.category.flatMap(Category.init), line: line,
        fixed: answers.fixed,
        otherwise: otherwise)
    else {
      Terminal.warn("the output has no line with a message; name it with --line")
      throw ExitCode(1)
    }
    let file = old.map { $0.hasSuffix("\n") ? $0 + "\n" + draft.yaml : $0 + "\n\n" + draft.yaml } ?? draft.file
    var reader = PackReader(notesPlaces: true)
    reader.read(file, file: to ?? "new.yaml")
    let everything = reader.layer.applied(to: try RuleLayers.loadWithExamples(paths: [], world: world)).rules
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
