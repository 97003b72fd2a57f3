import BuiltinRules
import PatternEngine
import SessionModel
import TestSupport
import Testing

@testable import RulePack

@Suite struct FlatFormTests {
  private func decode(_ text: String) -> [Rule]? {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBufferPointer { unsafe FlatForm.decode($0) }
  }

  @Test func builtinRulesReadBack() {
    #expect(BuiltinRules.rules.count > 100)
    #expect(decode(FlatForm.encode(BuiltinRules.rules)) == BuiltinRules.rules)
  }

  @Test func everyFieldReadsBack() {
    let odd = ["", "0", "3:abc", "é\n", "\u{0}", ":", "\u{1F600}"]
    func pattern(_ index: Int) -> PatternText {
      PatternText(source: odd[index % odd.count], literals: odd.map { Literal($0.utf8, ignoresCase: index % 2 == 0) })
    }
    let exclusion = Conditions.Exclusion(
      program: pattern(1), last: pattern(2), input: [pattern(3)], output: [pattern(4), pattern(5)])
    let doubt = Conditions.Exclusion(program: nil, last: pattern(3), input: [], output: [pattern(1)])
    var when = Conditions()
    when.tools = odd
    when.outcomes = Outcome.allCases
    when.exit = [-1, 0, 255, .max, .min]
    when.program = pattern(6)
    when.last = pattern(0)
    when.input = [pattern(1)]
    when.inputAll = [pattern(2), pattern(3)]
    when.output = [pattern(2)]
    when.outputAll = [pattern(5)]
    when.place = .tail
    when.empty = false
    when.maxBytes = 77
    var earlier = Conditions.Earlier()
    earlier.tools = odd
    earlier.outcomes = [.blocked]
    earlier.program = pattern(1)
    earlier.input = [pattern(2)]
    earlier.output = [pattern(3)]
    earlier.within = 9
    earlier.same = .input
    when.after = earlier
    when.repeats = 4
    when.message = [pattern(5)]
    when.unless = exclusion
    when.doubt = doubt
    let lesson = Lesson(
      key: odd, section: odd[3], target: .memoryFile, times: 9, sessions: 4, fixed: odd[2], otherwise: "")
    let examples = [
      Example(
        tool: "", input: odd[4], output: odd[6], exit: -7, outcome: .blocked, message: odd[2],
        before: [Example(input: odd[5], line: 0)], matches: false,
        captures: ["": "", "a": odd[2], "b:": "1"], line: 12),
      Example(isGap: true),
    ]
    let source = RuleSource(file: odd[6], line: 7)
    let rules = [
      Rule(
        id: odd[2], category: .wrongPath, rank: -3, masked: .program, when: when, learn: lesson, why: "",
        examples: examples, source: source),
      Rule(
        id: "", category: nil, rank: 0, masked: .never, when: Conditions(), learn: nil, why: nil, examples: [],
        source: source),
    ]
    #expect(decode(FlatForm.encode(rules)) == rules)
    #expect(decode(FlatForm.encode([])) == [])
  }

  @Test func whatIsDamagedIsRefusedAndNeverTraps() {
    let text = Array(FlatForm.encode(Array(BuiltinRules.rules.prefix(3))).utf8)
    for count in stride(from: 0, to: text.count, by: 7) {
      #expect(decode(String(decoding: text.prefix(count), as: UTF8.self)) == nil)
    }
    var random = SplitMix64(seed: 61)
    for _ in 0..<rounds(3000) {
      var damaged = text
      for _ in 0...Int.random(in: 0...3, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = random.pick(Array("0123456789:-a".utf8))
      }
      _ = decode(String(decoding: damaged, as: UTF8.self))
    }
    #expect(decode("1:2") == nil)
    #expect(decode("1:\(FlatForm.version)19:9999999999999999999") == nil)
    #expect(decode("99999999999999999999:") == nil)
  }
}
