import RulePack
import SessionModel
import Testing

@testable import RuleEngine

private func pack() throws -> [Rule] {
  try rules(
    "id: demo/missing\ncategory: wrong_path\nwhen: { output: 'No such file' }",
    "id: demo/command\ncategory: command_not_found\nwhen: { output: '(?<program>\\S+): command not found' }",
    "id: demo/usage\ncategory: bad_usage\nwhen: { output: ['unknown option', 'unknown command'] }",
    "id: demo/module\ncategory: missing_import\nwhen: { output: 'No module named' }",
    "id: demo/test\ncategory: test_failure\nwhen: { output: 'failed tests' }",
    "id: demo/setup\ncategory: environment_error\nwhen: { output: 'not initialised' }",
    "id: demo/none\ncategory: no_matches\nwhen: { tool: [grep, glob], outcome: succeeded, output: 'No files found' }")
}

private func corrections(_ calls: [ToolCall]) throws -> [Correction?] {
  analysis(try pack(), calls).observations.map(\.correction)
}

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
    var failed = analysis(try pack(), calls)
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

@Suite struct CommandCorrectionTests {
  private var make = CallMaker()

  private func correction(_ failed: ToolCall, _ later: ToolCall...) throws -> Correction? {
    try corrections([failed] + later).first ?? nil
  }

  @Test mutating func anotherProgram() throws {
    let failed = make.shell("python tools/report.py --all", .failed, "python: command not found")
    let found = try #require(try correction(failed, make.shell("python3 tools/report.py --all")))
    #expect(found.kind == .command && found.from == "python" && found.text == "python3" && found.callID == "call4")
  }

  @Test mutating func otherWordsInFront() throws {
    let failed = make.shell("pytest tests/unit -q", .failed, "pytest: command not found")
    let found = try #require(try correction(failed, make.shell("uv run pytest tests/unit -q")))
    #expect(found.text == "uv run pytest")
  }

  /// Any program can be asked for its help.
  @Test mutating func aQuestionIsNoTaskInCommon() throws {
    let failed = make.shell("ghostty --help", .failed, "ghostty: command not found")
    #expect(try correction(failed, make.shell("aerospace --help")) == nil)
    let version = make.shell("python --version", .failed, "python: command not found")
    #expect(try correction(version, make.shell("python3 --version"))?.text == "python3")
  }

  /// What is new in another command of the line puts nothing right.
  @Test mutating func theCommandThatWasCalledWrongly() throws {
    let failed = make.shell("ls src && ethtool -s eth0 led off", .failed, "ethtool: unknown option")
    #expect(try correction(failed, make.shell("ls -F src && echo done")) == nil)
    let found = try correction(failed, make.shell("ls -F src"), make.shell("ls src && ethtool -p eth0 led off"))
    #expect(found?.from == "ethtool" && found?.text.contains("-p") == true)
  }

  @Test mutating func aFlagThatIsNotThere() throws {
    let failed = make.shell("cargo build --relase --workspace", .failed, "error: unknown option")
    let found = try #require(try correction(failed, make.shell("cargo build --release --workspace")))
    #expect(found.kind == .command && found.text.contains("--release"))
    let removed = make.shell("tsc --noEmit --pretyy src", .failed, "unknown option")
    #expect(try correction(removed, make.shell("tsc --noEmit src"))?.text.contains("--pretyy") == false)
  }

