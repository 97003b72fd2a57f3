import ArgumentParser
import LearnPipeline
import RulePack
import RuleTools

/// For those who keep the packs: how much of the patterns the examples hold in place.
struct RulesMutants: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutants", abstract: "Change patterns in small ways and count what the examples notice.",
    shouldDisplay: false)

  @Argument(help: "Rule files, or folders of them. Default: the built-in packs.")
  var paths: [String] = []

  @Flag(help: "Print the changes of a kind that a rule's examples never notice.")
  var survivors = false

  func run() async throws {
    let named = try NamedRules(paths: paths, world: .real)
    let report = MutationRun(rules: named.rules).run()
    if survivors {
      for survivor in report.survivors {
        Terminal.print("\(survivor.rule.id): \(survivor.kind.rawValue): \(survivor.pattern)")
      }
    }
    func share(_ part: Int, _ whole: Int) -> String { whole == 0 ? "-" : "\(part * 100 / whole)%" }
    Terminal.print(
      """
      \(report.mutants) mutants of \(report.rules) rules, \(report.caught) (\(share(report.caught, report.mutants))) caught by examples
      \(share(report.half, report.rules)) of the rules: examples catch at least half of the mutants
      \(share(report.guarded, report.rules)) of the rules: examples catch at least one mutant of every kind that applies
      """)
  }
}
