import RulePack
import SessionModel
import Testing

@testable import RuleEngine

@Suite struct RepetitionTests {
  private var make = CallMaker()

  @Test mutating func failuresOfOneHeadAreCountedUntilOneWorks() throws {
    let calls = [
      make.shell("npm test", .failed, "2 failed tests"), make.shell("npm test -- --run", .failed, "2 failed tests"),
      make.shell("git status"),
      make.shell("cd a && npm test", .failed, "1 failed tests"), make.shell("npm test"),
      make.shell("npm test", .failed, "failed tests"),
    ]
    #expect(analysis(try correctionPack(), calls).observations.map(\.repetition) == [1, 2, 3, 1])
  }

  @Test mutating func failuresOfOnePathAreCountedUntilOneWorks() throws {
    let calls = [
      make.tool(.edit, "/a", .failed, "x"), make.tool(.edit, "/b", .failed, "x"), make.tool(.edit, "/a", .failed, "x"),
      make.tool(.read, "/a"), make.tool(.edit, "/a", .failed, "x"), make.tool(.edit, "/a"),
      make.tool(.edit, "/a", .failed, "x"),
    ]
    #expect(analysis(try correctionPack(), calls).observations.map(\.repetition) == [1, 1, 2, 3, 1])
  }

  @Test mutating func callsAreCountedOnceAndSuccessesByName() throws {
    let call = make.shell("cd api && npm run build | tail", id: "same")
    let found = analysis(try correctionPack(), [call, call, make.tool(.read, "src/a.ts")])
    #expect(found.calls.count == 2)
    #expect(found.successes.paths["/work/shop/src/a.ts"]?.times == 1)
  }

  @Test(arguments: [
    ("python3 tools/report.py", "python3 tools/report.py", true),
    ("python3 tools/report.py", "cd /work/shop && python3 tools/report.py", true),
    ("python3 tools/report.py", "ls && python3 tools/report.py", true),
    ("python3 tools/report.py", "cd api && python3 tools/report.py", false),
    ("python3 tools/report.py", "DEBUG=1 python3 tools/report.py", false),
    ("python3 tools/report.py", "source .venv/bin/activate && python3 tools/report.py", false),
    ("source .venv/bin/activate && python3 tools/report.py", "python3 tools/report.py", false),
    ("python3 tools/report.py", "eval \"$(pyenv init -)\" && python3 tools/report.py", false),
    ("python3 tools/report.py", "set -a; source .env; set +a; python3 tools/report.py", false),
    ("python3 tools/report.py", "export CI=1 && python3 tools/report.py", false),
    ("timeout 60 python3 tools/report.py", "python3 tools/report.py", true),
    ("python3 tools/report.py", "docker exec web python3 tools/report.py", false),
    ("python3 tools/report.py", "python3 tools/report.py | wc -l", false),
    ("python3 tools/report.py", "python3 tools/report.py --all", false),
    ("python3 - <<'E'\nimport yaml\nE", "python3 - <<'E'\nimport json\nE", false),
    ("make lib && make app", "make app", false),
    ("cat > /tmp/a.py <<'E'\nimport yaml\nE\npython3 /tmp/a.py", "python3 /tmp/a.py", false),
    ("python3 /tmp/a.py", "cat > /tmp/a.py <<'E'\nimport json\nE\npython3 /tmp/a.py", false),
  ])
  mutating func aCommandIsTheSameAsItWasGiven(failed: String, later: String, isSame: Bool) throws {
    let found = analysis([], [make.shell(failed, .failed, "no"), make.shell(later)])
    let command = try #require(found.observations.first).command
    #expect((command.flatMap { found.successes.firstRuns[$0] } != nil) == isSame)
  }

  /// Whoever finds fault with the code is there.
  @Test mutating func whatFindsFaultWasThere() throws {
    let calls = [
      make.shell("pytest -q", .failed, "2 failed tests"), make.shell(".venv/bin/ruff check", .failed, "3 problems"),
      make.shell("mypy src", .failed, "not initialised"),
    ]
    let successes = analysis(try correctionPack(), calls + calls).successes
    #expect(successes.programs["pytest"] != nil)
    #expect(successes.detour(to: "ruff")?.text == ".venv/bin/ruff")
    #expect(successes.programs["mypy"] == nil && successes.commands["pytest"] == nil)
  }

  @Test mutating func aCommandWhoseFileWasWrittenAnewIsAnother() throws {
    let failed = make.shell("python3 tools/report.py", .failed, "no")
    let changes = [
      (make.tool(.edit, "/work/shop/tools/report.py"), true), (make.tool(.write, "tools/report.py"), true),
      (make.shell("sed -i s/yaml/json/ tools/report.py"), true), (make.tool(.edit, "/work/shop/src/cart.py"), false),
      (make.tool(.read, "/work/shop/tools/report.py"), false), (make.shell("cat tools/report.py"), false),
    ]
    for (change, isAnother) in changes {
      let found = analysis([], [failed, change, make.shell("python3 tools/report.py")])
      #expect((try #require(found.observations.first).command == nil) == isAnother, "\(change.input.text)")
    }
  }