  @Test mutating func aStepThatHadToComeFirst() throws {
    let failed = make.shell("npm run build", .failed, "workspace not initialised")
    let found = try #require(
      try correction(failed, make.shell("npm install"), make.shell("ls"), make.shell("npm run build")))
    #expect(found.kind == .step && found.text == "npm install" && found.callID == "call4")
    let alone = make.shell("npm run build", .failed, "workspace not initialised")
    #expect(try correction(alone, make.shell("ls"), make.shell("npm run build")) == nil)
  }

  @Test mutating func lookingAroundIsNoCorrection() throws {
    for command in ["which python", "ls tools", "cat tools/report.py", "echo tools/report.py"] {
      let failed = make.shell("python tools/report.py", .failed, "python: command not found")
      #expect(try correction(failed, make.shell(command)) == nil, "\(command)")
    }
  }

  @Test mutating func aFailedTestIsCorrectedInFilesNotInCommands() throws {
    let failed = make.shell("pytest tests/unit -q", .failed, "2 failed tests")
    #expect(try correction(failed, make.shell("pytest tests/unit -x")) == nil)
  }

  @Test(arguments: [
    ("npx vitest run --globals a.test.ts", "npx vitest run --globals"),
    ("npx vitest run a.test.ts --config 'ci config.ts' | tail", "npx vitest run --config 'ci config.ts'"),
    ("npx vitest run a.test.ts --reporter=dot", nil), ("npx vitest run b.test.ts --globals", nil),
    ("cd web && npx vitest run a.test.ts --globals", nil), ("npx vitest run --globals", nil),
    // Nobody sees whether these worked.
    ("npx vitest run a.test.ts --globals | grep -c failed", nil),
    ("npx vitest run a.test.ts --globals > log; cat log", nil),
    ("npx vitest run a.test.ts --globals || true", nil), ("npx vitest run a.test.ts --globals &", nil),
    // These do less, or do it whatever comes of it.
    ("npx vitest run a.test.ts --onlyChanged", nil), ("npx vitest run a.test.ts --allowOnly", nil),
  ])
  mutating func anOptionThatWasLacking(command: String, fix: String?) throws {
    let failed = make.shell("npx vitest run a.test.ts 2>&1 | tail -5", .failed, "2 failed tests")
    let found = try correction(failed, make.shell("cat package.json"), make.shell(command))
    #expect(found?.text == fix && found?.kind == (fix == nil ? nil : .option))
    // What was changed in between may be what helped.
    #expect(try correction(failed, make.tool(.edit, "vitest.config.ts"), make.shell(command)) == nil)
    #expect(try correction(failed, make.shell("npm install"), make.shell(command)) == nil)
  }

  @Test(arguments: [
    (".venv/bin/pytest -q", ".venv/bin/pytest"), ("~/.local/bin/pytest -q", "~/.local/bin/pytest"),
    ("source .venv/bin/activate && pytest -q", "source .venv/bin/activate && pytest"),
    ("source .env && pytest -q", nil), ("docker exec api pytest -q", "docker exec api pytest"),
  ])
  mutating func aProgramThatIsNotOnThePath(command: String, way: String?) throws {
    let failed = make.shell("pytest -q", .failed, "pytest: command not found")
    #expect(try correction(failed, make.shell(command))?.text == way)
    #expect(analysis(try pack(), [make.shell(command)]).successes.programs["pytest"] == nil)
  }

  @Test mutating func theFolderOfTheProject() throws {
    let rules = try rules(
      "id: demo/project\ncategory: wrong_path\nwhen: { output: 'could not find `Cargo.toml` in `(?<path>[^`]+)`' }")
    let failed = make.shell("cargo test", .failed, "error: could not find `Cargo.toml` in `/work/shop`")
    func correction(_ later: String) -> Correction? {
      analysis(rules, [failed, make.shell(later)]).observations.first?.correction
    }
    #expect(correction("cd rust && cargo test")?.text == "cd /work/shop/rust")
    #expect(correction("cd rust && cargo test")?.kind == .step)
    #expect(correction("cd rust && cargo build") == nil)
    #expect(correction("cargo test") == nil)
    // The shell may have moved before.
    make.folder = "/work/shop/rust"
    #expect(correction("cargo test")?.text == "cd /work/shop/rust")
    make.folder = "/work/shop"
    let inside = make.shell("cd rust && cargo test", .failed, "error: could not find `Cargo.toml` in `/work/shop/rust`")
    let made = analysis(rules, [inside, make.shell("cd rust && cargo test")]).observations.first
    #expect(made?.workingDirectory == "/work/shop/rust" && made?.correction == nil)
  }

  @Test mutating func anInterpreterIsNoCommand() throws {
    let failed = make.shell("node tools/report.js", .failed, "2 failed tests")
    #expect(try correction(failed, make.shell("node tools/report.js --env dev")) == nil)
  }

  @Test mutating func aTryThatFailedMayHaveChangedSomething() throws {
    let failed = make.shell("npm test", .failed, "2 failed tests")
    let again = make.shell("npm test -- --pool=forks", .failed, "2 failed tests")
    let other = make.shell("sed -i s/a/b/ x && npm test", .failed, "2 failed tests")
    let worked = make.shell("npm test -- --threads=1")
    #expect(try correction(failed, again, worked)?.kind == .option)
    #expect(try correction(failed, other, worked) == nil)
  }

  /// What comes next in a series of checks is no other way to do the one that is missing.
  @Test(arguments: [
    ("npm run typecheck", "npm run build", nil), ("make lint", "make test", nil),
    ("npm run typecheck", "npm run check:types", "npm run check:types"),
    ("npm run tset", "npm run test:unit", "npm run test:unit"),
    ("git comit -m x", "git commit -m x", "git commit"),
  ])
  mutating func anotherScriptOfTheName(missing: String, later: String, fix: String?) throws {
    let failed = make.shell(missing, .failed, "unknown command")
    #expect(try correction(failed, make.shell(later))?.text == fix)
  }

  @Test(arguments: [("git pull", nil), ("kubectl get pods", nil), ("npm start", nil), ("npm ci", "npm ci")])
  mutating func whatSetsNothingUp(command: String, step: String?) throws {
    let failed = make.shell("npm run build", .failed, "not initialised")
    #expect(try correction(failed, make.shell(command), make.shell("npm run build"))?.text == step)
  }

  @Test mutating func aProgramOfTheFolderKeepsItsPath() throws {
    let failed = make.shell("./gradlew test", .failed, "not initialised")
    #expect(
      try correction(failed, make.shell("cd android && ./gradlew test"))?.text
        == "cd /work/shop/android && ./gradlew test")
  }

  @Test mutating func aProgramAtAnotherPlace() throws {
    let failed = make.shell("tools/deploy.sh --all", .failed, "tools/deploy.sh: command not found")
    #expect(try correction(failed, make.shell("~/bin/deploy.sh --all"))?.text == "~/bin/deploy.sh")
    #expect(try correction(failed, make.shell("ssh box /srv/deploy.sh --all"))?.text != "/srv/deploy.sh")
    // The path was right, and the folder was not.
    make.folder = "/work/shop/web"
    let below = make.shell("tools/deploy.sh --all", .failed, "tools/deploy.sh: command not found")
    #expect(try correction(below, make.shell("/work/shop/tools/deploy.sh --all")) == nil)
    #expect(try correction(below, make.shell("../tools/deploy.sh --all")) == nil)
  }

  @Test mutating func aProgramThatIsThereAfterAllIsNotReplaced() throws {
    let failed = make.shell("pnpm test", .failed, "pnpm: command not found")
    #expect(try correction(failed, make.shell("pnpm test --run")) == nil)
  }

  @Test mutating func aSiblingCallIsNoCorrection() throws {
    let sibling = make.shell("python3 tools/report.py --all")
    let failed = make.shell("python tools/report.py --all", .failed, "python: command not found")
    #expect(try correction(failed, sibling) == nil)
  }

  @Test mutating func whatComesMuchLaterIsNoCorrection() throws {
    let failed = make.shell("python tools/report.py --all", .failed, "python: command not found")
    var calls = [failed]
    for index in 0..<12 { calls.append(make.shell("make part\(index)")) }
    calls.append(make.shell("python3 tools/report.py --all"))
    #expect(try corrections(calls) == [nil])
  }
}

