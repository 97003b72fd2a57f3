import TestSupport
import Testing

@testable import PatternEngine

@Suite struct RequiredLiteralsTests {
  private func literals(_ pattern: String) -> [String] {
    RequiredLiterals.of(pattern).map { ($0.ignoresCase ? "~" : "") + String(decoding: $0.bytes, as: UTF8.self) }
      .sorted()
  }

  @Test(arguments: [
    ("^ModuleNotFoundError: .*", ["ModuleNotFoundError: "]),
    ("(?<what>\\S+): command not found", [": command not found"]),
    ("alpha|beta\\d", ["alpha", "beta"]),
    ("alpha|b", []),
    ("x(?:first|second)y", ["xfirsty", "xsecondy"]),
    ("[Uu]nknown (?:flag|switch)", ["~unknown flag", "~unknown switch"]),
    ("[uv]nknown", ["nknown"]),
    ("(?:first|second)+y", ["first", "second"]),
    ("(?:abcd)+x", ["abcd"]),
    ("(?:abcd)?xyzw", ["xyzw"]),
    ("no such file[.]txt", ["no such file.txt"]),
    ("a.b", []),
    ("(?i)Not Found", ["~not found"]),
    ("Not(?i) Found", ["~not found"]),
    ("HTTP/(?:4|5)\\d", ["HTTP/4", "HTTP/5"]),
    ("^\\S+: (?:error|note): .* \\[SC\\d", [" [SC"]),
    ("(?:[Ff]ile|[Pp]ath) \\S+ (?:is gone|not found)", [" is gone", " not found"]),
    ("expected\\s+token", ["expected"]),
    ("/(?:\(words(20)))", words(20).split(separator: "|").map { "/" + $0 }),
    ("(?:in|no) (?:\(words(20)))", words(20).split(separator: "|").map(String.init)),
    ("(?:in|no) (?:\(words(3)))", ["in aaaa", "in bbbb", "in cccc", "no aaaa", "no bbbb", "no cccc"]),
  ])
  func areReadOffThePattern(pattern: String, expected: [String]) {
    #expect(literals(pattern) == expected)
  }

  /// So many words of four letters, as branches.
  private static func words(_ count: Int) -> String {
    "abcdefghijklmnopqrst".prefix(count).map { String(repeating: $0, count: 4) }.joined(separator: "|")
  }

  private static let beginnings: [ByteKinds: [String]] = [
    .lineEnd: ["^word", "^(?!x)word", "^(?:word|other)", "^(?i)word"],
    .any: [
      "word", "^*word", "(?:^|x)word", "\\d*word", "[^x]word", "[[:digit:]]word", "x?.word", "(x)\\1word",
      "(?<=\\d)word",
    ],
    .digit: ["\\d+word", "x.\\dword"],
    [.digit, .lineEnd]: ["^\\d*word"],
    [.lineEnd, .blank]: ["\\swords"],
    [.digit, .letter, .mark, .other]: ["\\Sword"],
    [.letter, .mark]: ["[a-f]{2}word"],
    [.digit, .mark]: ["[0-9]\\bword", "[-0]word", "[\\d.]word"],
    .other: ["[é]word"],
    [.lineEnd, .letter]: ["^x?word"],
  ]

