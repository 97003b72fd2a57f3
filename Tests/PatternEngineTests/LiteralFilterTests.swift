import TestSupport
import Testing

@testable import PatternEngine

@Suite struct LiteralFilterTests {
  /// The same by looking everywhere.
  private func naive(_ literals: [Literal], in subject: [UInt8]) -> Set<LiteralFilter.Hit> {
    let folded = subject.map(asciiLowercased)
    var hits: Set<LiteralFilter.Hit> = []
    for (index, literal) in literals.enumerated() where literal.count >= LiteralFilter.minimumLength {
      let text = literal.ignoresCase ? folded : subject
      for start in text.indices where text[start...].starts(with: literal.bytes) {
        let before = start == 0 ? ByteKinds.lineEnd : ByteKinds(of: subject[start - 1])
        guard !literal.before.isDisjoint(with: before) else { continue }
        hits.insert(.init(literal: index, offset: start))
      }
    }
    return hits
  }

  @Test func findsExactlyWhatIsThere() {
    var random = SplitMix64(seed: 11)
    let alphabet = Array("abAB .:'7\n\r_é@`[{\u{0}\u{7F}".utf8) + [0xFF, 0x80]
    for round in 0..<rounds(6000) {
      let literals = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(alphabet) }
        let before =
          random.chance(40)
          ? ByteKinds.any
          : random.chance(40) ? .lineEnd : ByteKinds(rawValue: UInt8.random(in: 0...63, using: &random))
        return Literal(bytes, ignoresCase: random.chance(50), before: before)
      }
      // Longer than what is looked at together, now and then.
      let length = random.chance(5) ? 1500 : 40
      var subject = (0..<Int.random(in: 0...length, using: &random)).map { _ in random.pick(alphabet) }
      if random.chance(60), let literal = literals.randomElement(using: &random) {
        subject.insert(contentsOf: literal.bytes, at: Int.random(in: 0...subject.count, using: &random))
      }
      var found: [LiteralFilter.Hit] = []
      LiteralFilter(literals).scan(subject) { found.append($0) }
      #expect(Set(found) == naive(literals, in: subject), "round \(round): \(literals) in \(subject)")
      #expect(Set(found).count == found.count)
    }
  }

  @Test func literalsWithOneGramAreAllFound() {
    let literals = ["not found", "not found", "command not found", "xnot found"].map {
      Literal($0.utf8, ignoresCase: true)
    }
    var found: [Int: Int] = [:]
    LiteralFilter(literals).scan(Array("zsh: Command NOT FOUND".utf8)) { found[$0.literal] = $0.offset }
    #expect(found == [0: 13, 1: 13, 2: 5])
  }

  @Test func caseMatters() {
    let literals = [Literal("HTTP".utf8), Literal("HTTP".utf8, ignoresCase: true), Literal("HTTP error".utf8)]
    var found: [[Int]] = [[], [], []]
    LiteralFilter(literals).scan(Array("see http://x: HTTP error, Http error".utf8)) {
      found[$0.literal].append($0.offset)
    }
    #expect(found == [[14], [4, 14, 26], [14]])
  }

  @Test(arguments: [0, 1, 3, 4])
  func shortSubjectsAreSafe(count: Int) {
    var hits = 0
    LiteralFilter([Literal("abcd".utf8)]).scan(Array("abcd".utf8.prefix(count))) { _ in hits += 1 }
    #expect(hits == (count == 4 ? 1 : 0))
  }

  @Test func aLimitEndsTheScan() {
    let subject = Array("xx literal yy literal".utf8)
    for limit in 0...subject.count {
      var found: [Int] = []
      LiteralFilter([Literal("literal".utf8)]).scan(subject, limit: limit) { found.append($0.offset) }
      #expect(found == [3, 14].filter { $0 + 7 <= limit })
    }
  }
}
