import RulePack
import Testing

@testable import RuleTools

/// The changes that the mutation run makes, and what counts as noticed.
@Suite struct MutationTests {
  private func mutants(_ source: String) -> [String] {
    PatternMutants.of(source).map { "\($0.kind.rawValue): \($0.source)" }
  }

  @Test func everyKindOfChangeIsMade() {
    #expect(
      mutants(#"^error: (?:File|Path) (?<path>[^:\n]+) has \d+ faults$"#) == [
        #"anchor removed: error: (?:File|Path) (?<path>[^:\n]+) has \d+ faults$"#,
        #"literal dropped: ^(?:File|Path) (?<path>[^:\n]+) has \d+ faults$"#,
        #"literal dropped: ^error: (?:File|Path) (?<path>[^:\n]+) has \d+$"#,
        #"anchor removed: ^error: (?:File|Path) (?<path>[^:\n]+) has \d+ faults"#,
        #"words loosened: ^error: (?:\S+) (?<path>[^:\n]+) has \d+ faults$"#,
        #"class loosened: ^error: (?:File|Path) (?<path>[^:\n]+) has .+ faults$"#,
        #"class loosened: ^error: (?:File|Path) (?<path>.+) has \d+ faults$"#,
      ])
  }

  @Test func whatChangesNothingIsNoMutant() {
    // Optional text, the case of a letter, the dot, and what many patterns share.
    #expect(mutants(#"(?:fatal: )?[Nn]o go.*(?:(?#missing)No such file|not found)"#).isEmpty)
  }

  @Test func examplesNoticeOrDoNot() throws {
    var reader = PackReader()
    reader.read(
      """
      pack: demo
      rules:
        - id: demo/a
          category: other
          when: { output: '^fault: \\d+' }
          examples:
            - output: "fault: 12"
            - { output: "a fault: 12", matches: false }
            - { output: "fault: N", matches: false }
        - id: demo/b
          category: other
          when: { output: '^fault: \\d+' }
          examples:
            - output: "fault: 12"
      """, file: "demo.yaml")
    try #require(reader.faults.isEmpty)
    let report = MutationRun(rules: reader.rules).run()
    #expect(report.rules == 2 && report.guarded == 1 && report.complete == 1)
    #expect(report.mutants == 6 && report.caught == 4)
    #expect(Set(report.survivors.map(\.ruleID)) == ["demo/b"])
  }
}
