import BuiltinRules
import Foundation
import RuleTools
import SessionModel
import Testing

@testable import RulePack

@Suite struct CheckTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Checks")

  /// Each file in `Checks` with all that is said of it. With `HEADROOM_RECORD=1` that is written instead of compared.
  @Test(arguments: ["many-faults", "lint", "lessons", "examples", "layers"])
  func everythingIsSaid(name: String) throws {
    var reader = PackReader(notesPlaces: true)
    reader.read(
      try String(contentsOf: Self.folder.appendingPathComponent(name + ".yaml"), encoding: .utf8), file: name + ".yaml")
    let applied = reader.layer.applied(to: BuiltinRules.rules)
    let lint = RuleLint(rules: reader.rules, places: reader.places, everything: applied.rules)
    let faults = (reader.faults + applied.faults + lint.faults()).sorted {
      ($0.source.line, $0.source.column, $0.message) < ($1.source.line, $1.source.column, $1.message)
    }
    // What was measured differs from run to run.
    let actual = faults.map { $0.description + "\n" }.joined().replacing(#/costs [\d.]+ us|takes \d+ ms/#, with: "N")
    let messages = Self.folder.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["HEADROOM_RECORD"] != nil {
      try actual.write(to: messages, atomically: true, encoding: .utf8)
    }
    #expect(try actual == String(contentsOf: messages, encoding: .utf8))
  }

  @Test func aLaterLayerChangesAndLeavesOut() throws {
    var reader = PackReader(notesPlaces: true)
    reader.read(
      """
      pack: own
      override:
        - id: python/module-missing
          rank: 3
          learn: { times: 9 }
        - { id: git/pathspec, learn: none }
      disable: git/no-repository
      """, file: "own.yaml")
    #expect(reader.faults.isEmpty)
    let (rules, faults) = reader.layer.applied(to: BuiltinRules.rules)
    #expect(faults.isEmpty)
    let changed = try #require(rules.first { $0.id == "python/module-missing" })
    #expect(changed.rank == 3 && changed.learn?.times == 9 && changed.learn?.section == "Environment")
    #expect(rules.first { $0.id == "git/pathspec" }?.learn == nil)
    #expect(!rules.contains { $0.id == "git/no-repository" } && rules.count == BuiltinRules.rules.count - 1)
  }

  @Test(arguments: [
    ("shipctl push web-42", "shipctl: error: bundle \"web-42\" is locked by deploy 8812"),
    ("python3 a.py", "Traceback\nweird.Fault: it's in 'src/x y.txt' (line 3)"), ("", "a\tb: cannot open C:\\x"),
    ("x", "zsh: --colour=auto isn't \\known [here] {now}"),
    ("mytool go", "mytool: file src/main.zz:12: unknown thing `foo`"),
  ])
  func aDraftPassesCheckAndTest(input: String, output: String) throws {
    let draft = try #require(RuleDraft(call: RuleDraft.call(tool: "shell", input: input, output: output)))
    var reader = PackReader(notesPlaces: true)
    reader.read(draft.file, file: "new.yaml")
    #expect(reader.faults.isEmpty)
    #expect(ExampleRunner(rules: reader.rules).run().failures.isEmpty)
    #expect(
      RuleLint(rules: reader.rules, places: reader.places, everything: reader.rules).faults().filter {
        $0.severity == .error
      }.isEmpty)
  }

  @Test func theSchemaKnowsEveryKey() throws {
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(RuleSchema.json().utf8)) as? [String: Any])
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    let keys = try #require(schema["properties"] as? [String: Any])
    #expect(Set(keys.keys) == Set(RuleLanguage.pack.keys.map(\.name)))
    for table in RuleLanguage.tables {
      for key in table.keys { #expect(RuleCatalogue.reference().contains("`\(key.name)`")) }
    }
  }

  @Test func wordsOfTheLanguageAreThoseOfTheCode() {
    #expect(RuleLanguage.masked.map(\.name) == Rule.Masked.allCases.map(\.rawValue))
    #expect(RuleLanguage.places.map(\.name) == Conditions.Place.allCases.map(\.rawValue))
    #expect(RuleLanguage.same.map(\.name) == Conditions.Earlier.Same.allCases.map(\.rawValue))
    #expect(Set(RuleLanguage.outcomes.compactMap { Outcome(rawValue: $0.name) }) == Set(Outcome.allCases))
  }
}
