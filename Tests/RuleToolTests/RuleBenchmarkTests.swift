import BuiltinRules
import RuleTools
import SessionModel
import Testing

@Suite struct RuleBenchmarkTests {
  /// The shares that the documentation of the calls names.
  @Test func madeCallsAreAsThoseOfSessions() {
    let calls = RuleBenchmark(rules: BuiltinRules.rules).madeCalls()
    let failed = calls.filter { $0.outcome != .succeeded }
    let shell = calls.filter { $0.tool == .shell }
    let sizes = calls.map(\.output.utf8.count).sorted()
    let lengths = shell.map(\.input.text.utf8.count).sorted()
    #expect((13...15).contains(calls.count / max(1, failed.count)))
    #expect((0.5...0.6).contains(Double(shell.count) / Double(calls.count)))
    #expect((100...500).contains(sizes[calls.count / 2]))
    #expect(sizes[calls.count * 9 / 10] > 4000)
    #expect((30...130).contains(lengths[shell.count / 2]))
    #expect(lengths[shell.count * 9 / 10] > 300)
  }
}
