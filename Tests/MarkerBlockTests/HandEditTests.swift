import MarkerBlock
import Testing

@Suite("What a person wrote inside the block")
struct HandEditTests {
  @Test func unknownLinesStayBelowTheLineThatTheyFollowed() throws {
    let document = block("### A\n- a\n- mine\n\nMy paragraph,\nits second line.\n\n- b\n")
    let result = try merged(document, [section("A", nil, "- a", "- c")], written: ["- a", "- b"])
    #expect(text(result) == block("### A\n- a\n- mine\n\nMy paragraph,\nits second line.\n\n- c\n"))
    #expect(
      result.notes == [.handWritten(section: "A", lines: ["- mine", "My paragraph,", "its second line."])])
    let again = try merged(text(result), [section("A", nil, "- a", "- c")], written: result.written)
    #expect(!again.changed)
    #expect(again.notes == result.notes)
  }

  @Test func linesOfAVanishedBulletGoToTheEnd() throws {
    let document = block("### A\n- a\n  theirs\n- b\n- mine\n")
    let result = try merged(document, [section("A", nil, "- c")], written: ["- a", "- b"])
    #expect(text(result) == block("### A\n- c\n\n  theirs\n- mine\n"))
    #expect(!(try merged(text(result), [section("A", nil, "- c")], written: result.written).changed))
  }

  @Test func aCarriedSectionKeepsAllAndSaysWhatIsTheirs() throws {
    let document = block("### A\n- a\n- mine\n\n### Theirs\n- x\n")
    let result = try merged(document, [section("B", nil, "- b")], written: ["- a"])
    #expect(text(result) == block("### B\n- b\n\n### A\n- a\n- mine\n\n### Theirs\n- x\n"))
    #expect(
      result.notes == [
        .handWritten(section: "A", lines: ["- mine"]), .handWritten(section: "Theirs", lines: ["- x"]),
      ])
  }

  @Test func aRemovedSectionLeavesTheirs() throws {
    let document = block("### A\n- a\n- mine\n\n### B\n- b\n")
    let result = try merged(
      document, [], removing: [.section(title: "A"), .section(title: "B")], written: ["- a", "- b"])
    #expect(text(result) == block("### A\n- mine\n"))
  }

  @Test func textAboveTheFirstSectionIsTheirs() throws {
    let document = block("Please keep this.\n\n- a\n\n### A\n- a\n")
    let result = try merged(document, [section("A", nil, "- b")])
    #expect(text(result) == block("Please keep this.\n\n- a\n\n### A\n- b\n"))
    #expect(
      result.notes == [
        .handWritten(section: nil, lines: ["Please keep this.", "- a"]), .replaced(section: "A", lines: 1),
      ])
  }

  @Test func aChapterOfTheirsStaysWithoutARecord() throws {
    let document = block("### A\n- a\n\n## My notes\n- mine\n\n### B\n- b\n")
    let result = try merged(document, [section("A", nil, "- c", "- d")])
    #expect(text(result) == block("### A\n- c\n- d\n\n## My notes\n- mine\n\n### B\n- b\n"))
    #expect(
      result.notes == [
        .handWritten(section: "A", lines: ["## My notes", "- mine"]), .replaced(section: "A", lines: 1),
      ])
    #expect(!(try merged(text(result), [section("A", nil, "- c", "- d")]).changed))
  }

  @Test func aCodeBlockAroundALineOfOursIsTheirs() throws {
    let document = block("### A\n- b\n```\n- a\n```\n- a\n")
    let result = try merged(document, [section("A", nil, "- a", "- b2")], written: ["- a", "- b"])
    #expect(text(result) == block("### A\n- a\n- b2\n\n```\n- a\n```\n"))
  }

  @Test func blankLinesAroundTheirsDoNotGrow() throws {
    let document = block("### A\n- a\n\nmine\n\n- b\n")
    let sections = [try section("A", 7, "- a", "", "- b")]
    let result = try merged(document, sections, written: ["- a", "- b"])
    #expect(text(result) == block("### A\n*~7 tokens/session saved*\n- a\n\nmine\n\n- b\n"))
    #expect(!(try merged(text(result), sections, written: result.written).changed))
  }

  @Test func theirsStaysWithTheOneOfTwoLinesThatReadAlike() throws {
    let document = block("### A\n- a\nmine\n- a\n## Chapter\n")
    let sections = [try section("A", nil, "- a", "- a")]
    let first = try merged(document, sections, written: ["- a"])
    #expect(text(first) == block("### A\n- a\nmine\n- a\n## Chapter\n"))
    let moved = try merged(block("### A\n- b\nmine\n"), sections, written: ["- b"])
    #expect(text(moved) == block("### A\n- a\n- a\n\nmine\n"))
    #expect(!(try merged(text(moved), sections, written: moved.written).changed))
  }

  @Test func spacesAtTheEndMakeNobodyAnAuthor() throws {
    let result = try merged(block("### A\n- a  \n- b\n"), [section("A", nil, "- c")], written: ["- a", "- b "])
    #expect(text(result) == block("### A\n- c\n"))
    #expect(result.notes.isEmpty)
  }
}
