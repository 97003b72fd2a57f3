import RulePack
import SessionModel
import Testing

@testable import RuleEngine

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
    let successes = analysis(try correctionPack(), [outside("make fetch"), make.shell("make build")]).successes
    #expect(successes.commands["make fetch"] == nil)
    #expect(successes.commands["make build"]?.times == 1)
    #expect(successes.uses["make fetch"]?.times == 1)
  }
}
