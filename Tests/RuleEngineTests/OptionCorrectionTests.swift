import RulePack
import SessionModel
import Testing

@testable import RuleEngine

@Suite struct OptionCorrectionTests {
  private var make = CallMaker()

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
}
