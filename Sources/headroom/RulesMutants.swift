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

  @Option(help: "Fail when fewer rules than this share, in percent, are caught.")
  var least: Int?

  @Flag(help: "Print the changes that no example notices.")
  var survivors = false

  func run() async throws {
    let named = try NamedRules(paths: paths, world: .real)
    let report = MutationRun(rules: named.rules).run()
    if survivors {
      for survivor in report.survivors {
        Terminal.print("\(survivor.ruleID): \(survivor.kind): \(survivor.pattern)")
      }
    }
    func share(_ part: Int, _ whole: Int) -> String { whole == 0 ? "-" : "\(part * 100 / whole)%" }
    Terminal.print(
      """
      \(report.mutants) mutants of \(report.rules) rules, \(report.caught) (\(share(report.caught, report.mutants))) caught by examples
      \(share(report.guarded, report.rules)) of the rules are caught: their examples notice at least \(MutationRun.most)% of their mutants
      \(share(report.complete, report.rules)) of the rules: their examples notice every mutant
      """)
    if let least, report.guarded * 100 < report.rules * least { throw ExitCode(3) }
  }
}
