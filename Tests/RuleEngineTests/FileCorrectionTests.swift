import RulePack
import SessionModel
import Testing

@testable import RuleEngine

@Suite struct FileCorrectionTests {
  private var make = CallMaker()

  @Test(arguments: ["has not been read yet", "String to replace not found"])
  mutating func aRefusedEditWorksAfterReading(refusal: String) throws {
    let calls = [
      make.tool(.edit, "src/cart.ts", .failed, refusal), make.tool(.read, "/work/shop/src/cart.ts"),
      make.tool(.edit, "src/cart.ts"),
    ]
    #expect(
      try corrections(calls) == [
        Correction(kind: .call, from: "Edit", text: "Read", callID: "call4", confidence: 0.9)
      ])
  }

  @Test mutating func onlyReadingThatFileCounts() throws {
    let refused = make.tool(.edit, "src/cart.ts", .failed, "has not been read yet")
    #expect(try corrections([refused, make.tool(.edit, "src/cart.ts")]) == [nil])
    #expect(try corrections([refused, make.tool(.read, "src/total.ts"), make.tool(.edit, "src/cart.ts")]) == [nil])
    #expect(try corrections([refused, make.tool(.read, "src/cart.ts"), make.tool(.edit, "src/total.ts")]) == [nil])
  }

  @Test mutating func aLargeFileIsReadInParts() throws {
    let large = make.tool(.read, "data/carts.json", .failed, "exceeds the limit")
    var part = make.tool(.read, "data/carts.json")
    part.input.range = "1-200"
    #expect(try corrections([large, part]).map { $0?.text } == ["Read with offset and limit"])
    #expect(try corrections([large, make.tool(.grep, "data/carts.json")]).map { $0?.text } == ["Grep"])
    let texts = try [
      "sed -n '1,40p' data/carts.json", "head -50 /work/shop/data/carts.json", "head -50 other.json",
      "ls data/carts.json",
    ].map { command in try corrections([large, make.shell(command)]).first??.text }
    #expect(texts == ["sed -n", "head", nil, nil])
  }
}

@Suite struct HostCorrectionTests {
  private var make = CallMaker()

  @Test mutating func anotherNameForTheMachine() throws {
    let failed = make.shell("ssh shop.example.org 'systemctl status cart'", .failed, "timed out")
    let found = try corrections([failed, make.shell("ssh root@10.1.2.3 'systemctl restart cart'")]).first ?? nil
    #expect(found?.from == "ssh shop.example.org" && found?.text == "ssh root@10.1.2.3")
    #expect(try corrections([failed, make.shell("ssh root@10.1.2.3 'uptime'")]) == [nil], "something else was done")
    #expect(try corrections([failed, make.shell("ssh shop.example.org 'systemctl status cart'")]) == [nil])
    #expect(try corrections([failed, make.shell("systemctl status cart")]) == [nil])
  }
}

@Suite struct ShortCorrectionTests {
  private var make = CallMaker()

  private func text(_ failed: ToolCall, _ later: ToolCall...) throws -> String? {
    try corrections([failed] + later).first??.text
  }

  @Test(arguments: ["npm run lint:fix", "biome check --write", "cargo clippy --fix", "rubocop --autocorrect"])
  mutating func aFixerComesBeforeTheLinter(fixer: String) throws {
    let failed = make.shell("npm run lint", .failed, "3 problems")
    let found = try corrections([failed, make.shell(fixer), make.shell("npm run lint")]).first ?? nil
    #expect(found?.kind == .step && found?.text == fixer)
  }

  @Test mutating func ofAnOptionOnlyTheNewOneIsTold() throws {
    let failed = make.shell("cat -A src/cart.ts", .failed, "unknown option")
    #expect(try text(failed, make.shell("command cat -v src/cart.ts")) == "command cat -v")
    #expect(try text(failed, make.shell("cat -v src/cart.ts")) == "cat -v")
  }

  @Test mutating func aTemporaryFileIsNotTold() throws {
    let failed = make.shell("gh pr create --title cart --body text", .failed, "unknown option")
    let later = make.shell("gh pr create --title cart --body-file /tmp/body.md")
    #expect(try text(failed, later) == "gh pr create --body-file")
  }
}

@Suite struct TallyTests {
  private var make = CallMaker()

  @Test mutating func waysToAProgramAreCounted() throws {
    let calls = [
      make.shell("docker exec shop-db-1 psql -c 'select 1'"), make.shell("docker exec shop-db-1 psql -l"),
      make.shell("/usr/local/go/bin/go build ./..."), make.shell("psql -l"),
    ]
    let tally = analysis([], calls).successes
    #expect(tally.detour(to: "psql")?.text == "docker exec shop-db-1 psql")
    #expect(tally.detour(to: "go") == nil, "once may be chance")
    #expect(tally.detours["go"]?.keys.sorted() == ["/usr/local/go/bin/go"])
  }

  @Test mutating func whatFailedIsInUseToo() throws {
    let calls = [make.shell("npm test", .failed, "3 problems"), make.shell("npm run build | tail")]
    let tally = analysis(try correctionPack(), calls).successes
    #expect(tally.uses.keys.sorted() == ["npm run build", "npm test"])
    #expect(tally.commands["npm test"] == nil)
  }

  @Test mutating func logsAreCounted() throws {
    var tally = analysis([], [make.tool(.read, "/a"), make.tool(.read, "/a")]).successes
    tally.merge(analysis([], [make.tool(.edit, "/a"), make.shell("/opt/bin/go test")]).successes)
    #expect(tally.paths["/a"]?.logs == 2 && tally.paths["/a"]?.times == 3)
    #expect(tally.detours["go"]?["/opt/bin/go"]?.times == 1)
  }

  @Test mutating func whatIsSaidInRefusingCounts() throws {
    var reader = PackReader()
    reader.read(
      """
      pack: demo
      rules:
        - id: demo/order
          category: preference
          when: { message: '^use (?<program>\\w+)' }
          examples: [{ message: use pnpm }]
      """, file: "demo.yaml")
    try #require(reader.faults.isEmpty, "\(reader.faults.map(\.description))")
    var refused = make.shell("npm install", .rejected, "no")
    refused.feedback = "use pnpm"
    var analyzer = CallAnalyzer(classifier: Classifier(rules: reader.rules), scratch: ClassifierScratch())
    analyzer.accept(.call(refused))
    let found = analyzer.finish(
      FileSummary(session: SessionInfo(id: "s1")), file: LogFile(path: "/log", size: 0, group: "g"))
    #expect(found.statements.map { $0.slots["program"] } == ["pnpm"])
  }
}
