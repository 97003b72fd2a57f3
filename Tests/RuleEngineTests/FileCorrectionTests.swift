import RulePack
import SessionModel
import Testing

@testable import RuleEngine

private func pack() throws -> [Rule] {
  try rules(
    "id: demo/unread\ncategory: stale_file\nwhen: { output: 'not been read' }",
    "id: demo/mismatch\ncategory: edit_mismatch\nwhen: { output: 'to replace not found' }",
    "id: demo/large\ncategory: too_large\nwhen: { output: 'exceeds' }",
    "id: demo/lint\ncategory: lint_failure\nwhen: { output: 'problems' }",
    "id: demo/usage\ncategory: bad_usage\nwhen: { output: 'unknown option' }",
    "id: demo/host\ncategory: network_error\nwhen: { output: 'timed out' }")
}

private func corrections(_ calls: [ToolCall]) throws -> [Correction?] {
  analysis(try pack(), calls).observations.map(\.correction)
}

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

@Suite struct SandboxCorrectionTests {
  private var make = CallMaker()

  private mutating func outside(_ command: String) -> ToolCall {
    var call = make.shell(command)
    call.input.leavesSandbox = true
    return call
  }

  @Test mutating func theSameCommandWorksOutside() throws {
    let calls = [make.shell("cd api && make fetch", .failed, "timed out"), outside("cd api && make fetch")]
    #expect(
      try corrections(calls) == [
        Correction(
          kind: .escalation, from: "make fetch", text: "make fetch outside the sandbox", callID: "call4",
          confidence: 0.9)
      ])
  }

  @Test mutating func whatFailsOutsideTooIsNotTheSandbox() throws {
    let failed = make.shell("make fetch", .failed, "timed out")
    var outsideToo = make.shell("make fetch", .failed, "timed out")
    outsideToo.input.leavesSandbox = true
    #expect(try corrections([failed, outsideToo, outside("make fetch")]) == [nil, nil])
    // Nor is a check that complains, unless it names what sandboxes do.
    #expect(try corrections([make.shell("make lint", .failed, "3 problems"), outside("make lint")]) == [nil])
    let told = make.shell("make lint", .failed, "3 problems\nEPERM: operation not permitted")
    #expect(try corrections([told, outside("make lint")]).map { $0?.kind } == [.escalation])
  }

  @Test mutating func theRestOfTheLineDoesNotMatter() throws {
    let failed = make.shell("git status -s && make fetch -j2 | tail -3", .failed, "timed out")
    #expect(try corrections([failed, outside("make fetch -j2")]).map { $0?.from } == ["make fetch"])
    #expect(try corrections([failed, outside("git status -s")]) == [nil])
  }

  @Test mutating func nothingElseMayHaveHelped() throws {
    let failed = make.shell("make fetch", .failed, "timed out")
    #expect(try corrections([failed, make.shell("make fetch")]) == [nil])
    #expect(try corrections([failed, outside("make fetch -j1")]) == [nil])
    #expect(try corrections([failed, make.tool(.edit, "Makefile"), outside("make fetch")]) == [nil])
    for change in ["make clean", "sed -i s/a/b/ Makefile", "cat > Makefile <<EOF\nEOF"] {
      #expect(try corrections([failed, make.shell(change), outside("make fetch")]) == [nil])
    }
    #expect(try corrections([failed, outside("make clean"), outside("make fetch")]) != [nil])
    #expect(try corrections([failed] + (0..<3).map { _ in make.shell("ls") } + [outside("make fetch")]) == [nil])
    #expect(try corrections([failed] + (0..<2).map { _ in make.shell("ls") } + [outside("make fetch")]) != [nil])
    var outsideToo = failed
    outsideToo.input.leavesSandbox = true
    #expect(try corrections([outsideToo, outside("make fetch")]) == [nil])
  }

  @Test mutating func whatWorksOutsideSaysNothingOfTheInside() throws {
    let successes = analysis(try pack(), [outside("make fetch"), make.shell("make build")]).successes
    #expect(successes.commands["make fetch"] == nil)
    #expect(successes.commands["make build"]?.times == 1)
    #expect(successes.uses["make fetch"]?.times == 1)
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
    let tally = analysis(try pack(), calls).successes
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
