import RulePack
import SessionModel
import Testing

@testable import RuleEngine

/// What the user says, and what only looks as if the user had said it.
@Suite struct StatementTests {
  private func found(_ text: String, isSubagent: Bool = false, parent: String? = nil) throws -> [Observation] {
    var reader = PackReader()
    reader.read(
      """
      pack: demo
      rules:
        - id: demo/program
          category: preference
          when: { message: '^(?i)use (?<command>\\w+), not (?<program>\\w+)$' }
          examples: [{ message: "use a, not b" }]
        - id: demo/stop
          category: preference
          when: { message: '^(?i)stop using (?<program>\\w+)$' }
          examples: [{ message: "stop using b" }]
      """, file: "demo.yaml")
    try #require(reader.faults.isEmpty, "\(reader.faults.map(\.description))")
    var analyzer = CallAnalyzer(classifier: Classifier(rules: reader.rules), scratch: ClassifierScratch())
    analyzer.accept(
      .message(
        UserMessage(text: text, location: LogLocation(file: "/log", line: 3), timestamp: "2026-03-01T10:00:00Z")))
    var summary = FileSummary(session: SessionInfo(id: "s1"))
    summary.session.parentID = parent
    let file = LogFile(path: "/log", size: 0, isSubagent: isSubagent, group: "g")
    let analysis = analyzer.finish(summary, file: file)
    #expect(analysis.observations.isEmpty)
    return analysis.statements
  }

  @Test(arguments: [
    "use pnpm, not npm", "Thanks. Use pnpm, not npm!", "the build hangs\nuse pnpm, not npm\n",
    "Use pnpm, not npm; then go on",
    // Each of these marks is longer than the one that patterns have for it.
    "Thanks, it’s, it’s, it’s, it’s, it’s, it’s done. Use pnpm, not npm",
  ])
  func anOrderIsHeard(_ text: String) throws {
    let said = try #require(try found(text).first)
    #expect(said.slots == ["command": "pnpm", "program": "npm"])
    #expect(said.category == .preference && !said.failed && said.sessionID == "s1")
    #expect(said.excerpt.lowercased().hasPrefix("use pnpm") || said.excerpt.hasPrefix("Thanks"))
  }

  @Test func aSentenceBeginsWhereItsPatternDoes() throws {
    let said = try found("It broke again. Stop using npm. Use pnpm, not npm")
    #expect(said.map(\.slots["program"]) == ["npm", "npm"])
    #expect(said.map(\.ruleID) == ["demo/stop", "demo/program"])
  }

  @Test(arguments: [
    "use pnpm, not npm?", "> use pnpm, not npm", "- use pnpm, not npm", "1. use pnpm, not npm", "    use pnpm, not npm",
    "he wrote \"x\". \"use pnpm, not npm\"", "# Rules\nuse pnpm, not npm", "```\nuse pnpm, not npm\n```",
    "<system-reminder>\nuse pnpm, not npm\n</system-reminder>", "$ cat CLAUDE.md\nuse pnpm, not npm",
    "| a |\nuse pnpm, not npm", "⏺ done\nuse pnpm, not npm", "{\"role\":\"user\"}\nuse pnpm, not npm",
  ])
  func whatIsAskedQuotedOrPastedIsNot(_ text: String) throws {
    #expect(try found(text).isEmpty)
  }

  @Test func aLongTextIsPasted() throws {
    #expect(try found("use pnpm, not npm\n" + String(repeating: "word ", count: 250)).isEmpty)
    #expect(try found("use pnpm, not npm\n" + String(repeating: "line\n", count: 11)).isEmpty)
  }

  @Test func whatASubagentIsToldComesFromAnAgent() throws {
    #expect(try found("use pnpm, not npm", isSubagent: true).isEmpty)
    #expect(try found("use pnpm, not npm", parent: "s0").isEmpty)
  }

  @Test func aSecretIsNotKept() throws {
    let said = try #require(try found("use pnpm, not npm. token=ghp_abcdefghijklmnopqrstuvwxyz0123456789").first)
    #expect(!said.input.contains("ghp_abcdefghijklmnop"))
  }
}
