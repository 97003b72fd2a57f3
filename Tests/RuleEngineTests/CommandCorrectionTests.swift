import RulePack
import SessionModel
import Testing

@testable import RuleEngine

@Suite struct CommandCorrectionTests {
  private var make = CallMaker()

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

  @Test mutating func whatInstallsACommandIsAStep() throws {
    let failed = make.shell("cargo fmt", .failed, "unknown command fmt")
    let install = make.shell("rustup component add rustfmt")
    #expect(try correction(failed, install) == nil)
    for install in [install, make.shell("rustup component add rustfmt 2>&1 | tail -3")] {
      let again = try correction(failed, install, make.shell("cargo fmt"))
      #expect(again?.kind == .step && again?.text == "rustup component add rustfmt")
    }
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
    (".venv/bin/pytest -q", ".venv/bin/pytest"), ("~/.local/bin/pytest -q", "~/.local/bin/pytest"),
    ("source .venv/bin/activate && pytest -q", "source .venv/bin/activate && pytest"),
    ("source ./.venv/bin/activate && cd api && pytest -q", "source ./.venv/bin/activate && pytest"),
    (". $HOME/.cargo/env && pytest -q", "source $HOME/.cargo/env && pytest"),
    ("source ~/.nvm/nvm.sh && nvm use 20 && pytest -q", "source ~/.nvm/nvm.sh && nvm use 20 && pytest"),
    ("export PATH=\"$HOME/bin:$PATH\"; pytest -q", "export PATH=$HOME/bin:$PATH && pytest"),
    ("export D=~/env A=1; export B=2; . $D/run.sh; pytest -q", "export D=~/env A=1 && source $D/run.sh && pytest"),
    ("cd backend && source .venv/bin/activate && pytest -q", "source backend/.venv/bin/activate && pytest"),
    ("cd backend && ./.venv/bin/pytest -q", "backend/.venv/bin/pytest"),
    ("source ~/s.sh && sdk use java 21 && pytest -q", "source ~/s.sh && sdk use java 21 && pytest"),
    ("docker exec api pytest -q", "docker exec api pytest"),
    ("PATH=\"$HOME/bin:$PATH\" pytest -q", "export PATH=$HOME/bin:$PATH && pytest"),
    ("eval \"$(fnm env)\" && fnm use 20 && pytest -q", "eval \"$(fnm env)\" && fnm use 20 && pytest"),
  ])
  mutating func aProgramThatIsNotOnThePath(command: String, way: String?) throws {
    let failed = make.shell("pytest -q", .failed, "pytest: command not found")
    #expect(try correction(failed, make.shell(command))?.text == way)
    #expect(analysis(try correctionPack(), [make.shell(command)]).successes.programs["pytest"] == nil)
  }

  /// A shell that is set up by what cannot be told finds the program all the same.
  @Test(arguments: [
    "source .env && pytest -q", "source \"$(find . -name activate)\" && pytest -q",
    "export PATH=\"/opt/my tools:$PATH\" && pytest -q", "export CI=1 && pytest -q",
    "V=/tmp/v; source $V/bin/activate && pytest -q", "eval \"$(./tools/env)\" && pytest -q",
    "PATH=\"/opt/my tools:$PATH\" pytest -q", "PATH=/opt/tools pytest -q",
  ])
  mutating func aProgramThatIsFoundAfterAll(command: String) throws {
    let failed = make.shell("pytest -q", .failed, "pytest: command not found")
    #expect(try correction(failed, make.shell(command)) == nil)
    #expect(analysis(try correctionPack(), [make.shell(command)]).successes.programs["pytest"] != nil)
  }

  /// Seen often enough, the way to a program is known where none of its failures shows it.
  @Test mutating func theUsualWayToAProgram() throws {
    let way = make.shell("source ~/.cargo/env && cargo test")
    let successes = analysis(try correctionPack(), [way, way, make.shell("source ~/.cargo/env && ls")]).successes
    #expect(successes.detour(to: "cargo")?.text == "source ~/.cargo/env && cargo")
    #expect(successes.detour(to: "ls") == nil)
  }

  @Test(arguments: [
    ("python app.py", "source venv/bin/activate && python app.py", "source venv/bin/activate && python"),
    ("pytest -q", ". venv/bin/activate && pytest tests -x", "source venv/bin/activate && pytest"),
    ("python -m pytest", "conda activate shop && python -m pytest -q", "conda activate shop && python -m pytest"),
    ("python app.py", ".venv/bin/python app.py", ".venv/bin/python"),
    ("uv run pytest -q", "uv run --extra dev pytest -q", "uv run --extra dev pytest"),
    ("node a.mjs", "node --import tsx a.mjs", "node --import tsx"),
    (
      "python3 <<'E'\nimport flask\nE", "uv run -q --with flask python3 - <<'E'\nimport flask\nE",
      "uv run --with flask python3"
    ),
    ("python3 a.py", "uv run --with flask --with rich python3 -c 'x'", "uv run --with flask --with rich python3"),
    ("python3 a.py", "uv run --with flask pytest", nil),
    ("python ./app/main.py -v", "python -m app.main -v", "python -m app.main"),
    ("python app/main.py", "python -m app.other", nil),
    // Another program, the same environment, another file, fewer words: none of these is why a module is found.
    ("python app.py --all", "source venv/bin/activate && python other.py 1", nil),
    ("source v/activate && python a.py", "source v/activate && python a.py", nil),
    ("python -m pytest tests", "python -m pytest tests -q", nil), ("pytest tests", "pytest tests/unit", nil),
  ])
  mutating func whereAModuleIsFound(command: String, later: String, fix: String?) throws {
    let failed = make.shell(command, .failed, "ModuleNotFoundError: No module named 'flask'")
    #expect(try correction(failed, make.shell(later))?.text == fix)
  }

  /// What is missing may be run by another program.
  @Test mutating func aProgramThatAnotherRuns() throws {
    let failed = make.shell("make test", .failed, "make: pytest: command not found")
    #expect(
      try correction(failed, make.shell("source .venv/bin/activate && make test"))?.text
        == "source .venv/bin/activate && make test")
  }

  @Test(arguments: [
    ("npm test -w packages/api", "npm test -w packages/api"), ("npm test packages/api", nil), ("npm test", nil),
  ])
  mutating func anOptionThatTheUsageLacked(command: String, fix: String?) throws {
    let failed = make.shell("npm test", .failed, "unknown command")
    #expect(try correction(failed, make.shell(command))?.text == fix)
  }

  /// The module may have been written in between.
  @Test mutating func aModuleThatWasMade() throws {
    let failed = make.shell("npm run build", .failed, "No module named 'cart'")
    let made = make.tool(.write, "cart.py")
    let typed = make.shell("cat > cart.py <<'E'\nx = 1\nE")
    for change in [made, typed] {
      #expect(try correction(failed, change, make.shell("npm install"), make.shell("npm run build")) == nil)
      #expect(try correction(failed, change, make.shell("source v/activate && npm run build")) == nil)
      #expect(try correction(failed, change, make.shell("pnpm run build"))?.text == "pnpm run build")
    }
    #expect(try correction(failed, make.shell("npm install"), make.shell("npm run build"))?.kind == .step)
  }

  @Test mutating func aProgramThatIsPartOfAnother() throws {
    let failed = make.shell("docker-compose up", .failed, "docker-compose: command not found")
    #expect(try correction(failed, make.shell("docker compose up -d"))?.text == "docker compose")
    #expect(try correction(failed, make.shell("docker ps")) == nil)
  }

  /// A step before a command in a container is told with the way there.
  @Test mutating func whatIsMissingInAContainer() throws {
    let failed = make.shell("docker compose exec web pytest", .failed, "not initialised")
    let found = try correction(
      failed, make.shell("docker compose up -d web"), make.shell("docker compose exec web pytest"))
    #expect(found?.text == "docker compose up -d web" && found?.from == "docker compose exec web pytest")
  }

  @Test mutating func aSetUpShellForWhateverIsLacking() throws {
    let failed = make.shell("npm run build", .failed, "not initialised")
    let found = try correction(failed, make.shell("nvm use 20 && npm run build"))
    #expect(found?.text == "nvm use 20 && npm run build" && found?.kind == .surroundings)
    let elsewhere = try correction(failed, make.shell("cd web && npm run build"))
    #expect(elsewhere?.text == "cd /work/shop/web && npm run build" && elsewhere?.kind == .surroundings)
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
