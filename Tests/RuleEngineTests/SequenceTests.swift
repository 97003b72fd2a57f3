import RulePack
import SessionModel
import Testing

@testable import RuleEngine

/// Rules that ask what came before a call.
@Suite struct SequenceTests {
  private static let stale = """
    id: demo/stale
    category: stale_file
    when:
      tool: edit
      output: changed since it was read
      after: { tool: shell, outcome: succeeded, input: '\\b(?<command>gofmt|prettier)\\b', within: 2 }
    """

  private func rule(of calls: [ToolCall], _ rules: [Rule]) -> [String?] {
    analysis(rules, calls).observations.map(\.ruleID)
  }

  @Test func aCallAfterAnotherIsFoundWithWhatThatCaptured() throws {
    var make = CallMaker()
    let calls = [
      make.shell("gofmt -w ."), make.tool(.edit, "a.go", .failed, "a.go has changed since it was read"),
    ]
    let found = analysis(try rules(Self.stale), calls).observations
    #expect(found.map(\.ruleID) == ["demo/stale"])
    #expect(found.first?.slots["command"] == "gofmt")
  }

  @Test func aCallTooFarBackOrOfAnotherOutcomeDoesNotCount() throws {
    let rules = try rules(Self.stale)
    var make = CallMaker()
    let far = [
      make.shell("gofmt -w ."), make.shell("ls"), make.shell("ls"),
      make.tool(.edit, "a.go", .failed, "a.go has changed since it was read"),
    ]
    #expect(rule(of: far, rules) == [nil])
    let failed = [
      make.shell("gofmt -w .", .failed, "x"), make.tool(.edit, "a.go", .failed, "a.go has changed since it was read"),
    ]
    #expect(rule(of: failed, rules).last == .some(nil))
  }

  @Test func aSubagentAndAnotherFileAreOtherStories() throws {
    let rules = try rules(Self.stale)
    var make = CallMaker()
    var format = make.shell("gofmt -w .")
    let edit = make.tool(.edit, "a.go", .failed, "a.go has changed since it was read")
    format.isSidechain = true
    #expect(rule(of: [format, edit], rules) == [nil])
    format.isSidechain = false
    format.location.file = "/other"
    #expect(rule(of: [format, edit], rules) == [nil])
  }

  @Test func theSamePathIsTheSameFromAnyFolder() throws {
    let rules = try rules(
      """
      id: demo/edited-unread
      category: edit_mismatch
      when:
        tool: edit
        output: text not found
        after: { tool: write, same: path }
      """)
    var make = CallMaker()
    let other = make.tool(.write, "src/b.go")
    let same = make.tool(.write, "/work/shop/src/a.go")
    let edit = make.tool(.edit, "src/a.go", .failed, "text not found")
    #expect(rule(of: [other, edit], rules) == [nil])
    #expect(rule(of: [same, other, edit], rules) == ["demo/edited-unread"])
  }

  @Test func theSameCallHasToComeOften() throws {
    let rules = try rules(
      """
      id: demo/again
      category: other
      when: { tool: shell, repeats: 3 }
      """)
    var make = CallMaker()
    let calls = (0..<4).map { make.shell($0 == 1 ? "make test" : "make all", .failed, "no rule") }
    #expect(rule(of: calls, rules) == [nil, nil, nil, "demo/again"])
  }

  @Test func onlyTheLastCallsAreKept() {
    var make = CallMaker()
    var history = CallHistory()
    for _ in 0..<50 { history.add(make.shell("ls")) }
    let before = history.before(make.shell("ls"))
    #expect(before.count == CallHistory.limit)
    #expect(before.first?.location.line == 100)
  }
}
