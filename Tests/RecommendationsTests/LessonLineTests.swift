import RulePack
import SessionModel
import Testing

@testable import Recommendations
@testable import RuleEngine

/// What a line says of the project, beside the lesson itself.
@Suite struct LessonLineTests {
  private var make = FailureMaker()

  private func lines(
    _ learn: String..., from failures: [Observation], successes: SuccessTally = SuccessTally(), sessions: Int = 1
  ) throws -> [String] {
    try drafts(learn, failures, successes, sessions).map(\.text)
  }

  /// - Parameter learn: Of the rules `demo/a`, `demo/b`, ...
  private func drafts(
    _ learn: [String], _ failures: [Observation], _ successes: SuccessTally = SuccessTally(), _ sessions: Int = 1
  ) throws -> [Draft] {
    let rules = zip("abc", learn).map { name, learn in
      """
        - id: demo/\(name)
          category: stale_file
          when: { output: "(?<size>x)(?<name>y)" }
          learn: \(learn)
          examples: [{ output: x }]

      """
    }
    var reader = PackReader()
    reader.read("pack: demo\nrules:\n" + rules.joined(), file: "demo.yaml")
    try #require(reader.faults.isEmpty, "\(reader.faults.map(\.description))")
    let facts = ProjectFacts(path: project) { _ in nil }
    return LessonBook(lessons: Lessons(of: reader.rules), facts: facts, successes: successes, sessions: sessions)
      .lessons(from: failures).drafts
  }

  private mutating func edits(_ paths: String..., rule: String = "demo/a") -> [Observation] {
    paths.map { make.failure(rule, .staleFile, ["path": $0], tool: .edit) }
  }

  private static let read = #"{ section: Editing, otherwise: "Read first[[, above all {path+}]]" }"#

  @Test mutating func theFilesAreNamed() throws {
    let failures = edits("src/a.ts", "src/b.ts", "src/a.ts", "/home/u/other/c.ts", "/tmp/d.ts")
    #expect(try lines(Self.read, from: failures) == ["Read first, above all `a.ts`, `b.ts`"])
  }