@Suite struct RepetitionTests {
  private var make = CallMaker()

  @Test mutating func failuresOfOneHeadAreCountedUntilOneWorks() throws {
    let calls = [
      make.shell("npm test", .failed, "2 failed tests"), make.shell("npm test -- --run", .failed, "2 failed tests"),
      make.shell("git status"),
      make.shell("cd a && npm test", .failed, "1 failed tests"), make.shell("npm test"),
      make.shell("npm test", .failed, "failed tests"),
    ]
    #expect(analysis(try pack(), calls).observations.map(\.repetition) == [1, 2, 3, 1])
  }

  @Test mutating func failuresOfOnePathAreCountedUntilOneWorks() throws {
    let calls = [
      make.tool(.edit, "/a", .failed, "x"), make.tool(.edit, "/b", .failed, "x"), make.tool(.edit, "/a", .failed, "x"),
      make.tool(.read, "/a"), make.tool(.edit, "/a", .failed, "x"), make.tool(.edit, "/a"),
      make.tool(.edit, "/a", .failed, "x"),
    ]
    #expect(analysis(try pack(), calls).observations.map(\.repetition) == [1, 1, 2, 3, 1])
  }

  @Test mutating func callsAreCountedOnceAndSuccessesByName() throws {
    let call = make.shell("cd api && npm run build | tail", id: "same")
    let found = analysis(try pack(), [call, call, make.tool(.read, "src/a.ts")])
    #expect(found.calls.count == 2)
    #expect(found.successes.paths["/work/shop/src/a.ts"]?.times == 1)
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
    let found = analysis(try pack(), calls).observations
    #expect(found.count == 3000)
    #expect(found.count { $0.correction != nil } <= 48)
  }
}

