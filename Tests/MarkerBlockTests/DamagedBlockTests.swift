import MarkerBlock
import Testing

@Suite("Markers that are doubled, missing, quoted")
struct DamagedBlockTests {
  private let a = block("### A\n- a\n")
  private let start = "<!-- headroom:learn:start -->"
  private let end = "<!-- headroom:learn:end -->"

  @Test func severalBlocksBecomeTheFirst() throws {
    let document = "one\n\(a)\ntwo\n" + block("### B\n- b\n\n### A\n- a\n- a2\n", date: "2026-01-01") + "\nthree\n"
    let result = try merged(document, [section("C", nil, "- c")])
    #expect(
      text(result) == "one\n" + block("### C\n- c\n\n### A\n- a\n- a2\n\n### B\n- b\n") + "\ntwo\nthree\n")
    #expect(result.notes == [.furtherBlock(line: 11)])
  }

  @Test func startWithoutEndHoldsOnlyWhatIsOurs() throws {
    let document = String(a.dropLast(end.count + 1)) + "\n### Not ours\nA paragraph.\n- theirs\n"
    let result = try merged(document, [section("A", nil, "- b")])
    #expect(text(result) == block("### A\n- b\n") + "\n\n### Not ours\nA paragraph.\n- theirs\n")
    #expect(result.notes == [.missingEnd(line: 1), .replaced(section: "A", lines: 1)])
  }

  @Test(arguments: ["# Theirs", "text", "```", "| a | b |", "> quote", "1. one", "* star", "#### deep"])
  func startWithoutEndStopsAt(line: String) throws {
    let document = "\(start)\n### A\n- a\n  wrapped\n\(line)\nmore\n"
    let result = try merged(document, [section("A", nil, "- b")])
    #expect(text(result) == block("### A\n- b\n") + "\n\(line)\nmore\n")
  }

  @Test func aStartAtTheEndOfTheFile() throws {
    #expect(text(try merged("x\n\(start)", [section("A", nil, "- a")])) == "x\n\(a)")
  }

  @Test func twoStartsAndOneEnd() throws {
    let document = "\(start)\n### A\n- a\nmine\n\(start)\n### B\n- b\n\(end)\n"
    let result = try merged(document, [section("A", nil, "- a")])
    #expect(text(result) == block("### A\n- a\n\n### B\n- b\n") + "\nmine\n")
    #expect(result.notes == [.missingEnd(line: 1), .furtherBlock(line: 5)])
  }

  @Test func anEndWithoutAStartIsLeftAlone() throws {
    let result = try merged("x\n\(end)\ny\n", [section("A", nil, "- a")])
    #expect(text(result) == "x\n\(end)\ny\n\n\(a)\n")
    #expect(result.notes == [.strayEnd(line: 2)])
  }

  @Test(arguments: [
    "The tool writes <!-- headroom:learn:start --> and <!-- headroom:learn:end -->.\n",
    "> <!-- headroom:learn:start -->\n> <!-- headroom:learn:end -->\n",
    "```\n<!-- headroom:learn:start -->\n<!-- headroom:learn:end -->\n```\n",
    "~~~~ md\n```\n~~~\n<!-- headroom:learn:start -->\n<!-- headroom:learn:end -->\n~~~~~ \n",
    "````md\n```\n<!-- headroom:learn:start -->\n```\n<!-- headroom:learn:end -->\n````\n",
    "   ```a~b\n<!-- headroom:learn:start -->\n    ```\n<!-- headroom:learn:end -->\n  ```\t\n",
    "10. Run\n\n    ```md\n    <!-- headroom:learn:start -->\n    <!-- headroom:learn:end -->\n    ```\n",
    "- ```\n  <!-- headroom:learn:start -->\n  <!-- headroom:learn:end -->\n",
  ])
  func quotedMarkersDoNotCount(document: String) throws {
    let result = try merged(document, [section("A", nil, "- a")])
    #expect(text(result) == document + "\n\(a)\n")
    #expect(!(try merged(text(result), [section("A", nil, "- a")]).changed))
  }

  @Test(arguments: ["``` a`b\n", "``\n", "    ```\n", "text ```\n", "```\n```\n"])
  func whatIsNoFenceHidesNothing(before: String) throws {
    let document = before + a + "\n"
    #expect(text(try merged(document, [section("A", nil, "- b")])) == before + block("### A\n- b\n") + "\n")
  }

  @Test func indentedMarkersAndCarriageReturnsCount() throws {
    let document = "  \(start)\t\r\n### A\r\n- a\r\n\t\(end) \r\nx\r\n"
    let result = try merged(document, [section("A", nil, "- b")])
    #expect(
      text(result) == block("### A\n- b\n").split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\r\n") + "\r\nx\r\n")
  }

  @Test func aNewBlockGoesAboveAFenceThatIsNeverClosed() throws {
    let result = try merged("x\n```\ncode\n", [section("A", nil, "- a")])
    #expect(text(result) == "x\n\n\(a)\n\n```\ncode\n")
    #expect(result.notes == [.openFence(line: 2)])
    #expect(!(try merged(text(result), [section("A", nil, "- a")]).changed))
    #expect(text(try merged("~~~\n\(a)\n", [section("B", nil, "- b")])).hasPrefix(block("### B\n- b\n") + "\n\n~~~\n"))
  }

  @Test func anOpenFenceInsideTheBlockEndsWhatIsOurs() throws {
    let document = "\(start)\n### A\n- a\n```\n\(end)\n"
    let result = try merged(document, [section("A", nil, "- b")])
    #expect(text(result) == block("### A\n- b\n") + "\n```\n\(end)\n")
  }

  @Test func aConflictOfGitKeepsBothSides() throws {
    let document = "<<<<<<< HEAD\n\(a)\n=======\n\(block("### A\n- other\n"))\n>>>>>>> branch\n"
    let result = try merged(document, [section("B", nil, "- b")])
    #expect(
      text(result)
        == "<<<<<<< HEAD\n\(block("### B\n- b\n\n### A\n- a\n- other\n"))\n=======\n>>>>>>> branch\n")
  }
}
