import TestSupport
import Testing

@testable import PatternEngine

@Suite struct LineBoundTests {
  @Test(arguments: [
    "^error: .*$", #"^\S+:\d+(?::\d+)?: warning"#, #"No module named ['"](?<module>[\w.]+)"#, #"(?i)not found\b"#,
    #"cannot open '(?<path>[^'\n]+)'"#, #"[^\s:]+ failed"#, "(?:a|b)(?#name)c", #"\[E\d{4}\]"#, "x{2,3}y+?", "é[à-ü]",
  ])
  func staysOnItsLine(pattern: String) throws {
    #expect(try Pattern(pattern).staysOnLine)
  }

  @Test(arguments: [
    #"error:\s+x"#, #"a\nb"#, "a\nb", #"a\Rb"#, "[^:]+x", #"\D+"#, #"\W"#, #"\Aerror"#, #"error\z"#, "(?s)a.b",
    "(?s:.)",
    #"[\s\S]*"#, #"[\n]"#, #"[[:space:]]"#, #"[\t-~]"#, #"\x0a"#, #"\p{Cc}"#, "(?x) a", #"\H"#, #"\Qa\E"#, "(*ANY)a",
  ])
  func mayCrossLines(pattern: String) throws {
    #expect(try !Pattern(pattern).staysOnLine)
  }

  /// What is said to stay on its line finds on the lines of a text what it finds in the whole of it.
  @Test func linesShowWhatTheWholeShows() throws {
    var random = SplitMix64(seed: 5)
    let pieces = [
      "a", "b", "^", "$", ".", #"\S"#, #"\d"#, #"\w"#, #"\b"#, "[ab]", #"[^a\n]"#, "[^a]", #"\s"#, "(?:a|b)", "+", "*",
      "?",
      "{2}", #"\."#, "(?=b)", "(?<!a)", "(?<=b)", " ", #"\h"#, #"\n"#,
    ]
    let scratch = MatchScratch()
    var checked = 0
    for round in 0..<rounds(6000) {
      let source = (0..<Int.random(in: 1...6, using: &random)).map { _ in random.pick(pieces) }.joined()
      guard let pattern = try? Pattern(source), pattern.staysOnLine else { continue }
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in random.pick(Array("aabb1. \n".utf8)) }
      let whole = try pattern.firstMatch(in: text, scratch: scratch)
      var start = 0
      var found: PatternMatch?
      for line in text.split(separator: 10, omittingEmptySubsequences: false) where found == nil {
        found = try pattern.firstMatch(in: text, window: start..<(start + line.count), scratch: scratch)
        start += line.count + 1
      }
      // `$` also holds in front of a line end that ends the text, where a line of its own begins.
      if let whole, whole.range.isEmpty { continue }
      #expect(found == whole, "round \(round): \(source) in \(text)")
      checked += 1
    }
    #expect(checked > 500)
  }
}
