import RulePack
import SessionModel
import TestSupport
import Testing

@testable import Recommendations
@testable import RuleEngine

@Suite struct LessonBookTests {
  private var make = FailureMaker()

  @Test mutating func failuresWithOneKeyAreOneLesson() throws {
    let failures = ["yaml", "toml", "yaml", "toml", "yaml"].map {
      make.failure("demo/module", .missingImport, ["module": $0])
    }
    let (drafts, leftOut) = try book().lessons(from: failures)
    #expect(leftOut.isEmpty)
    #expect(drafts.map(\.text) == ["`yaml` is not installed", "`toml` is not installed"])
    #expect(drafts.map(\.evidence.count) == [3, 2])
    #expect(drafts.map(\.tokensPerSession) == [3000, 2000])
    #expect(drafts.first?.trigger == Trigger(category: .missingImport, values: ["module": "yaml"]))
    #expect(drafts.first?.section == "Environment" && drafts.first?.target == .contextFile)
  }

  @Test mutating func theOrderOfTheLogsDoesNotMatter() throws {
    var random = SplitMix64(seed: 95)
    let failures =
      ["yaml", "toml", "yaml", "toml"].map {
        make.failure("demo/module", .missingImport, ["module": $0], fix: command("uv run \($0)"))
      }
      + ["a", "b", "c", "d"].map { make.move("src/\($0).ts", "lib/\($0).ts") } + [
        make.move("src/x/e.ts", "lib/x/e.ts"), make.move("p/q.ts", "r/q.ts"),
      ]
    let expected = try book().lessons(from: failures)
    for _ in 0..<rounds(50) {
      let shuffled = try book().lessons(from: failures.shuffled(using: &random))
      #expect(shuffled.drafts.map(\.text) == expected.drafts.map(\.text))
      #expect(shuffled.drafts.map(\.id) == expected.drafts.map(\.id))
      #expect(shuffled.leftOut.map(\.reason) == expected.leftOut.map(\.reason))
    }
  }

  @Test mutating func thresholdsOfTheRuleHold() throws {
    func reasons(_ failures: [Observation], minimum: Int? = nil) throws -> [LeftOut.Reason] {
      try book(minimum: minimum).lessons(from: failures).leftOut.map(\.reason)
    }
    let one = make.failure("demo/often", .testFailure, ["name": "cart"])
    let two = make.failure("demo/often", .testFailure, ["name": "cart"])
    let three = make.failure("demo/often", .testFailure, ["name": "cart"])
    let other = make.failure("demo/often", .testFailure, ["name": "cart"], session: "s2")
    #expect(try reasons([one, two]) == [.tooFew(times: 2, needed: 3)])
    #expect(try reasons([one, two, three]) == [.tooFewSessions(sessions: 1, needed: 2)])
    #expect(try reasons([one, two, other]) == [])
    #expect(try reasons([one, other], minimum: 2) == [])
    #expect(try reasons([one, two, other], minimum: 4) == [.tooFew(times: 3, needed: 4)])
    #expect(try book().lessons(from: [one, two, other]).drafts.first?.target == .memoryFile)
    // A copy of a call is no second sighting.
    var copy = one
    copy.location.line += 100
    #expect(try reasons([one, copy, other]) == [.tooFew(times: 2, needed: 3)])
  }

  @Test mutating func whatNoRuleExplainsOrTeachesIsNoLesson() throws {
    let failures = [
      make.failure(nil, .other, [:]), make.failure(nil, .other, [:]), make.failure("demo/unlearned", .timeout, [:]),
      make.failure("demo/unlearned", .timeout, [:]), make.failure("gone/rule", .other, [:]),
      make.failure("gone/rule", .other, [:]),
    ]
    let (drafts, leftOut) = try book().lessons(from: failures)
    #expect(drafts.isEmpty && leftOut.isEmpty)
    var harmless = make.failure("demo/module", .missingImport, ["module": "yaml"])
    harmless.failed = false
    #expect(try book(minimum: 1).lessons(from: [harmless]).drafts.isEmpty)
  }