@Suite struct SurroundingsTests {
  private var make = CallMaker()

  private func texts(_ calls: [ToolCall]) throws -> [String?] { try corrections(calls).map { $0?.text } }

  @Test mutating func aVariableThatWasSet() throws {
    let calls = [
      make.shell("uv run python seed.py", .failed, "not initialised"),
      make.shell("DATABASE_URL=postgres://localhost/app uv run python seed.py"),
    ]
    #expect(try texts(calls) == ["DATABASE_URL=... uv run python"])
  }

  @Test(arguments: [
    ("PYTHONPATH=. pytest -q", "PYTHONPATH=. pytest"), ("PYTHONPATH=src/app pytest -q", "PYTHONPATH=src/app pytest"),
    ("CI=1 pytest -q", "CI=1 pytest"), ("PYTHONPATH=/srv/app pytest -q", "PYTHONPATH=... pytest"),
    ("PYTHONPATH=$HOME/app pytest -q", "PYTHONPATH=... pytest"), ("SHOP_KEY=abc pytest -q", "SHOP_KEY=... pytest"),
    ("PYTHONPATH=src:lib pytest -q", "PYTHONPATH=... pytest"),
  ])
  mutating func aValueThatIsNoSecretIsShown(command: String, text: String) throws {
    #expect(try texts([make.shell("pytest -q", .failed, "not initialised"), make.shell(command)]) == [text])
  }