  @Test(arguments: beginnings.keys.sorted { $0.rawValue < $1.rawValue })
  func whatMayStandBeforeIsKnown(before: ByteKinds) throws {
    for pattern in try #require(Self.beginnings[before]) {
      #expect(RequiredLiterals.of(pattern).map(\.before).reduce([]) { $0.union($1) } == before, "\(pattern)")
    }
  }

  /// Each of these was once read as if it held a text that its matches need not hold.
  @Test(arguments: [
    ("preé?post", "prepost"), ("preé*post", "prepost"), ("\\pLword", "éword"), ("(?<q>a)\\k<q>tail", "aatail"),
    ("(?<q>a)\\k'q'tail", "aatail"), ("(?<q>a)\\k{q}tail", "aatail"), ("(a)\\g1tail", "aatail"),
    ("\\cAword", "\u{1}word"),
    ("\\012word", "\nword"), ("\\x4|other", "other"), ("longer\\x4|z", "z"), ("x{2}{3}tail", "xxxxxxtail"),
    ("longer{2aaa|bbbb}", "bbbb}"), ("longword\\Q|\\E|z", "z"), ("longword(*FAIL)|z", "z"),
    ("(?x) two words", "twowords"),
    ("(?#a: wrong)right", "right"), ("(?i)É-tude", "é-tude"), ("(a)(?:long|x)(?1)tail", "axatail"),
    ("(?<n>ab)(?P=n)c|(?<z>long)", "ababc"), ("longer[[:x]|q]|zz", "zz"), ("^*word", "word"),
    ("(abc)?(?(1)word|tail)", "tail"),
    ("a(?C1)word", "aword"), ("(?|(wo)|(rd))word", "woword"), ("(?:long){0}x", "x"), ("(?:long){0,3}x", "x"),
  ])
  func syntaxThatMisleadsCostsNoMatch(pattern: String, subject: String) throws {
    guard let compiled = try? Pattern(pattern) else { return }
    #expect(try compiled.firstMatch(in: Array(subject.utf8), scratch: MatchScratch()) != nil, "the example is wrong")
    let literals = RequiredLiterals.of(pattern)
    var hits = 0
    LiteralFilter(literals).scan(Array(subject.utf8)) { _ in hits += 1 }
    #expect(literals.isEmpty || hits > 0, "\(self.literals(pattern))")
  }

  /// What matches holds a literal: the filter may cost time but never a match.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func noMatchIsLost(seed: UInt64) throws {
    var generator = PatternGenerator(random: SplitMix64(seed: seed))
    let scratch = MatchScratch()
    var matches = 0
    var filtered = 0
    for _ in 0..<rounds(6000) {
      let (pattern, samples) = generator.pattern()
      let literals = RequiredLiterals.of(pattern)
      guard let compiled = try? Pattern(pattern) else { continue }
      let filter = LiteralFilter(literals)
      for subject in samples + [generator.noise()] {
        let bytes = Array(subject.utf8)
        guard let match = try? compiled.firstMatch(in: bytes, scratch: scratch), match.range.upperBound > 0 else {
          continue
        }
        matches += 1
        guard !literals.isEmpty else { continue }
        filtered += 1
        var hits = 0
        filter.scan(bytes) { _ in hits += 1 }
        #expect(hits > 0, "\(pattern) matches \(subject.debugDescription) without \(self.literals(pattern))")
      }
    }
    // A generator that never gets there proves nothing.
    #expect(matches > 2000)
    #expect(filtered > 800)
  }

  @Test func anyTextIsRead() {
    var random = SplitMix64(seed: 5)
    let pieces = [
      "(", ")", "[", "]", "{", "}", "?", "*", "+", "|", "\\", "^", "$", ".", ":", "<", ">", "=", "!", "P", "x", "1",
      ",", "é",
      "k", "g", "c", "p", "Q", "E", "abcd", "[:", ":]", "(?", "(?<",
    ]
    for _ in 0..<rounds(20_000) {
      let pattern = (0..<Int.random(in: 0...14, using: &random)).map { _ in random.pick(pieces) }.joined()
      for literal in RequiredLiterals.of(pattern) { #expect(literal.count >= RequiredLiterals.minimumLength) }
    }
    let deep = String(repeating: "(", count: 100_000) + "word" + String(repeating: ")", count: 100_000)
    #expect(literals(deep) == [])
  }
}

/// Patterns together with texts that they probably match.
private struct PatternGenerator {
  var random: SplitMix64

  private static let words = ["abcd", "bcde", "no", "A", "é", "x", " ", "file", "Bc", "-"]

  mutating func noise() -> String {
    (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(Self.words) }.joined()
  }