  @Test mutating func aCorrectionIsTold() throws {
    let failures = (0..<4).map {
      make.failure("demo/module", .missingImport, ["module": "yaml"], fix: $0 < 2 ? command("uv run python") : nil)
    }
    let draft = try #require(try book().lessons(from: failures).drafts.first)
    #expect(draft.text == "`yaml` is missing; use `uv run python`")
    #expect(draft.correction == "uv run python")
  }

  @Test mutating func oneSightingAmongManyFailuresIsChance() throws {
    let failures = (0..<5).map {
      make.failure("demo/module", .missingImport, ["module": "yaml"], fix: $0 == 0 ? command("uv run python") : nil)
    }
    #expect(try book().lessons(from: failures).drafts.map(\.text) == ["`yaml` is not installed"])
  }

  @Test mutating func withoutACorrectionARuleMayHaveNothingToSay() throws {
    let failures = (0..<2).map { _ in make.failure("demo/fixed-only", .badUsage, ["head": "npm run", "flag": "--x"]) }
    #expect(try book().lessons(from: failures).leftOut.map(\.reason) == [.noCorrection])
  }

  @Test mutating func aCorrectionThatRepeatsWhatFailedIsNone() throws {
    let failures = (0..<2).map { _ in
      make.failure("demo/fixed-only", .badUsage, ["head": "npm run"], fix: command("npm run"))
    }
    #expect(try book().lessons(from: failures).leftOut.map(\.reason) == [.unfit(slot: "fix")])
  }

  @Test(arguments: ["<!-- headroom:learn:end -->", "a`b", "a\nb", "a\u{202E}b", "[a](b)", ""])
  mutating func hostileValuesAreLeftOut(value: String) throws {
    let failures = (0..<3).map { _ in make.failure("demo/module", .missingImport, ["module": value]) }
    let (drafts, leftOut) = try book().lessons(from: failures)
    #expect(drafts.isEmpty)
    #expect(leftOut.map(\.reason) == [.unfit(slot: "module")])
    let fixes = (0..<3).map { _ in make.failure("demo/fixed-only", .badUsage, ["head": "npm run"], fix: command(value))
    }
    #expect(try book().lessons(from: fixes).leftOut.map(\.reason) == [.unfit(slot: "fix")])
  }

  @Test mutating func movedFoldersAreOneLesson() throws {
    let failures = ["cart", "order", "user"].map { make.move("src/\($0).ts", "packages/api/src/\($0).ts") }
    let (drafts, leftOut) = try book().lessons(from: failures)
    #expect(leftOut.isEmpty)
    let draft = try #require(drafts.first)
    #expect(drafts.count == 1 && draft.evidence.count == 3)
    #expect(draft.text.contains("`packages/api/src/`") && draft.text.contains("`src/`"))
    #expect(draft.trigger.category == .wrongPath)
  }

