import TestSupport
import Testing

@testable import PatternEngine

@Suite struct LiteralFilterTests {
  /// The same by looking everywhere.
  private func naive(_ literals: [[UInt8]], in subject: [UInt8]) -> Set<LiteralFilter.Hit> {
    let folded = subject.map(asciiLowercased)
    var hits: Set<LiteralFilter.Hit> = []
    for (index, literal) in literals.enumerated() where literal.count >= LiteralFilter.minimumLength {
      for start in folded.indices where folded[start...].starts(with: literal.map(asciiLowercased)) {
        hits.insert(.init(literal: index, offset: start))
      }
    }
    return hits
  }

  @Test func findsExactlyWhatIsThere() {
    var random = SplitMix64(seed: 11)
    let alphabet = Array("abAB .:'é@`[{\u{0}\u{7F}".utf8) + [0xFF, 0x80]
    for round in 0..<rounds(6000) {
      let literals = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        (0..<Int.random(in: 0...9, using: &random)).map { _ in random.pick(alphabet) }
      }
      var subject = (0..<Int.random(in: 0...40, using: &random)).map { _ in random.pick(alphabet) }
      if random.chance(60), let literal = literals.randomElement(using: &random) {
        subject.insert(contentsOf: literal, at: Int.random(in: 0...subject.count, using: &random))
      }
      var found: [LiteralFilter.Hit] = []
      LiteralFilter(literals).scan(subject) { found.append($0) }
      #expect(Set(found) == naive(literals, in: subject), "round \(round): \(literals) in \(subject)")
      #expect(Set(found).count == found.count)
    }
  }

  @Test func literalsWithOneGramAreAllFound() {
    let literals = ["not found", "not found", "command not found", "xnot found"].map { Array($0.utf8) }
    var found: [Int: Int] = [:]
    LiteralFilter(literals).scan(Array("zsh: Command NOT FOUND".utf8)) { found[$0.literal] = $0.offset }
    #expect(found == [0: 13, 1: 13, 2: 5])
  }

  @Test(arguments: [0, 1, 3, 4])
  func shortSubjectsAreSafe(count: Int) {
    var hits = 0
    LiteralFilter([Array("abcd".utf8)]).scan(Array("abcd".utf8.prefix(count))) { _ in hits += 1 }
    #expect(hits == (count == 4 ? 1 : 0))
  }
}