  @Test mutating func talliesMergeInAnyOrder() throws {
    let one = analysis([], [make.shell("npm test"), make.tool(.read, "/a")]).successes
    let two = analysis([], [make.shell("npm test; make"), make.tool(.read, "/b")]).successes
    let three = analysis([], [make.shell("make"), make.tool(.read, "/a")]).successes
    func merged(_ tallies: SuccessTally...) -> SuccessTally {
      tallies.dropFirst().reduce(into: tallies.first ?? SuccessTally()) { $0.merge($1) }
    }
    let left = merged(one, two, three)
    let right = merged(three, merged(two, one))
    #expect(left.commands == right.commands && left.paths == right.paths)
    #expect(left.paths["/a"]?.times == 2)
  }

  @Test mutating func thousandsOfFailuresAreKeptInBounds() throws {
    var calls: [ToolCall] = []
    for index in 0..<3000 { calls.append(make.tool(.read, "/work/shop/f\(index)/cart.ts", .failed, "No such file")) }
    calls.append(make.tool(.read, "/work/shop/lib/cart.ts"))
    let found = analysis(try correctionPack(), calls).observations
    #expect(found.count == 3000)
    #expect(found.count { $0.correction != nil } <= 48)
  }
}

@Suite struct RefetchLoopTests {
  private var make = CallMaker()

  private mutating func read(_ path: String, _ range: String?, id: UInt64) -> ToolCall {
    var call = make.tool(.read, path, .succeeded, "text")
    call.input.range = range
    call.input.digest = id
    return call
  }

  @Test mutating func partsOfOneFile() throws {
    var calls = (0..<4).map { read("a.log", "offset=\($0)", id: UInt64($0)) }
    let loop = try #require(analysis([], calls).refetchLoops.first)
    #expect(loop.what == "a.log" && loop.pieces.count == 4 && loop.tool == .read)
    #expect(loop.tokens == calls.count * 3)
    // The same part again is no other part; a whole read is no part; another file is another thing.
    calls[3].input.digest = 0
    #expect(analysis([], calls).refetchLoops.isEmpty)
    calls[3] = read("a.log", nil, id: 9)
    #expect(analysis([], calls).refetchLoops.isEmpty)
    calls[3] = read("b.log", "offset=3", id: 9)
    #expect(analysis([], calls).refetchLoops.isEmpty)
  }

  @Test mutating func anEditStartsOver() throws {
    let first = (0..<2).map { read("a.ts", "offset=\($0)", id: UInt64($0)) }
    let edit = make.tool(.edit, "a.ts")
    let later = (2..<4).map { read("a.ts", "offset=\($0)", id: UInt64($0)) }
    #expect(analysis([], first + [edit] + later).refetchLoops.isEmpty)
  }

  @Test mutating func partsByAShell() throws {
    let calls = (1...4).map { number in
      var call = make.shell("sed -n '\(number)0,\(number)9p' app.log")
      call.input.digest = UInt64(number)
      return call
    }
    #expect(analysis([], calls).refetchLoops.map(\.what) == ["sed -n #,#p app.log"])
  }
}

@Suite struct ProgramSlotTests {
  private var make = CallMaker()

  @Test mutating func whatWasTypedIsTheProgram() throws {
    let rules = try rules("id: demo/usage\ncategory: bad_usage\nwhen: { output: 'Usage: (?<program>\\w+)' }")
    let rewritten = make.shell("cat -A notes.txt", .failed, "Usage: wrapper read FILE")
    let plain = make.shell("npx tool --x", .failed, "Usage: tool FILE")
    #expect(analysis(rules, [rewritten, plain]).observations.map { $0.slots["program"] } == ["cat", "tool"])
  }

  @Test(arguments: [
    ("pytest -q -p no:xdist --tb=no", "-n", nil), ("pytest -n 4", "-n", "-n"), ("pytest -qn4", "-n", "-n"),
    ("tar -xzf a.tgz", "z", "z"), ("make lint", "--fix", nil), ("eslint --fix src", "--fix", "--fix"),
    ("tool --fixed=1", "--fix", "--fix"), ("cargo run fast", "fast", "fast"),
  ])
  mutating func aFlagThatNobodyTypedIsNotToBlame(command: String, flag: String, slot: String?) throws {
    let rules = try rules("id: demo/usage\ncategory: bad_usage\nwhen: { output: 'unknown option (?<flag>\\S+)' }")
    let call = make.shell(command, .failed, "unknown option \(flag)")
    #expect(analysis(rules, [call]).observations.map { $0.slots["flag"] } == [slot])
  }

  /// One that is asked for is on no line yet.
  @Test mutating func aFlagThatIsLackingIsNamed() throws {
    let rules = try rules(
      "id: demo/denied\ncategory: permission_denied\nwhen: { output: 'run again with (?<flag>\\S+)' }")
    let call = make.shell("deno run a.ts", .failed, "run again with --allow-read")
    #expect(analysis(rules, [call]).observations.map { $0.slots["flag"] } == ["--allow-read"])
  }
}