  @Test mutating func aMovedFileIsALessonOfItsOwn() throws {
    let failures = (0..<2).map { _ in make.move("src/cart.ts", "lib/basket/cart.ts") }
    #expect(
      try book().lessons(from: failures).drafts.map(\.text) == [
        "`src/cart.ts` does not exist: it is `lib/basket/cart.ts`"
      ])
    #expect(try book().lessons(from: [failures[0]]).leftOut.map(\.reason) == [.tooFew(times: 1, needed: 2)])
  }

  @Test mutating func whatIsGoneOrThereAfterAllIsNoLesson() throws {
    let failures = (0..<2).map { _ in make.move("src/cart.ts", "lib/cart.ts") }
    let gone = try book(exists: { $0.hasSuffix("/lib/cart.ts") ? false : nil }).lessons(from: failures)
    #expect(gone.drafts.isEmpty && gone.leftOut.map(\.reason) == [.notInProject(path: "lib/cart.ts")])
    let there = try book(exists: { $0.hasSuffix("/src/cart.ts") ? true : nil }).lessons(from: failures)
    #expect(there.drafts.isEmpty && there.leftOut.map(\.reason) == [.contradicted(by: "src/cart.ts")])
  }

  @Test mutating func aPathThatWorkedLaterIsNoLesson() throws {
    let failures = (0..<2).map { _ in make.move("src/cart.ts", "lib/cart.ts") }
    let later = successes((nil, project + "/src/cart.ts", "2026-03-05T00:00:00Z"))
    #expect(
      try book(successes: later).lessons(from: failures).leftOut.map(\.reason) == [
        .contradicted(by: "src/cart.ts")
      ])
    let earlier = successes((nil, project + "/src/cart.ts", "2026-02-05T00:00:00Z"))
    #expect(try book(successes: earlier).lessons(from: failures).drafts.count == 1)
  }

  @Test mutating func aProgramThatWorkedLaterIsNoLesson() throws {
    let failures = (0..<2).map { _ in make.failure("demo/command", .commandNotFound, ["program": "jq"]) }
    #expect(try book().lessons(from: failures).drafts.map(\.text) == ["`jq` is not installed"])
    let later = successes(("jq . a.json", nil, "2026-03-05T00:00:00Z"))
    #expect(try book(successes: later).lessons(from: failures).leftOut.map(\.reason) == [.contradicted(by: "jq")])
    let earlier = successes(("jq . a.json", nil, "2026-02-05T00:00:00Z"))
    #expect(try book(successes: earlier).lessons(from: failures).drafts.count == 1)
    let hidden = successes(("jq . a.json | tail", nil, "2026-03-05T00:00:00Z"))
    #expect(try book(successes: hidden).lessons(from: failures).drafts.count == 1)
  }

  @Test(
    arguments: [
      ("demo/no-tool", "tool", "x", nil, "src/a.ts"), ("demo/no-plugin", "program", "mvn", "mvn verify", nil),
      ("demo/half-set-up", "head", "git fetch", "git fetch origin", nil),
      ("demo/locked", "path", "src/a.ts", nil, "src/a.ts"),
    ] as [(String, String, String, String?, String?)])
  mutating func aLessonHoldsUntilWhatItNamesWorks(
    _ rule: String, _ slot: String, _ name: String, _ command: String?, _ path: String?
  ) throws {
    let category = try #require(try lessonRules().first { $0.id == rule }?.category)
    let failures = (0..<2).map { _ in make.failure(rule, category, [slot: name]) }
    for time in ["2026-02-05T00:00:00Z", "2026-03-01T10:00:00Z"] {
      #expect(
        try book(successes: successes((command, path, time))).lessons(from: failures).drafts.count == 1, "\(time)")
    }
    let later = successes((command, path, "2026-03-05T00:00:00Z"))
    #expect(try book(successes: later).lessons(from: failures).leftOut.map(\.reason) == [.contradicted(by: name)])
    let other = successes(("make", nil, "2026-03-05T00:00:00Z"))
    #expect(try book(successes: other).lessons(from: failures).drafts.count == 1)
  }

  /// A tool that is refused here and there is none that is not allowed.
  @Test mutating func aToolThatWorksAsOftenIsThere() throws {
    let failures = (0..<2).map { _ in make.failure("demo/no-tool", .invalidArguments, ["tool": "x"]) }
    let once = successes((nil, "a.ts", "2026-02-05"))
    #expect(try book(successes: once).lessons(from: failures).drafts.count == 1)
    let twice = successes((nil, "a.ts", "2026-02-05"), (nil, "b.ts", "2026-02-06"))
    #expect(try book(successes: twice).lessons(from: failures).leftOut.map(\.reason) == [.contradicted(by: "x")])
  }

  @Test mutating func whoeverIsLetInLaterHasLoggedIn() throws {
    let failures = (0..<2).map { _ in make.failure("demo/login", .authError, ["head": "git fetch"]) }
    #expect(try book().lessons(from: failures).drafts.map(\.text) == ["`git fetch` needs a login"])
    let later = successes(("git fetch origin", nil, "2026-03-05T00:00:00Z"))
    #expect(
      try book(successes: later).lessons(from: failures).leftOut.map(\.reason) == [.contradicted(by: "git fetch")])
    for other in [("git fetch origin", "2026-02-05T00:00:00Z"), ("git pull", "2026-03-05T00:00:00Z")] {
      #expect(try book(successes: successes((other.0, nil, other.1))).lessons(from: failures).drafts.count == 1)
    }
  }

  @Test mutating func whatIsAllowedFarMoreOftenNeedNotBeAskedFor() throws {
    let failures = (0..<2).map { _ in make.failure("demo/refused", .userRejected, ["head": "git push"]) }
    /// What was refused was in use, too: two of these.
    func drafts(uses: Int, last: String) throws -> Int {
      var tally = SuccessTally()
      for number in 0..<uses {
        let time = number == uses - 1 ? last : "2026-02-05T00:00:00Z"
        tally.merge(successes(("git push | tail -3", nil, time)))
      }
      return try book(successes: tally).lessons(from: failures).drafts.count
    }
    #expect(try drafts(uses: 6, last: "2026-03-05T00:00:00Z") == 1)
    #expect(try drafts(uses: 7, last: "2026-03-05T00:00:00Z") == 0)
    #expect(try drafts(uses: 7, last: "2026-02-06T00:00:00Z") == 1)
  }

  @Test mutating func idsAreStable() throws {
    let failures = (0..<2).map { _ in make.failure("demo/module", .missingImport, ["module": "yaml"]) }
    let id = try #require(try book().lessons(from: failures).drafts.first?.id)
    #expect(id.count == 8 && id.hasPrefix("r-"))
    #expect(id == LessonBook.id(of: LessonKey(ruleID: "demo/module", values: ["yaml"])))
    #expect(
      try book(sessions: 9).lessons(from: failures + [make.failure("demo/module", .missingImport, ["module": "yaml"])])
        .drafts.first?.id == id)
  }
}

