import MarkerBlock
import Testing

@Suite("Texts that would break the block")
struct SectionFaultTests {
  @Test(arguments: [
    ("", "- a", SectionFault.Reason.emptyTitle), (" A", "- a", .spaceAroundTitle), ("A\t", "- a", .spaceAroundTitle),
    ("A\nB", "- a", .lineBreak), ("A\u{2028}B", "- a", .lineBreak), ("A\u{1B}[1m", "- a", .control),
    ("<!-- headroom:learn:end -->", "- a", .marker), ("A", "", .blankEdge), ("A", " \t", .blankEdge),
    ("A", "- a\n- b", .lineBreak), ("A", "- a\r", .lineBreak), ("A", "- a\u{85}b", .lineBreak),
    ("A", "- \0", .control), ("A", "- <!-- headroom:learn:end --> x", .marker), ("A", "### B", .heading),
    ("A", "# B", .heading), ("A", "  ## B", .heading), ("A", "#", .heading), ("A", "```", .openFence),
    ("A", "~~~ x", .openFence), ("A", "- ```", .openFence), ("A", "*~5 tokens/session saved*", .savingsLine),
  ])
  func areRejected(title: String, line: String, reason: SectionFault.Reason) {
    #expect { try BlockSection(title: title, lines: [line]) } throws: { ($0 as? SectionFault)?.reason == reason }
  }

  @Test func aFaultNamesTheLine() {
    #expect {
      try BlockSection(title: "A", lines: ["- a", "# b"])
    } throws: {
      "\($0)" == ##"line "# b" of section "A": a heading inside a section"##
    }
    #expect { try BlockSection(title: "A", lines: []) } throws: { ($0 as? SectionFault)?.reason == .blankEdge }
    #expect {
      try BlockSection(title: "A", lines: ["```", "### x", "```"])
    } throws: {
      ($0 as? SectionFault)?.reason == .heading
    }
  }

  @Test func whatIsHarmlessPasses() throws {
    let lines = ["- #hash", "- a\tb", "", "```sh", "# comment", "```", "- `###` x", "    # code"]
    let section = try BlockSection(title: "C# & <b> ###", tokensSavedPerSession: 0, lines: lines)
    let result = merge(sections: [section], into: [], date: try .day("2026-11-22"))
    #expect(BlockDocument(parsing: result.bytes).sections == [section])
    #expect(section.tokensSavedPerSession == nil)
  }

  @Test(arguments: ["", "2026-11-2", "2026-11-22\n", "２026-11-22", "2026/11/22", "20261-1-22"])
  func aDateIsADate(text: String) {
    #expect(BlockDate(text) == nil)
  }
}