  mutating func pattern() -> (String, samples: [String]) {
    var pattern = ""
    var samples = ["", "", ""]
    if random.chance(15) { pattern = "(?i)" }
    let body = alternation(depth: 0)
    for index in samples.indices { samples[index] = noise() + body.sample(&random) + noise() }
    if pattern == "(?i)" { samples = samples.map { random.chance(50) ? $0.uppercased() : $0 } }
    return (pattern + body.pattern, samples)
  }

  private indirect enum Part {
    case text(String, pattern: String)
    case sequence([Part])
    case choice([Part], open: String)
    case times(Part, ClosedRange<Int>, mark: String)

    var pattern: String {
      switch self {
      case .text(_, let pattern): pattern
      case .sequence(let parts): parts.map(\.pattern).joined()
      case .choice(let parts, let open): open + parts.map(\.pattern).joined(separator: "|") + (open.isEmpty ? "" : ")")
      case .times(let part, _, let mark): part.pattern + mark
      }
    }

    func sample(_ random: inout SplitMix64) -> String {
      switch self {
      case .text(let text, _): return text
      case .sequence(let parts): return parts.map { $0.sample(&random) }.joined()
      case .choice(let parts, _): return random.pick(parts).sample(&random)
      case .times(let part, let range, _):
        return (0..<Int.random(in: range, using: &random)).map { _ in part.sample(&random) }.joined()
      }
    }
  }

  private mutating func alternation(depth: Int) -> Part {
    let open = depth == 0 ? "" : random.pick(["(", "(?:", "(?>", "(?<n\(Int.random(in: 0...999, using: &random))>"])
    let count = random.chance(60) ? 1 : Int.random(in: 2...3, using: &random)
    return .choice((0..<count).map { _ in sequence(depth: depth) }, open: open)
  }

  private mutating func sequence(depth: Int) -> Part {
    .sequence((0..<Int.random(in: 1...4, using: &random)).map { _ in quantified(depth: depth) })
  }

  private mutating func quantified(depth: Int) -> Part {
    let part = atom(depth: depth)
    guard random.chance(30) else { return part }
    let (mark, range) = random.pick([
      ("?", 0...1), ("*", 0...2), ("+", 1...2), ("{2}", 2...2), ("{0,2}", 0...2), ("{1,}", 1...3), ("+?", 1...2),
      ("??", 0...1),
      ("{0}", 0...0), ("{2}{2}", 4...4),
    ])
    // A mark belongs to the last character of a text.
    guard case .text(let text, let pattern) = part, text == pattern, let last = text.last else {
      return .times(part, range, mark: mark)
    }
    let tail = Part.times(.text(String(last), pattern: String(last)), range, mark: mark)
    return .sequence([.text(String(text.dropLast()), pattern: String(text.dropLast())), tail])
  }

  private mutating func atom(depth: Int) -> Part {
    switch Int.random(in: 0..<12, using: &random) {
    case 0 where depth < 3, 1 where depth < 3: return alternation(depth: depth + 1)
    case 2: return .text("7", pattern: "\\d")
    case 3:
      return .text(
        "x",
        pattern: random.pick([
          "[xy]", "[^q]", "[x]", "\\w", ".", "[[:alpha:]]", "[]x]", "\\x78", "\\x{78}", "[u-z]", "[\\wé]", "\\S", "\\D",
          "[-x]", "[\\n-x]", "[x\\]]",
        ]))
    case 4: return .text("é", pattern: random.pick(["é", "\\pL", "\\p{L}", "[é]", "\\x{e9}"]))
    case 5: return .text(".", pattern: random.pick(["\\.", "[.]", "\\x2e", "\\056"]))
    case 6:
      return .text(
        "", pattern: random.pick(["\\b", "(?=)", "(?!zzzz)", "(?<!zz)", "\\K", "(?i)", "(?#abcd: e)", "", "^", "$"]))
    case 7: return .text("\n", pattern: random.pick(["\\n", "\\R", "\\s", "\\cJ", "\\012"]))
    default:
      let text = random.pick(Self.words)
      return .text(text, pattern: text)
    }
  }
}
