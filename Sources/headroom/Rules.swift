import ArgumentParser
import BuiltinRules
import LearnPipeline
import RulePack
import RuleTools

struct Rules: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Write, check and try rules.",
    subcommands: [
      RulesCheck.self, RulesTest.self, RulesList.self, RulesShow.self, RulesMissed.self, RulesProfile.self,
      RulesNew.self, RulesSchema.self, RulesDocs.self, RulesMutants.self, RulesBench.self,
    ])
}

/// Rules read from the files that a person named, with what they change of the others.
struct NamedRules {
  /// The rules of the files; when no file is named, the built-in ones and those of the user's own folder.
  var rules: [Rule]
  var places = RulePlaces()
  /// All rules in use when these files are used.
  var everything: [Rule]
  /// The rules in use without these files.
  var without: [Rule]
  var faults: [RuleFault] = []

  /// - Throws: `ExitCode(1)` when a file cannot be read.
  init(paths: [String], world: World) throws {
    let own = RuleLayers.folder(in: world)
    let isDefault = paths.isEmpty
    let paths = isDefault && world.isFolder(own) ? [own] : paths
    guard !paths.isEmpty else {
      rules = BuiltinRules.rules
      everything = rules
      without = rules
      return
    }
    var reader = PackReader(notesPlaces: true)
    do {
      for file in try RuleFiles.files(in: paths, world: world, mayBeEmpty: isDefault) {
        reader.read(file.text, file: file.name)
      }
    } catch {
      Terminal.warn("\(error)")
      throw ExitCode(1)
    }
    let applied = reader.layer.applied(to: BuiltinRules.rules)
    let changed = Set(reader.layer.overrides.map(\.id))
    rules =
      isDefault
      ? applied.rules
      : reader.rules
        + applied.rules.filter { rule in changed.contains(rule.id) && !reader.rules.contains { $0.id == rule.id } }
    places = reader.places
    faults = reader.faults + applied.faults
    everything = applied.rules
    without = BuiltinRules.rules
  }
}

struct RulesCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say everything that is wrong with rule files.",
    discussion: "Exit status: 0 nothing, 3 faults (with --strict also warnings), 1 a file cannot be read, 2 usage.")

  @Argument(help: "Rule files, or folders of them. Default: the built-in packs and your own folder.")
  var paths: [String] = []

  @Flag(help: "Let warnings count as faults.")
  var strict = false

  func run() async throws {
    let named = try NamedRules(paths: paths, world: .real)
    let lint = RuleLint(rules: named.rules, places: named.places, everything: named.everything)
    let faults = (named.faults + lint.faults()).sorted {
      ($0.source.file, $0.source.line, $0.source.column) < ($1.source.file, $1.source.line, $1.source.column)
    }
    for fault in faults { Terminal.print(fault.description) }
    let warnings = faults.count { $0.severity == .warning }
    let examples = named.rules.reduce(0) { $0 + $1.examples.count }
    Terminal.print(
      [(named.rules.count, "rule"), (examples, "example"), (faults.count - warnings, "fault"), (warnings, "warning")]
        .map { Terminal.count($0, $1) }.joined(separator: ", "))
    if faults.count > warnings || (strict && warnings > 0) { throw ExitCode(3) }
  }
}