@Suite struct BudgetTests {
  private func drafts(_ lessons: [(name: String, tokens: Int)]) throws -> [Draft] {
    var make = FailureMaker()
    let failures = lessons.flatMap { lesson in
      (0..<2).map { _ in make.failure("demo/module", .missingImport, ["module": lesson.name], tokens: lesson.tokens) }
    }
    return try book().lessons(from: failures).drafts
  }

  @Test func everythingFitsOrIsLeftOut() throws {
    let drafts = try drafts([("aaaa", 10), ("bbbb", 1000), ("cccc", 500)])
    let cost = drafts.map(\.cost).reduce(0, +)
    #expect(drafts.allSatisfy { $0.cost == ($0.text.utf8.count + 5) / 4 })
    for budget in [-1, 0, 1, cost - 1, cost, cost + 1, .max] {
      let (chosen, leftOut) = Budget.choose(drafts, tokens: budget)
      #expect(chosen.count + leftOut.count == 3)
      #expect(chosen.map(\.cost).reduce(0, +) <= max(0, budget))
      #expect(chosen.map(\.tokensPerSession) == chosen.map(\.tokensPerSession).sorted(by: >))
      #expect(leftOut.allSatisfy { $0.reason == .overBudget(tokens: budget) && $0.text != nil })
      if budget >= cost { #expect(leftOut.isEmpty) }
    }
  }

  @Test func whatSavesMostForItsCostComesFirst() throws {
    let drafts = try drafts([("aaaa", 10), ("bbbb", 1000), ("cccc", 500)])
    let chosen = Budget.choose(drafts, tokens: drafts[0].cost * 2).chosen
    #expect(chosen.map(\.text) == ["`bbbb` is not installed", "`cccc` is not installed"])
    let long = String(repeating: "d", count: 70)
    let mixed = try self.drafts([(long, 1000), ("e", 900)])
    #expect(Budget.choose(mixed, tokens: 20).chosen.map(\.text) == ["`e` is not installed"])
  }

  @Test func aLineThatIsTooDearLeavesRoomForOthers() throws {
    let long = String(repeating: "d", count: 70)
    let drafts = try drafts([(long, 100_000), ("e", 10)])
    let (chosen, leftOut) = Budget.choose(drafts, tokens: 10)
    #expect(chosen.map(\.text) == ["`e` is not installed"])
    #expect(leftOut.count == 1)
  }

  @Test func absurdTokensDoNotOverflow() throws {
    var make = FailureMaker()
    let failures = (0..<1000).map { _ in
      make.failure("demo/module", .missingImport, ["module": "yaml"], tokens: 2 << 30)
    }
    let toml = (0..<2).map { _ in make.failure("demo/module", .missingImport, ["module": "toml"], tokens: 2 << 30) }
    #expect(Budget.choose(try book().lessons(from: failures + toml).drafts, tokens: 600).chosen.count == 2)
  }
}
