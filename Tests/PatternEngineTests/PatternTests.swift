import TestSupport
import Testing

@testable import PatternEngine

@Suite struct PatternTests {
  private func first(_ pattern: String, _ subject: String, window: Range<Int>? = nil) throws -> PatternMatch? {
    try Pattern(pattern).firstMatch(in: Array(subject.utf8), window: window, scratch: MatchScratch())
  }

  @Test func namedGroupsAreCaptured() throws {
    let match = try #require(
      try first("No module named '(?<module>[^']+)'(?<rest>x)?", "say: No module named 'yaml'\n"))
    #expect(match == PatternMatch(range: 5..<27, captures: ["module": "yaml"]))
  }

  @Test func groupsThatMatchNothingAreEmptyAndGroupsThatTookNoPartAreAbsent() throws {
    #expect(try first("a(?<empty>x*)(?:(?<absent>y)|b)", "ab")?.captures == ["empty": ""])
  }

  @Test func aNameInTwoBranchesHoldsTheOneThatTookPart() throws {
    #expect(try first("(?J)(?:a(?<n>1)|b(?<n>2))", "b2")?.captures == ["n": "2"])
    for _ in 0..<20 { #expect(try first("(?J)(?<n>1)(?<n>2)(?<n>3)", "123")?.captures == ["n": "3"]) }
  }

  @Test func moreGroupsThanTheScratchHoldsLoseOnlyTheLastNames() throws {
    let groups = (0..<80).map { "(?<g\($0)>.)" }.joined()
    let match = try #require(try first(groups, String(repeating: "x", count: 80)))
    #expect(match.range == 0..<80)
    #expect(match.captures.count == 63)
  }

  @Test(arguments: ["", "a", "\n"])
  func anEmptySubjectIsMatchedLikeAnyOther(pattern: String) throws {
    #expect(try (first(pattern, "") != nil) == pattern.isEmpty)
  }

  @Test func linesAreAnchored() throws {
    #expect(try first("^b$", "a\nb\nc")?.range == 2..<3)
    #expect(try first("^b$", "a\r\nb\r\nc")?.range == 3..<4)
    #expect(try first("a.b", "a\rb") == nil)
  }

  @Test func aWindowHidesWhatIsOutside() throws {
    #expect(try first("b", "abab", window: 2..<4)?.range == 3..<4)
    #expect(try first("ab", "abab", window: 1..<3) == nil)
    #expect(try first("a", "aaa", window: -5..<100)?.range == 0..<1)
    #expect(try first("a", "aaa", window: 7..<9) == nil)
  }

  @Test func aWindowThatCutsALineHasNoLineEdgeThere() throws {
    let subject = "say error: x and more\nerror: y"
    #expect(try first("^error: (?<what>.*)$", subject, window: 4..<12) == nil)
    #expect(try first("^error: (?<what>.*)$", subject, window: 4..<30)?.captures == ["what": "y"])
    #expect(try first("x and$", subject, window: 0..<16) == nil)
    #expect(try first("x and more$", subject, window: 0..<21) != nil)
  }

  @Test func bytesThatAreNotTextDoNotStopTheMatch() throws {
    let bad: [UInt8] = [0xFF, 0xC3] + Array("No such file: ".utf8) + [0x80]
    #expect(
      try Pattern("such (?<what>\\w+)").firstMatch(in: bad, scratch: MatchScratch())?.captures == ["what": "file"])
  }

  @Test(arguments: [("(", 1), ("a(?<x", 5), ("[z-a]", 3), ("(?<n>a)(?<n>b)", 12), ("\\", 1)])
  func aFaultHasItsPlace(pattern: String, offset: Int) throws {
    let fault = #expect(throws: PatternError.self) { try Pattern(pattern) }
    #expect(fault?.offset == offset)
    #expect(fault?.reason.isEmpty == false)
  }

  @Test func aPatternThatExplodesIsStopped() throws {
    let subject = Array(String(repeating: "a", count: 4000).utf8) + Array("!".utf8)
    let pattern = try Pattern("(?:a|aa)+$")
    #expect(throws: MatchFailure.matchLimit) { try pattern.firstMatch(in: subject, scratch: MatchScratch()) }
  }

  @Test func aSmallStackIsReported() throws {
    let subject = Array(String(repeating: "ab", count: 100_000).utf8) + Array("dc".utf8)
    let scratch = MatchScratch(limits: MatchLimits(matchLimit: .max, stackBytes: 32 << 10))
    let failure = #expect(throws: MatchFailure.self) {
      try Pattern("^(?:(a)|(b))+c").firstMatch(in: subject, scratch: scratch)
    }
    #expect(failure == .stackLimit || failure == .matchLimit)
  }

  @Test func theScratchServesManyPatterns() throws {
    let scratch = MatchScratch()
    let patterns = try ["a(?<x>.)", "(?<x>b)c", "nothing"].map { try Pattern($0) }
    for _ in 0..<50 {
      let found = try patterns.map { try $0.firstMatch(in: Array("abc".utf8), scratch: scratch)?.captures }
      #expect(found == [["x": "b"], ["x": "b"], nil])
    }
  }

  @Test func anyBytesCanBeMatched() throws {
    var random = SplitMix64(seed: 3)
    let scratch = MatchScratch()
    let patterns = try ["(?<a>\\w+) (?<b>\\S+)$", "^\\s*(?<c>.+?):", "[^\\x00-\\x7f]+", "\\bx\\b"].map {
      try Pattern($0)
    }
    for _ in 0..<rounds(3000) {
      let subject = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        random.chance(50) ? UInt8.random(in: 0...255, using: &random) : random.pick(Array("ab: \nx".utf8))
      }
      let lower = Int.random(in: 0...70, using: &random)
      let window = lower..<(lower + Int.random(in: 0...70, using: &random))
      for pattern in patterns {
        guard let match = try pattern.firstMatch(in: subject, window: window, scratch: scratch) else { continue }
        #expect(match.range.clamped(to: window.clamped(to: 0..<subject.count)) == match.range)
      }
    }
  }
}
