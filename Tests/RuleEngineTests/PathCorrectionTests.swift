import RulePack
import SessionModel
import Testing

@testable import RuleEngine

@Suite struct PathCorrectionTests {
  private var make = CallMaker()

  @Test mutating func theSameNameElsewhere() throws {
    let calls = [
      make.tool(.read, "/work/shop/src/cart.ts", .failed, "No such file"), make.tool(.read, "/work/shop/lib/cart.ts"),
    ]
    #expect(
      try corrections(calls) == [
        Correction(
          kind: .path, from: "/work/shop/src/cart.ts", text: "/work/shop/lib/cart.ts", callID: "call4", confidence: 0.9)
      ])
  }

  @Test mutating func foundByASearchInBetween() throws {
    let calls = [
      make.tool(.read, "src/cart.ts", .failed, "No such file"),
      make.tool(.glob, nil, .succeeded, "/work/shop/lib/cart.ts\n/work/shop/lib/card.ts", pattern: "**/cart.ts"),
      make.tool(.read, "/work/shop/lib/cart.ts"),
    ]
    let found = try #require(try corrections(calls).first ?? nil)
    #expect(found.text == "/work/shop/lib/cart.ts" && found.confidence == 0.95 && found.callID == "call6")
  }

  @Test mutating func foundByASearchThatNobodyUsed() throws {
    let search = make.tool(.read, "src/cart.ts", .failed, "No such file")
    let one = make.shell("find . -name cart.ts", .succeeded, "./lib/cart.ts")
    let found = try #require(try corrections([search, one]).first ?? nil)
    #expect(found.text == "/work/shop/lib/cart.ts" && found.confidence == 0.6)
    let two = make.shell("find . -name cart.ts", .succeeded, "./lib/cart.ts\n./old/cart.ts")
    #expect(try corrections([search, two]) == [nil])
    // Whatever else is listed may have that name, too.
    #expect(try corrections([search, make.shell("git status -s", .succeeded, "M lib/cart.ts")]) == [nil])
    let listing = make.shell("git status -s", .succeeded, "M web/src/cart.ts")
    #expect(try corrections([search, listing]).map { $0?.text } == ["/work/shop/web/src/cart.ts"])
    let folder = make.tool(.list, "./src/cart/", .failed, "No such file")
    let tree = make.shell("tree -f", .succeeded, "web/src/cart")
    #expect(try corrections([folder, tree]).map { $0?.text } == ["/work/shop/web/src/cart"])
    #expect(try corrections([search, make.shell("grep -r cart.ts", .succeeded, "FILE=lib/cart.ts")]) == [nil])
  }

  @Test mutating func aPathBelongsToTheFolderThatTheLineMovedTo() throws {
    let rules = try rules(
      "id: demo/missing\ncategory: wrong_path\nwhen: { output: 'No such file: (?<path>\\S+)' }")
    func correction(_ command: String, _ path: String, _ later: String) throws -> Correction? {
      let calls = [make.shell(command, .failed, "No such file: \(path)"), make.tool(.read, later)]
      return analysis(rules, calls).observations.first?.correction
    }
    let moved = try correction("cd /work/shop/web && cat lib/cart.ts", "lib/cart.ts", "/work/shop/web/src/cart.ts")
    #expect(moved?.from == "/work/shop/web/lib/cart.ts")
    // The folder that it could not move to is not one that it was in.
    #expect(try correction("cd web/lib && ls", "web/lib", "/work/shop/apps/web/lib")?.from == "/work/shop/web/lib")
  }

  @Test(arguments: [
    ("rtk find . -maxdepth 3 -name cart", nil), ("rtk find lib/cart -name x", "/work/shop/lib/cart"),
    ("grep -rn cart web", nil), ("grep -rn x lib/cart", "/work/shop/lib/cart"),
    // Which of the tries it was that worked cannot be seen.
    ("ls lib/cart 2>/dev/null || ls old/x", nil), ("ls lib/cart | head", "/work/shop/lib/cart"),
  ])
  mutating func whatIsLookedForIsNoPath(command: String, path: String?) throws {
    let failed = make.tool(.read, "src/cart", .failed, "No such file")
    #expect(try corrections([failed, make.shell(command)]).map { $0?.text } == [path])
  }

  @Test mutating func anotherCaseOrExtension() throws {
    for (wrong, right, confidence) in [("src/Cart.ts", "src/cart.ts", 0.85), ("src/cart.ts", "src/cart.tsx", 0.75)] {
      let calls = [make.tool(.read, wrong, .failed, "No such file"), make.tool(.edit, right)]
      let found = try corrections(calls)
      #expect(found.map { $0?.text } == ["/work/shop/" + right])
      #expect(found.map { $0?.confidence } == [confidence])
    }
    let elsewhere = [make.tool(.read, "src/cart.ts", .failed, "No such file"), make.tool(.read, "lib/cart.tsx")]
    #expect(try corrections(elsewhere) == [nil])
  }

  @Test mutating func whatIsCreatedIsNoCorrection() throws {
    let calls = [make.tool(.read, "src/cart.ts", .failed, "No such file"), make.tool(.write, "lib/cart.ts")]
    #expect(try corrections(calls) == [nil])
  }

  @Test(arguments: [
    "touch lib/cart.ts", "cp src/basket.ts lib/cart.ts", "mv old/cart.ts lib/cart.ts", "tee lib/cart.ts",
  ])
  mutating func whatAShellCreatesIsNoCorrection(command: String) throws {
    let failed = make.tool(.read, "src/cart.ts", .failed, "No such file")
    let found = try corrections([failed, make.shell(command)]).first ?? nil
    #expect(found?.text != "/work/shop/lib/cart.ts")
  }

  @Test mutating func theSamePathIsNoCorrection() throws {
    let calls = [
      make.tool(.read, "src/cart.ts", .failed, "No such file"), make.tool(.read, "/work/shop/src/../src/cart.ts"),
    ]
    #expect(try corrections(calls) == [nil])
  }

  /// Calls of one message run side by side: what was asked before the failure was known corrects nothing.
  @Test mutating func aSiblingCallIsNoCorrection() throws {
    let sibling = make.tool(.read, "lib/cart.ts")
    let failed = make.tool(.read, "src/cart.ts", .failed, "No such file")
    #expect(try corrections([failed, sibling]) == [nil])
    var late = sibling
    late.location.line = (failed.resultLine ?? 0) + 1
    #expect(try corrections([failed, late]).map { $0?.text } == ["/work/shop/lib/cart.ts"])
  }

  @Test mutating func aShellWordIsAPath() throws {
    let calls = [
      make.shell("cat src/cart.ts", .failed, "cat: src/cart.ts: No such file"),
      make.shell("cd packages && cat web/cart.ts | head"),
    ]
    var failed = analysis(try correctionPack(), calls)
    #expect(failed.observations.map(\.correction) == [nil], "no path was captured")
    let named = try rules("id: demo/m\ncategory: wrong_path\nwhen: { output: '(?<path>\\S+): No such file' }")
    failed = analysis(named, calls)
    #expect(failed.observations.map { $0.correction?.text } == ["/work/shop/packages/web/cart.ts"])
  }

  @Test mutating func aFailedCallCorrectsNothing() throws {
    let calls = [
      make.tool(.read, "src/cart.ts", .failed, "No such file"),
      make.tool(.read, "lib/cart.ts", .failed, "No such file"),
    ]
    #expect(try corrections(calls) == [nil, nil])
  }

  @Test mutating func whatComesMuchLaterIsNoCorrection() throws {
    var calls = [make.tool(.read, "src/cart.ts", .failed, "No such file")]
    for _ in 0..<41 { calls.append(make.tool(.read, "other.txt")) }
    calls.append(make.tool(.read, "lib/cart.ts"))
    #expect(try corrections(calls) == [nil])
  }

  @Test(arguments: ["", "/", "*.ts", "a", "src/$NAME", "\n"])
  mutating func namesThatNameNoFileAreLeftAlone(path: String) throws {
    let calls = [make.tool(.read, path, .failed, "No such file"), make.tool(.read, "lib/cart.ts")]
    #expect(try corrections(calls) == [nil])
  }
}
