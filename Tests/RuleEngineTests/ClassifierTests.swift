import RulePack
import SessionModel
import TestSupport
import Testing

@testable import RuleEngine

@Suite struct ClassifierTests {
  private var make = CallMaker()

  private func verdict(_ rules: [Rule], _ call: ToolCall, ignoringFlags: Bool = false) -> Verdict {
    Classifier(rules: rules, ignoringFlags: ignoringFlags).verdict(on: call, scratch: ClassifierScratch())
  }

  private static let missing =
    "id: demo/missing\ncategory: wrong_path\nwhen: { output: '^No such file: (?<path>\\S+)$' }"
  private static let module = """
    id: demo/module
    category: missing_import
    masked: producer
    when: { tool: shell, output: "No module named '(?<module>\\\\w+)'" }
    """
  private static let command = """
    id: demo/command
    category: command_not_found
    masked: program
    when: { tool: shell, output: '^(?<program>\\S+): command not found$' }
    """

  @Test mutating func aFailedCallIsExplained() throws {
    let call = make.tool(.read, "/a", .failed, "oh\nNo such file: /a\n")
    let found = verdict(try rules(Self.missing), call)
    #expect(found.failed && !found.masked)
    #expect(found.category == .wrongPath)
    #expect(
      found.cause
        == Finding(ruleID: "demo/missing", category: .wrongPath, rank: 60, captures: ["path": "/a"], offset: 3))
  }

  /// Readers leave out what no rule would look at.
  @Test func longOutputsOfSuccessesAreReadAsFarAsARuleLooks() throws {
    func reach(_ bodies: [String], into bytes: Int, of tool: ToolKind = .read) throws -> Int {
      let classifier = Classifier(rules: try bodies.flatMap { try rules($0) })
      return CallAnalyzer(classifier: classifier, scratch: ClassifierScratch()).reach(intoOutputOf: tool, bytes: bytes)
    }
    let head =
      "id: demo/head\ncategory: no_matches\nwhen: { tool: read, outcome: succeeded, place: head, output: nothing found }"
    let short =
      "id: demo/short\ncategory: no_matches\nwhen: { tool: web, outcome: succeeded, max-bytes: 100, output: nothing found }"
    #expect(try reach([Self.missing], into: 50) == 0)
    #expect(try reach([head], into: 50) == CallSubject.edgeBytes)
    #expect(try reach([short], into: 100) == .max)
    #expect(try reach([short], into: 101) == 0)
    #expect(try reach([head, short], into: 101) == CallSubject.edgeBytes)
    #expect(try reach([], into: 50, of: .shell) == .max)
  }

  @Test mutating func withoutARuleTheOutputDecidesBetweenOtherAndSilent() {
    for (output, category) in [("", Category.exitOnly), ("Exit code 3\n \n", .exitOnly), ("Exit code 3\nboom", .other)]
    {
      let found = verdict([], make.shell("make", .failed, output))
      #expect(found.failed)
      #expect(found.category == category)
    }
  }

  @Test(arguments: [
    (Outcome.rejected, Category.userRejected), (.blocked, .blocked), (.cancelled, .cancelledSibling),
  ])
  mutating func otherOutcomesSpeakForThemselves(outcome: Outcome, category: Category) throws {
    let found = verdict(try rules(Self.missing), make.shell("cat /a", outcome, "No such file: /a"))
    #expect(found.failed && !found.masked)
    #expect(found.category == category)
  }

  @Test mutating func successesAndMissingResultsAreNoFailures() throws {
    for outcome in [Outcome.succeeded, .missing] {
      let found = verdict(try rules(Self.missing), make.tool(.read, "/a", outcome, "No such file: /a"))
      #expect(!found.failed && found.category == nil && found.cause == nil)
    }
  }

  @Test(arguments: [
    ("python3 tool.py | tail -3", true), ("python3 tool.py || true", true), ("cat build.log", false),
    ("cat build.log | tail -3", false),
    ("grep -n import src/*.py", false), ("git diff HEAD~1", false), ("git log --oneline; sed -n 1,9p notes.txt", false),
    ("cat notes.txt; python3 tool.py", true), ("cd api && python3 tool.py 2>&1 | head", true),
    ("echo \"No module named 'yaml'\"", false),
    ("journalctl -u shop | grep module", false),
  ])
  mutating func aProducerIsBelievedAndAReaderIsNot(command: String, isFailure: Bool) throws {
    let found = verdict(
      try rules(Self.module), make.shell(command, .succeeded, "ModuleNotFoundError: No module named 'yaml'"))
    #expect(found.failed == isFailure)
    #expect(found.masked == isFailure)
    #expect(found.category == (isFailure ? .missingImport : nil))
  }

  @Test(arguments: [
    ("jq . x.json | head", true), ("node x.js | head", false), ("cat x | jq .", true), ("xargs jq < x", true),
  ])
  mutating func theCapturedProgramMustBeOnTheLine(command: String, isFailure: Bool) throws {
    let found = verdict(try rules(Self.command), make.shell(command, .succeeded, "jq: command not found"))
    #expect(found.failed == isFailure)
  }

  @Test(arguments: ["npx prisma generate", "bundle exec prisma db push", "npm run prisma", "prisma"])
  mutating func aProgramIsSeenBehindItsRunner(command: String) throws {
    let named = "id: demo/a\ncategory: other\nwhen: { program: '^prisma$', output: 'oops' }"
    #expect(verdict(try rules(named), make.shell(command, .failed, "oops")).cause != nil)
  }

  @Test mutating func aFlaggedFailureIsBelievedWhateverTheProgram() throws {
    #expect(
      verdict(try rules(Self.command), make.shell("cat x", .failed, "jq: command not found")).category
        == .commandNotFound)
  }

  /// What only shows something shows nothing when it fails.
  @Test(arguments: [
    ("git log | head", "fatal: no repository", true), ("git log | head", "\nfatal: no repository\n", true),
    ("git status && cat x.log", "fatal: no repository", true),
    // This is what was asked for.
    ("cat x.log", "fatal: no repository", false), ("git log | head", "1a2b fix\nfatal: no repository", false),
    ("git show HEAD:x.log", "fatal: no repository\n" + String(repeating: "more\n", count: 120), false),
  ])
  mutating func theReasonAloneIsBelieved(command: String, output: String, isFailure: Bool) throws {
    let named = "id: demo/a\ncategory: git_error\nmasked: producer\nwhen: { program: '^git$', output: '^fatal: ' }"
    #expect(verdict(try rules(named), make.shell(command, .succeeded, output)).failed == isFailure)
    let captured = "id: demo/a\ncategory: other\nmasked: producer\nwhen: { output: '^fatal: (?<program>\\w+) ' }"
    let said = output.replacing("no repo", with: "git repo")
    #expect(verdict(try rules(captured), make.shell(command, .succeeded, said)).failed == isFailure)
    let loose = "id: demo/a\ncategory: other\nmasked: producer\nwhen: { output: '^fatal: ' }"
    #expect(verdict(try rules(loose), make.shell(command, .succeeded, output)).failed == false)
  }

  @Test mutating func onlyShellCallsHideFailures() throws {
    let loose = "id: demo/a\ncategory: other\nmasked: producer\nwhen: { output: 'some failure' }"
    #expect(!verdict(try rules(loose), make.tool(.read, "/a", .succeeded, "some failure")).failed)
    #expect(verdict(try rules(loose), make.shell("make | cat", .succeeded, "some failure")).failed)
  }

  @Test mutating func ignoringFlagsGoesByTheOutputAlone() throws {
    let pack = try rules(Self.module)
    #expect(verdict(pack, make.shell("python3 x.py", .failed, "No module named 'yaml'"), ignoringFlags: true).masked)
    #expect(!verdict(pack, make.shell("cat x.log", .failed, "No module named 'yaml'"), ignoringFlags: true).failed)
    #expect(!verdict(pack, make.shell("make", .failed, "Exit code 2"), ignoringFlags: true).failed)
    #expect(verdict(pack, make.shell("make", .rejected, ""), ignoringFlags: true).failed)
  }

  @Test mutating func toolsAreNamedByKindOrByTheAgent() throws {
    let pack = try rules("id: demo/a\ncategory: other\nwhen: { tool: [edit, Read], output: 'some failure' }")
    #expect(verdict(pack, make.tool(.edit, "/a", .failed, "some failure")).cause != nil)
    #expect(verdict(pack, make.tool(.read, "/a", .failed, "some failure")).cause != nil)
    #expect(verdict(pack, make.tool(.write, "/a", .failed, "some failure")).cause == nil)
  }

  @Test mutating func theStatusIsAsked() throws {
    let pack = try rules("id: demo/a\ncategory: timeout\nwhen: { exit: [124, 143] }")
    #expect(verdict(pack, make.shell("make", .failed, "", exit: 143)).category == .timeout)
    #expect(verdict(pack, make.shell("make", .failed, "", exit: 1)).category == .exitOnly)
    #expect(verdict(pack, make.shell("make", .failed, "")).category == .exitOnly)
  }

  @Test mutating func programsAreAsked() throws {
    let any = try rules("id: demo/a\ncategory: other\nwhen: { program: '^make$' }")
    let last = try rules("id: demo/a\ncategory: no_matches\nwhen: { last: '^grep$' }")
    let not = try rules("id: demo/a\ncategory: no_matches\nwhen: { last: '^grep$', unless: { program: '^make$' } }")
    func found(_ pack: [Rule], _ command: String) -> Bool {
      verdict(pack, make.shell(command, .failed, "x")).cause != nil
    }
    #expect(found(any, "make; true") && !found(any, "cmake"))
    #expect(found(last, "make && grep x y") && !found(last, "grep x y && make"))
    #expect(found(not, "cd a && grep x y") && !found(not, "make && grep x y"))
  }

  @Test mutating func inputsAndOutputsAreAlternatives() throws {
    let pack = try rules(
      "id: demo/a\ncategory: other\nwhen: { input: ['^alpha', '(?<what>gamma)$'], output: ['first text', 'second (?<n>text)'] }"
    )
    func found(_ input: String, _ output: String) -> [String: String]? {
      verdict(pack, make.shell(input, .failed, output)).cause?.captures
    }
    #expect(found("alpha", "a second text") == ["n": "text"])
    #expect(found("make gamma", "first text") == ["what": "gamma"])
    #expect(found("make", "first text") == nil)
    #expect(found("alpha", "third text") == nil)
  }

  @Test mutating func allPatternsOfAGroupHold() throws {
    let pack = try rules(
      "id: demo/a\ncategory: other\nwhen: { input: { all: ['make', '--(?<mode>\\w+)'] }, output: { any: ['first text', 'second text'], all: ['third (?<n>text)', '\\d!'] } }"
    )
    let noise = String(repeating: "a line of nothing much\n", count: 2000)
    func found(_ input: String, _ output: String) -> [String: String]? {
      verdict(pack, make.shell(input, .failed, output)).cause?.captures
    }
    #expect(found("make --release", "9!\n\(noise)third text\n\(noise)second text") == ["mode": "release", "n": "text"])
    #expect(found("make", "9! third text second text") == nil)
    #expect(found("make --release", "9! third text") == nil)
    #expect(found("make --release", "third text second text") == nil)
  }

  @Test mutating func theSizeOfTheOutputIsAsked() throws {
    func found(_ when: String, _ output: String) throws -> Bool {
      verdict(try rules("id: demo/a\ncategory: other\nwhen: { \(when) }"), make.shell("make", .failed, output)).cause
        != nil
    }
    #expect(try found("empty: true", "") && found("empty: true", "Exit code 1\n\n") && !found("empty: true", "x"))
    #expect(try !found("empty: false", "Exit code 1") && found("empty: false", "Exit code 1\nx"))
    #expect(try found("output: 'text', max-bytes: 5", "textt") && !found("output: 'text', max-bytes: 5", "texttt"))
  }

  @Test mutating func doubtHoldsWhereTheStatusSaysSuccess() throws {
    let pack = try rules(
      "id: demo/a\ncategory: other\nmasked: always\nwhen: { output: 'some failure', doubt: { input: 'README', output: '^0 problems' } }"
    )
    func found(_ input: String, _ outcome: Outcome, _ output: String) -> Bool {
      verdict(pack, make.shell(input, outcome, output)).failed
    }
    #expect(found("cat log", .succeeded, "some failure"))
    #expect(!found("cat README.md", .succeeded, "some failure"))
    #expect(!found("cat log", .succeeded, "some failure\n0 problems"))
    #expect(found("cat README.md", .failed, "some failure\n0 problems"))
  }

  @Test mutating func nothingOfUnlessMayMatch() throws {
    let pack = try rules(
      "id: demo/a\ncategory: other\nwhen: { output: 'some failure', unless: { input: '--expected', output: ['all is well', '^ignore me$'] } }"
    )
    func found(_ input: String, _ output: String) -> Bool {
      verdict(pack, make.shell(input, .failed, output)).cause != nil
    }
    let noise = String(repeating: "a line of nothing much\n", count: 2000)
    #expect(found("make", "some failure"))
    #expect(!found("make --expected", "some failure"))
    #expect(!found("make", "some failure\nignore me"))
    #expect(found("make", "some failure\nignore me not"))
    #expect(!found("make", "some failure\n\(noise)ignore me\n\(noise)"))
    #expect(!found("make", "\(noise)all is well\n\(noise)some failure"))
  }

  @Test mutating func thePlaceIsKept() throws {
    func pack(_ place: String) throws -> [Rule] {
      try rules("id: demo/a\ncategory: other\nwhen: { output: '^some failure$', place: \(place) }")
    }
    func output(_ before: Int, _ after: Int) -> String {
      String(repeating: "a line\n", count: before) + "some failure\n" + String(repeating: "a line\n", count: after)
    }
    func found(_ place: String, _ output: String) throws -> Bool {
      verdict(try pack(place), make.shell("make", .failed, output)).cause != nil
    }
    for (place, before, after, expected) in [
      ("head", 0, 5000, true), ("head", 9, 5000, true), ("head", 10, 5000, false), ("tail", 5000, 0, true),
      ("tail", 5000, 9, true),
      ("tail", 5000, 10, false), ("anywhere", 5000, 5000, true), ("head", 0, 0, true), ("tail", 0, 0, true),
    ] { #expect(try found(place, output(before, after)) == expected, "\(place) \(before) \(after)") }
    // Mentions before the place do not use up the search.
    let mentions = String(
      repeating: "not at the start: some failure, " + String(repeating: "x", count: 300) + "\n", count: 400)
    #expect(try found("tail", mentions + output(0, 3)))
    #expect(try found("anywhere", mentions + output(0, 3)))
    #expect(try found("head", output(0, 0) + mentions))
  }

  /// The end that a pattern asks for is that of the output, and not of the part that is looked at.
  @Test mutating func theEndIsThatOfTheOutput() throws {
    let pack = try rules("id: demo/end\ncategory: other\nwhen: { output: 'it broke\\s*\\z', place: tail }")
    let noise = String(repeating: "a line of a log that goes on\n", count: 400)
    let gap = String(repeating: "\n", count: 8)
    func found(_ output: String) -> Bool { verdict(pack, make.shell("make", .failed, output)).cause != nil }
    #expect(found("it broke") && found(noise + "it broke\n") && found(noise + "it broke" + gap))
    #expect(!found("it broke\nagain") && !found(noise + "it broke" + gap + "again") && !found("it broke" + gap + noise))
  }

  @Test mutating func theHigherRankExplains() throws {
    let low = "id: demo/low\ncategory: test_failure\nwhen: { output: 'failed tests' }"
    let high = "id: demo/high\ncategory: missing_import\nwhen: { output: 'No module named' }"
    let forced = "id: demo/forced\ncategory: other\nrank: 99\nwhen: { output: 'No module named' }"
    let call = make.shell("pytest", .failed, "3 failed tests\nNo module named yaml")
    #expect(verdict(try rules(low, high), call).cause?.ruleID == "demo/high")
    #expect(verdict(try rules(high, low), call).cause?.ruleID == "demo/high")
    #expect(verdict(try rules(high, low, forced), call).cause?.ruleID == "demo/forced")
  }

  @Test mutating func ofEqualRanksTheEarlierPlaceExplainsAndThenTheEarlierRule() throws {
    let a = "id: demo/a\ncategory: other\nwhen: { output: 'later text' }"
    let b = "id: demo/b\ncategory: other\nwhen: { output: 'earlier text' }"
    let c = "id: demo/c\ncategory: other\nwhen: { output: 'earlier' }"
    let call = make.shell("make", .failed, "earlier text, later text")
    #expect(verdict(try rules(a, b, c), call).cause?.ruleID == "demo/b")
    #expect(verdict(try rules(c, a, b), call).cause?.ruleID == "demo/c")
  }

  @Test mutating func aHarmlessMatchIsNoFailure() throws {
    let harmless = "id: demo/h\ncategory: harmless\nrank: 80\nwhen: { output: 'nothing to commit' }"
    let found = verdict(
      try rules(harmless, Self.missing), make.shell("git commit", .failed, "nothing to commit\nNo such file: x"))
    #expect(!found.failed && found.category == nil && found.cause?.ruleID == "demo/h")
  }

  @Test mutating func anEmptySearchIsNoFailure() throws {
    let pack = try rules(
      "id: demo/n\ncategory: no_matches\nwhen: { tool: grep, outcome: succeeded, output: '^No files found' }")
    let found = verdict(pack, make.tool(.grep, nil, .succeeded, "No files found", pattern: "x"))
    #expect(!found.failed && found.category == .noMatches)
  }

  @Test mutating func aPatternThatExplodesIsReportedAndOthersStillMatch() throws {
    let bad = "id: demo/bad\ncategory: syntax_error\nrank: 90\nwhen: { output: 'start of it (?:a|aa)+$' }"
    let call = make.shell("make", .failed, "start of it " + String(repeating: "a", count: 3000) + "!\nNo such file: /a")
    let found = verdict(try rules(bad, Self.missing), call)
    #expect(found.cause?.ruleID == "demo/missing")
    #expect(found.givenUp == [.init(ruleID: "demo/bad", reason: "it reached the match limit")])
    // The run goes on, and the first call that it happened on is known.
    let later = make.shell("make", .failed, "No such file: /b")
    let analysis = analysis(try rules(bad, Self.missing), [call, later])
    let given = try #require(analysis.givenUp.values.first)
    #expect(given.ruleID == "demo/bad" && given.times == 1 && given.first == call.location)
    #expect(analysis.observations.map(\.ruleID) == ["demo/missing", "demo/missing"])
  }

  @Test mutating func aRuleWithoutALiteralSeesTheWholeOutput() throws {
    let pack = try rules("id: demo/a\ncategory: other\nwhen: { output: '^[A-Z]{3}\\d{2}$' }")
    for place in stride(from: 0, to: 4000, by: 37) {
      let output =
        String(repeating: "some line\n", count: place) + "ABC12\n"
        + String(repeating: "some line\n", count: 4000 - place)
      #expect(verdict(pack, make.shell("make", .failed, output)).cause?.offset == place * 10)
    }
  }

  /// What a pattern for one line finds in the whole output, it finds in its parts.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  mutating func partsFindWhatTheWholeHolds(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let literal = try rules("id: demo/a\ncategory: other\nwhen: { output: '^(?<a>\\w+) needle (?<b>\\w+)$' }")
    let ungated = try rules("id: demo/a\ncategory: other\nwhen: { output: '^(?<a>\\w+) [n]\\w+e (?<b>\\w+)$' }")
    for round in 0..<rounds(80) {
      var lines: [String] = []
      var expected: [String: String]?
      for _ in 0..<Int.random(in: 1...400, using: &random) {
        switch Int.random(in: 0..<40, using: &random) {
        case 0: lines.append(String(repeating: "x", count: Int.random(in: 0...3000, using: &random)))
        case 1: lines.append("no needle here, or a needle there")
        case 2: lines.append(String(repeating: "w ", count: Int.random(in: 2...2500, using: &random)) + "needle w")
        case 3: lines.append("")
        case 4 where random.chance(8):
          let name = "n\(lines.count)"
          let wide = String(repeating: "y", count: random.pick([1, 5, 700, 900]))
          lines.append("\(name) needle \(wide)")
          if expected == nil { expected = ["a": name, "b": wide] }
        default: lines.append(random.pick(["ok", "a longer line of text", "\t."]))
        }
      }
      let call = make.shell("make", .failed, lines.joined(separator: "\n"))
      for pack in [literal, ungated] {
        #expect(verdict(pack, call).cause?.captures == expected, "seed \(seed), round \(round)")
      }
    }
  }

  @Test mutating func aLongLineIsSeenAsFarAsItsPlacesReach() throws {
    let pack = try rules("id: demo/a\ncategory: other\nwhen: { output: '^a.* omega$' }")
    let line = "alpha" + String(repeating: " " + String(repeating: "x", count: 990) + " omega", count: 6)
    #expect(verdict(pack, make.shell("make", .failed, line)).cause?.offset == 0)
  }

  @Test mutating func anyCallIsClassified() throws {
    var random = SplitMix64(seed: 71)
    let pack = try rules(
      Self.missing, Self.module, Self.command,
      "id: demo/x\ncategory: other\nwhen: { last: '^m', output: '^.*$', place: tail, unless: { output: '\\bz' } }")
    let classifier = Classifier(rules: pack)
    let scratch = ClassifierScratch()
    let pieces = [
      "No such file: ", "\n", "é", "No module named 'x'", "jq: command not found\n", "\u{0}", " ", "z",
      String(repeating: "m ", count: 3000),
    ]
    for _ in 0..<rounds(600) {
      let output = (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(pieces) }.joined()
      let command = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        random.pick(["make", "|", ";", "$(", "'", "jq", "\n", "<<E", "é"])
      }.joined()
      let call = make.shell(command, random.pick(Outcome.allCases), output, exit: random.pick([nil, 0, 1]))
      let found = classifier.verdict(on: call, scratch: scratch)
      if let offset = found.cause?.offset { #expect((0...output.utf8.count).contains(offset)) }
    }
  }
}