  @Test mutating func anotherFolder() throws {
    let failed = make.shell("npm run build", .failed, "unknown command")
    #expect(
      try texts([failed, make.shell("cd apps/web && npm run build")]) == ["cd /work/shop/apps/web && npm run build"])
    make.folder = "/work/shop/apps/api"
    #expect(try texts([failed, make.shell("npm run build")]) == ["cd /work/shop/apps/api && npm run build"])
  }

  @Test mutating func aStepOnTheSameLine() throws {
    let calls = [
      make.shell("npm run check", .failed, "not initialised"),
      make.shell("npm install && npm run check 2>&1 | tail -3"),
    ]
    let found = try #require(try corrections(calls).first ?? nil)
    #expect(found.kind == .step && found.text == "npm install" && found.from == "npm run check")
    let other = [make.shell("npm run check", .failed, "not initialised"), make.shell("npm install && npm run lint")]
    #expect(try corrections(other) == [nil])
  }

  @Test mutating func onlyTheChangedArgumentIsTold() throws {
    let calls = [
      make.shell(
        "xcodebuild build -scheme Shop -destination 'platform=iOS Simulator,name=X'", .failed, "unknown option"),
      make.shell("xcodebuild build -scheme Shop -destination 'generic/platform=iOS'"),
    ]
    #expect(try texts(calls) == ["xcodebuild build -destination generic/platform=iOS"])
  }

  @Test mutating func aSearchElsewhere() throws {
    let empty = make.tool(.grep, "/work/shop/src", .succeeded, "No files found", pattern: "parse")
    let all = make.tool(.grep, "/work/shop", .succeeded, "a.ts", pattern: "parse")
    #expect(try corrections([empty, all]) == [nil])
    let other = make.tool(.grep, "/work/shop/lib", .succeeded, "a.ts", pattern: "render")
    #expect(try corrections([empty, other]) == [nil])
    let found = make.tool(.grep, "/work/shop/lib", .succeeded, "a.ts", pattern: "parse")
    let correction = try #require(try corrections([empty, found]).first ?? nil)
    #expect(correction.from == "/work/shop/src" && correction.text == "/work/shop/lib" && correction.kind == .path)
  }
}

@Suite struct BlockedCorrectionTests {
  private var make = CallMaker()

  @Test mutating func onlyAnotherFormOfTheSameCommand() throws {
    let rules = try rules("id: demo/blocked\ncategory: blocked\nwhen: { outcome: blocked }")
    let blocked = make.shell("gh pr create --title x --body y", .blocked, "no")
    let form = make.shell("gh pr create --title x --body-file /tmp/y")
    let round = make.shell("hub pr create --title x --body y")
    #expect(
      analysis(rules, [blocked, form]).observations.map(\.correction?.text) == ["gh pr create --body-file"])
    #expect(analysis(rules, [blocked, round]).observations.map(\.correction?.text) == [nil])
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

@Suite struct PrintedStatusTests {
  private var make = CallMaker()

  @Test(arguments: [
    ("npm run tsc; echo \"EXIT: $?\"", "EXIT: 70\n", false), ("npm run tsc; echo $?", "2", false),
    ("npm run tsc | tail; echo ${PIPESTATUS[0]}", "done\n1\n", false),
    ("npm run tsc; echo \"EXIT: $?\"", "EXIT: 0\n", true), ("npm run tsc; echo $?", "ok 0.4s", true),
    ("npm run tsc", "found 12", true), ("npm run tsc; echo $?", "12345", true),
  ])
  mutating func aCommandThatSaysItFailedIsNoProof(command: String, output: String, isProof: Bool) throws {
    let rules = try rules("id: demo/script\ncategory: bad_usage\nwhen: { output: 'Missing script' }")
    let found = analysis(
      rules, [make.shell("npm run tcs", .failed, "Missing script"), make.shell(command, .succeeded, output)])
    #expect((found.observations.first?.correction != nil) == isProof)
    #expect(found.observations.count == 1 && found.successes.uses["npm run tsc"]?.times == 1)
  }

  @Test mutating func anEmptySearchStaysOne() throws {
    let rules = try rules(
      "id: demo/none\ncategory: no_matches\nwhen: { last: '^echo$', output: 'nothing found', outcome: succeeded }")
    let search = make.shell("grep -c x a.txt; echo $?", .succeeded, "nothing found\n1\n")
    #expect(analysis(rules, [search]).observations.map(\.category) == [.noMatches])
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
}
