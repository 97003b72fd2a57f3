import MarkerBlock
import Testing

@Suite("Bytes outside the block")
struct SurroundingsTests {
  private func bytes(before: [UInt8], after: [UInt8], ending: String) throws {
    let old = block("### A\n- a\n", date: "2020-02-02").split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: ending)
    let new = block("### A\n- b\n").split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending)
    let result = merge(
      sections: [try section("A", nil, "- b")], into: before + Array((old + ending).utf8) + after,
      date: try .day("2026-11-22"))
    #expect(result.bytes == before + Array((new + ending).utf8) + after)
  }

  @Test func lineEndingsAreTheDocuments() throws {
    try bytes(before: Array("a\r\nb\r\n".utf8), after: Array("c\r\n".utf8), ending: "\r\n")
    try bytes(before: Array("a\nb\n".utf8), after: Array("c\r\n".utf8), ending: "\n")
    try bytes(before: Array("a\rb\r".utf8), after: Array("c\r".utf8), ending: "\r")
    try bytes(before: [], after: [], ending: "\r\n")
  }

  @Test func anyBytesStay() throws {
    try bytes(before: [0xEF, 0xBB, 0xBF], after: [], ending: "\n")
    try bytes(before: [0xFF, 0xFE, 0x00, 0x0A, 0xC3, 0x28, 0x0A], after: [0x00, 0x80], ending: "\n")
    try bytes(before: Array("a\n  \n\n".utf8), after: Array("\n\n\nno newline".utf8), ending: "\n")
  }

  @Test func aNewBlockTakesTheDominantEnding() throws {
    let result = try merged("a\r\nb\nc\r\n", [section("A", nil, "- a")])
    #expect(text(result).hasPrefix("a\r\nb\nc\r\n\r\n<!-- headroom:learn:start -->\r\n## "))
    #expect(text(result).hasSuffix("<!-- headroom:learn:end -->\r\n"))
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let empty = merge(sections: [try section("A", nil, "- a")], into: mark, date: try .day("2026-11-22"))
    #expect(empty.bytes == mark + Array((block("### A\n- a\n") + "\n").utf8))
  }

  @Test func aMissingFinalNewlineStaysMissing() throws {
    let result = try merged("x\n" + block("### A\n- a\n"), [section("A", nil, "- b")])
    #expect(text(result) == "x\n" + block("### A\n- b\n"))
  }

  @Test func bytesInACarriedSectionStay() throws {
    let foreign: [UInt8] = [0x2D, 0x20, 0xFF, 0x00, 0x09, 0x20]
    let document =
      Array("<!-- headroom:learn:start -->\n### B\n".utf8) + foreign
      + Array("\n<!-- headroom:learn:end -->\n".utf8)
    let result = merge(sections: [try section("A", nil, "- a")], into: document, date: try .day("2026-11-22"))
    #expect(result.changed)
    let first = foreign[0]
    #expect(
      result.bytes.indices.contains { result.bytes[$0] == first && result.bytes[$0...].starts(with: foreign) })
  }

  @Test func aCarriageReturnOfOursDoesNotJoinALineFeedOfTheirs() throws {
    let document = "a\rb\rc\r<!-- headroom:learn:start -->\r### A\r- a\r<!-- headroom:learn:end -->\r\n\nd"
    let once = try merged(document, [section("A", nil, "- b")])
    #expect(text(once).hasSuffix("<!-- headroom:learn:end -->\r\n\nd"))
    let twice = try merged(text(once), [section("A", nil, "- c")])
    #expect(text(twice).hasSuffix("<!-- headroom:learn:end -->\r\n\nd"))
  }
}
