import BuiltinRules
import PatternEngine
import RuleEngine
import RuleTools
import SessionModel
public import Testing

@testable public import RulePack

extension Rule: CustomTestStringConvertible {
  public var testDescription: String { id }
}

@Suite struct BuiltinRuleTests {
  @Test(arguments: BuiltinRules.rules)
  func examplesHold(rule: Rule) {
    #expect(!rule.examples.isEmpty)
    for failure in ExampleRunner(rules: [rule]).run().failures { Issue.record("\(failure)") }
  }

  /// The literals that lead to a rule must not keep it from a match.
  @Test(arguments: BuiltinRules.rules)
  func theFilterFindsWhatTheRuleFinds(rule: Rule) {
    let classifier = Classifier(rules: [rule])
    let scratch = ClassifierScratch()
    for example in rule.examples where example.message == nil {
      let call = ExampleRunner.call(of: example, rule)
      let history = ExampleRunner.history(of: example, rule)
      let alone = classifier.finding(of: rule, on: call, after: history, scratch: scratch)
      #expect(
        classifier.verdict(on: call, after: history, scratch: scratch).cause == alone, "\(rule.id):\(example.line)")
    }
  }

  /// Where a long output is looked at in parts, a match must be found as in a short one. Rules that rule something out, or
  /// ask for the start or the end, may mean the length.
  @Test(
    arguments: BuiltinRules.rules.filter { rule in
      rule.when.place == .anywhere && !rule.when.output.isEmpty && rule.when.unless.output.isEmpty
        && !rule.when.output.contains { $0.source.contains("\\A") || $0.source.contains("\\z") }
    })
  func aMatchIsFoundInALongOutput(rule: Rule) {
    let classifier = Classifier(rules: [rule])
    let scratch = ClassifierScratch()
    let noise = String(repeating: "step 12 of 40 went well, 17 ms\n", count: 300)
    for example in rule.examples where example.matches && !example.isGap && !example.output.hasPrefix("Exit code") {
      var call = ExampleRunner.call(of: example, rule)
      // What only shows things is believed in few words alone.
      if call.outcome == .succeeded, !rule.when.outcomes.contains(.succeeded) { call.outcome = .failed }
      let history = ExampleRunner.history(of: example, rule)
      let captures = classifier.finding(of: rule, on: call, after: history, scratch: scratch)?.captures
      call.output = noise + call.output + (call.output.hasSuffix("\n") ? "" : "\n") + noise
      let found = classifier.finding(of: rule, on: call, after: history, scratch: scratch)
      #expect(found?.captures == captures, "\(rule.id):\(example.line)")
      let shared = classifier.verdict(on: call, after: history, scratch: scratch).cause
      #expect(shared?.captures == captures, "\(rule.id):\(example.line)")
    }
  }

  @Test func idsAreUnique() {
    #expect(Set(BuiltinRules.rules.map(\.id)).count == BuiltinRules.rules.count)
  }

  @Test func everyPatternCompiles() {
    for rule in BuiltinRules.rules {
      let unless = rule.when.unless
      let single = [rule.when.program, rule.when.last, unless.program, unless.last].compactMap(\.self)
      for pattern in single + rule.when.input + rule.when.output + unless.input + unless.output {
        #expect(throws: Never.self, "\(rule.id)") { try Pattern(pattern.source) }
        #expect(pattern.literals == RequiredLiterals.of(pattern.source), "\(rule.id) was embedded with other literals")
      }
    }
  }
}