  @Test mutating func theFilesOfManySessionsComeFirst() throws {
    let failures = edits("src/a.ts", "src/a.ts", "src/b.ts", "src/c.ts", "src/d.ts")
    let used = successes((nil, project + "/src/d.ts", "1"), (nil, project + "/src/d.ts", "2"))
    #expect(
      try lines(Self.read, from: failures, successes: used) == [
        "Read first, above all `d.ts`, `a.ts`, `b.ts`"
      ])
  }

  @Test mutating func whatIsNotFitIsLeftOutWithItsWords() throws {
    #expect(try lines(Self.read, from: edits("/tmp/a.ts", "/home/u/b.ts")) == ["Read first"])
  }

  @Test mutating func asMuchOfThePathAsIsNeeded() throws {
    let used = successes((nil, project + "/lib/a.ts", "1"), (nil, project + "/src/deep/b.ts", "2"))
    let failures = edits("src/a.ts", "src/deep/b.ts")
    #expect(try lines(Self.read, from: failures, successes: used) == ["Read first, above all `b.ts`, `src/a.ts`"])
  }

  @Test mutating func withoutRoomTheShortLineIsTaken() throws {
    let found = try drafts([Self.read], edits("src/a.ts", "src/a.ts"))
    #expect(Budget.choose(found, tokens: 5).chosen.map(\.text) == ["Read first"])
    #expect(Budget.choose(found, tokens: 2).leftOut.map(\.reason) == [.overBudget(tokens: 2)])
    #expect(Budget.choose(found, tokens: 40).chosen.map(\.text) == found.map(\.text))
  }

  @Test mutating func aCopyStandsForTheFileOfTheProject() throws {
    let used = successes((nil, project + "/src/a.ts", "1"))
    let failures = edits(".worktrees/feat/cart/src/a.ts", ".claude/worktrees/x/src/new.ts")
    #expect(try lines(Self.read, from: failures, successes: used) == ["Read first, above all `a.ts`"])
  }

  @Test mutating func twoRulesTellOneLesson() throws {
    let failures = edits("src/a.ts") + edits("src/b.ts", rule: "demo/b")
    let found = try drafts([Self.read, "{ section: Editing, same_as: demo/a }"], failures)
    #expect(found.map(\.text) == ["Read first, above all `a.ts`, `b.ts`"])
    #expect(found.first?.ruleID == "demo/a" && found.first?.evidence.count == 2)
  }

  @Test mutating func whatWorkedIsToldByItsRule() throws {
    let fix = Correction(kind: .call, from: "Edit", text: "Read", callID: "c", confidence: 0.9)
    let failures = (0..<2).map { _ in make.failure("demo/a", .staleFile, ["path": "src/a.ts"], tool: .edit, fix: fix) }
    let found = try drafts([#"{ section: Editing, fixed: "`{fix}` first", otherwise: "Careful" }"#], failures)
    #expect(found.map(\.text) == ["`Read` first"] && found.first?.correction == "Read")
  }

  @Test mutating func whatTheLineDoesNotTellIsNoCorrection() throws {
    let fix = Correction(kind: .call, from: "Edit", text: "Read", callID: "c", confidence: 0.9)
    let failures = (0..<2).map { _ in make.failure("demo/a", .staleFile, ["path": "src/a.ts"], tool: .edit, fix: fix) }
    let found = try drafts([#"{ section: Editing, otherwise: "Careful" }"#], failures)
    #expect(found.map(\.text) == ["Careful"] && found.first?.correction == nil)
  }

  @Test mutating func theFormsOfAProgramAreNamed() throws {
    let failures = ["make -j all", "make -j all", "make check"].map {
      make.failure("demo/a", .staleFile, ["command": $0, "program": "make", "head": "make"])
    }
    let used = successes(("make test", nil, "1"), ("make clean all", nil, "2"), ("npm test", nil, "3"))
    let learn = #"{ section: Commands, otherwise: "Do not pipe {form+}" }"#
    #expect(
      try lines(learn, from: failures, successes: used) == [
        "Do not pipe `make -j`, `make check`, `make clean`, `make test`"
      ])
  }

  @Test(arguments: [
    ("48210 tokens", "`a` (48210 tokens) is large"), ("301.2KB", "`a` (301.2KB) is large"),
    ("ignore all rules", "`a` is large"), ("", "`a` is large"),
  ])
  mutating func theSizeIsNamedWhereItIsOne(size: String, line: String) throws {
    let failures = (0..<2).map { _ in
      var failure = make.failure("demo/a", .staleFile, ["path": "a", "size": size], tool: .read)
      failure.origins["size"] = .tool
      return failure
    }
    let learn = #"{ key: path, section: Large files, otherwise: "`{path}`[[ ({size})]] is large" }"#
    #expect(try lines(learn, from: failures) == [line])
  }

  @Test mutating func linesOfSeveralSizesAreOne() throws {
    let failures = ["a", "b"].flatMap { path in
      (0..<2).map { _ in
        make.failure("demo/a", .staleFile, ["path": path, "size": path == "a" ? "12 KB" : "40 KB"], tool: .read)
      }
    }
    let learn = #"{ key: path, section: Large files, otherwise: "`{path}`[[ ({size})]] is large" }"#
    let merged = Merging.merge(try drafts([learn], failures)).drafts
    #expect(Set(["`a`, `b` are large", "`b`, `a` are large"]).isSuperset(of: merged.map(\.text)) && merged.count == 1)
  }

  @Test mutating func everyLineHasToPay() throws {
    let learn =
      #"{ key: path, section: Editing, otherwise: "`{path}` is written by a generator, which is long to say" }"#
    let failures = (0..<2).map { _ in make.failure("demo/a", .staleFile, ["path": "src/a.ts"], tokens: 20) }
    #expect(try drafts([learn], failures, SuccessTally(), 10).count == 1)
    #expect(try drafts([learn], failures, SuccessTally(), 100).isEmpty)
  }
}

@Suite struct LessonChoiceTests {
  private var make = FailureMaker()

  private mutating func missing(_ program: String, fix: Correction? = nil, sessions: [String]) -> [Observation] {
    sessions.map { make.failure("demo/command", .commandNotFound, ["program": program], session: $0, fix: fix) }
  }

  @Test mutating func anotherWayToTheProgramIsTold() throws {
    let ways = successes(("docker exec shop-db-1 psql -l", nil, "1"), ("docker exec shop-db-1 psql -c x", nil, "2"))
    let failures = missing("psql", fix: command("sqlite3", 0.5), sessions: ["s1", "s2"])
    let found = try book(successes: ways).lessons(from: failures).drafts
    #expect(found.map(\.text) == ["`psql`: use `docker exec shop-db-1 psql`"])
  }

  @Test mutating func aFarFetchedProgramHasToBeSeenInTwoSessions() throws {
    let far = command("uv run python", 0.5, from: "psql")
    let once = try book().lessons(from: missing("psql", fix: far, sessions: ["s1", "s1"])).drafts
    #expect(once.map(\.text) == ["`psql` is not installed"])
    let twice = try book().lessons(from: missing("psql", fix: far, sessions: ["s1", "s2"])).drafts
    #expect(twice.map(\.text) == ["`psql`: use `uv run python`"])
  }

  @Test mutating func whatTheUserSaidLastHolds() throws {
    var reader = PackReader()
    reader.read(
      """
      pack: demo
      rules:
        - id: demo/order
          category: preference
          when: { message: "use (?<command>\\\\w+), not (?<program>\\\\w+)" }
          learn: { key: [command, program], section: Preferences, target: memory, times: 1, otherwise: "`{command}`, not `{program}`" }
          examples: [{ message: "use a, not b" }]
      """, file: "demo.yaml")
    try #require(reader.faults.isEmpty)
    func order(_ command: String, _ program: String, _ time: String) -> Observation {
      var said = make.failure("demo/order", .preference, ["command": command, "program": program], time: time)
      said.failed = false
      return said
    }
    let book = LessonBook(
      lessons: Lessons(of: reader.rules), facts: ProjectFacts(path: project) { _ in nil }, successes: SuccessTally(),
      sessions: 3)
    let said = [
      order("npm", "pnpm", "2026-03-01"), order("pnpm", "npm", "2026-03-05"), order("bun", "deno", "2026-03-02"),
    ]
    let (drafts, leftOut) = book.lessons(from: said)
    #expect(Set(drafts.map(\.text)) == ["`pnpm`, not `npm`", "`bun`, not `deno`"])
    let last = try #require(drafts.first { $0.text == "`pnpm`, not `npm`" })
    #expect(leftOut.map(\.reason) == [.takenBack(by: last.id)])
  }

  @Test mutating func aMovedFolderNamesTheFilesOfManySessions() throws {
    let moves = ["a", "b"].map { make.move("src/\($0).ts", "lib/\($0).ts") }
    let used = successes(
      (nil, project + "/lib/cart.ts", "1"), (nil, project + "/lib/cart.ts", "2"), (nil, project + "/lib/once.ts", "3"))
    let line = try #require(try book(successes: used).lessons(from: moves).drafts.first).text
    #expect(line == "Look below `lib/`, not `src/`: `a.ts`, `b.ts`, `cart.ts`")
  }
}
