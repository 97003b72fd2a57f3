/// The texts of which a pattern needs at least one: read off the pattern itself, so that most subjects never reach the
/// matcher. A pattern that this cannot see through has none, which costs time but never a match.
public enum RequiredLiterals {
  /// Shorter literals occur everywhere and filter nothing.
  public static let minimumLength = 4

  /// - Returns: Literals of which any match holds one. Empty when none is known.
  ///
  /// `(?i)` makes `k` and `s` match two letters outside ASCII as well (U+212A, U+017F), which no program prints: those
  /// matches are missed.
  public static func of(_ pattern: String) -> [Literal] {
    var parser = Parser(bytes: Array(pattern.utf8))
    guard let best = parser.alternation(), parser.isAtEnd, !parser.gaveUp else { return [] }
    return best
  }
}

/// Reads as much of the PCRE2 syntax as is needed to know which characters a match must hold.
private struct Parser {
  /// A set of literals of which one must occur.
  typealias Choice = [Literal]

  let bytes: [UInt8]
  var position = 0
  /// Hostile nesting must not use up the stack.
  var depth = 0
  /// Set at syntax that is not looked into: a literal from anywhere in the pattern could then be wrong.
  var gaveUp = false
  /// Set from the first `(?i)` on: only ASCII letters are folded by the filter.
  private var isCaseless = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func literal(_ bytes: [UInt8]) -> Literal { Literal(bytes, ignoresCase: isCaseless) }

  var isAtEnd: Bool { position >= bytes.count }
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// What occurs in half of all outputs, and what occurs in every other line of them: poor choices where there is
  /// another.
  private static let common: Set<String> = [
    "error:", ": error: ", ": warning: ", ": note: ", "warning", "failed", "fail", " fail", " line ", " not found",
    "not found", "could not ", "cannot ", " is not ", ": no ",
  ]
  private static let everywhere: Set<String> = [
    "error", "file", "line", "path", "test", " test", "tests", " tests", "code", "status", " and ", " in ", " of ",
    " at ",
  ]

  private static let longestCommon = common.union(everywhere).map(\.utf8.count).max() ?? 0

  private static func worth(_ choice: Choice) -> Int {
    (choice.map(worth).min() ?? 0) * 4 - choice.count
  }

  private static func worth(_ literal: Literal) -> Int {
    guard literal.count <= longestCommon else { return min(literal.count, 24) }
    let text = String(decoding: literal.bytes.map(asciiLowercased), as: UTF8.self)
    return everywhere.contains(text) ? 1 : common.contains(text) ? 3 : min(literal.count, 24)
  }

  private static func better(_ left: Choice?, _ right: Choice?) -> Choice? {
    guard let right, right.allSatisfy({ $0.count >= RequiredLiterals.minimumLength }), right.count <= 64 else {
      return left
    }
    guard let left else { return right }
    return worth(right) > worth(left) ? right : left
  }

  mutating func alternation() -> Choice? {
    depth += 1
    defer { depth -= 1 }
    guard depth < 64 else { return nil }
    var branches: [Choice?] = [sequence()]
    while next == UInt8(ascii: "|") {
      position += 1
      branches.append(sequence())
    }
    var union: Choice = []
    for branch in branches {
      guard let branch else { return nil }
      union += branch
    }
    return union
  }

  /// Texts that stand side by side in a branch, each one way to match them.
  private struct Run {
    var texts: Choice = [Literal([])]
    /// What may stand before them.
    var before: ByteKinds

    var isEmpty: Bool { texts.allSatisfy { $0.count == 0 } }

    /// What may stand behind them.
    var last: ByteKinds {
      texts.reduce(into: []) { $0.formUnion($1.bytes.last.map { ByteKinds(of: $0) } ?? before) }
    }

    mutating func extend(by text: Literal) {
      for index in texts.indices { texts[index].append(text) }
    }

    var literals: Choice {
      texts.map { text in
        var text = text
        text.before = before
        return text
      }
    }
  }

  /// One branch: the best literals of its parts. What stands side by side is put together: `(?:un|mis)known` holds one of
  /// two words.
  private mutating func sequence() -> Choice? {
    var best: Choice?
    var run = Run(before: .any)
    /// Ends the run at a part that ends in bytes of these kinds.
    func flush(behind kinds: ByteKinds = .any, _ times: Times = .once) {
      let before = times == .maybe ? kinds.union(run.last) : kinds
      if !run.isEmpty { best = Self.better(best, run.literals) }
      run = Run(before: before)
    }
    func append(_ text: Literal, _ times: Times) {
      switch times {
      case .once: run.extend(by: text)
      case .atLeastOnce:
        run.extend(by: text)
        flush()
        run.extend(by: text)
      case .maybe: flush(behind: text.bytes.last.map { ByteKinds(of: $0) } ?? .any, times)
      }
    }
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      switch byte {
      case UInt8(ascii: "("):
        let group = self.group()
        let times = quantifier()
        switch group {
        case .exact(let texts) where times == .once:
          if run.texts.count * texts.count > Self.limit { flush(behind: run.last) }
          run.texts = run.texts.flatMap { start in
            texts.map { text in
              var joined = start
              joined.append(text)
              return joined
            }
          }
        case .exact(let choice), .choice(let choice):
          flush()
          if times != .maybe { best = Self.better(best, choice) }
        case .nothing:
          flush()
        case .lookaround:
          flush(behind: run.last)
        case .flags:
          break
        }
      case UInt8(ascii: "["):
        let (single, kinds) = characterClass()
        let times = quantifier()
        if times == .once, let single { run.extend(by: single) } else { flush(behind: kinds, times) }
      case UInt8(ascii: "^"):
        position += 1
        if quantifier() != .maybe, run.isEmpty { run.before = .lineEnd }
      case UInt8(ascii: "$"):
        position += 1
        _ = quantifier()
      case UInt8(ascii: "."):
        position += 1
        _ = quantifier()
        flush()
      case UInt8(ascii: "\\"):
        switch escape() {
        case .character(let character):
          append(literal([character]), quantifier())
        case .boundary:
          _ = quantifier()
        case .class(let kinds):
          flush(behind: kinds, quantifier())
        }
      default:
        let text = characters()
        if isCaseless, byte >= 0x80 {
          _ = quantifier()
          flush()
        } else {
          append(literal(text), quantifier())
        }
      }
    }
    flush()
    return best
  }

  /// More literals than this are not put together.
  private static let limit = 16

  /// All bytes of the character at the position, and of the plain ones behind it: a quantifier belongs to a whole
  /// character, and to one alone.
  private mutating func characters() -> [UInt8] {
    let start = position
    position += 1
    if bytes[start] >= 0xC0 {
      while let byte = next, byte & 0xC0 == 0x80 { position += 1 }
    } else if !isQuantified {
      while let byte = next, byte < 0x80, Self.isPlain[Int(byte)], byte != UInt8(ascii: "|") {
        position += 1
        guard isQuantified else { continue }
        position -= 1
        break
      }
    }
    return Array(bytes[start..<position])
  }

  /// Whether a quantifier follows, or what may be one.
  private var isQuantified: Bool { next.map { "?*+{".utf8.contains($0) } ?? false }

  private enum Times { case once, atLeastOnce, maybe }

  /// Crosses all quantifiers at the position: PCRE2 takes several in a row.
  private mutating func quantifier() -> Times {
    var times = Times.once
    while let one = oneQuantifier() {
      // Lazy and possessive marks say nothing about what must occur.
      if next == UInt8(ascii: "?") || next == UInt8(ascii: "+") { position += 1 }
      if times != .maybe { times = one }
    }
    return times
  }

  private mutating func oneQuantifier() -> Times? {
    switch next {
    case UInt8(ascii: "?"), UInt8(ascii: "*"):
      position += 1
      return .maybe
    case UInt8(ascii: "+"):
      position += 1
      return .atLeastOnce
    case UInt8(ascii: "{"):
      guard let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
      let body = bytes[(position + 1)..<close]
      // What does not read as numbers stands for itself.
      guard !body.isEmpty, body.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ",") || $0 == 32 }) else {
        return nil
      }
      position = close + 1
      let least = body.drop { $0 == 32 }.prefix { (48...57).contains($0) }
      return least.contains { $0 != UInt8(ascii: "0") } ? .atLeastOnce : .maybe
    default:
      return nil
    }
  }

  private enum Group {
    /// Matches these texts and nothing else.
    case exact(Choice)
    /// Every match holds one of these.
    case choice(Choice)
    case nothing
    case lookaround
    case flags
  }

  /// Which ASCII characters stand for themselves in a group, or part its branches.
  private static let isPlain = (0..<128).map { byte in
    (97...122).contains(byte | 0x20) || (48...57).contains(byte)
      || " :_|-/,'\"!<>=%@#&;~`".utf8.contains(UInt8(byte))
  }

  private mutating func giveUp() {
    gaveUp = true
    position = bytes.count
  }

  private mutating func group() -> Group {
    position += 1
    var looksAround = false
    if next == UInt8(ascii: "?") {
      position += 1
      switch next {
      case UInt8(ascii: ":"), UInt8(ascii: ">"), UInt8(ascii: "|"):
        position += 1
      case UInt8(ascii: "="), UInt8(ascii: "!"):
        position += 1
        looksAround = true
      case UInt8(ascii: "<"), UInt8(ascii: "P"), UInt8(ascii: "'"):
        if next == UInt8(ascii: "P") {
          position += 1
          // `(?P=name)` and `(?P>name)` repeat another group.
          guard next == UInt8(ascii: "<") else {
            giveUp()
            return .nothing
          }
        }
        position += 1
        if next == UInt8(ascii: "=") || next == UInt8(ascii: "!") {
          position += 1
          looksAround = true
        } else {
          while let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "'") { position += 1 }
          if next != nil { position += 1 }
        }
      default:
        if let width = flags() { return width }
      }
    } else if next == UInt8(ascii: "*") {
      giveUp()
      return .nothing
    }
    let start = position
    let choice = alternation()
    let end = min(position, bytes.count)
    if next == UInt8(ascii: ")") { position += 1 }
    if looksAround { return .lookaround }
    let body = bytes[min(start, end)..<end]
    let isCaseless = isCaseless
    let isPlain = body.allSatisfy { byte in byte < 0x80 ? Self.isPlain[Int(byte)] : !isCaseless }
    if isPlain {
      let texts = body.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map { literal(Array($0)) }
      if texts.count <= Self.limit, !texts.contains(literal([])) || texts.count == 1 { return .exact(texts) }
    }
    return choice.map(Group.choice) ?? .nothing
  }

  /// Crosses flags such as `(?i)` or `(?i:`, and comments. Conditions, recursion and the extended syntax are not looked into.
  /// - Returns: nil when a group follows.
  private mutating func flags() -> Group? {
    while let byte = next, "imsnJU^-".utf8.contains(byte) {
      if byte == UInt8(ascii: "i") { isCaseless = true }
      position += 1
    }
    switch next {
    case UInt8(ascii: "#"):
      while let byte = next, byte != UInt8(ascii: ")") { position += 1 }
      position = min(position + 1, bytes.count)
      // A quantifier behind a comment belongs to what stands before it.
      if let byte = next, "*+?{".utf8.contains(byte) {
        giveUp()
        return .nothing
      }
      return .flags
    case UInt8(ascii: ")"):
      position += 1
      return .flags
    case UInt8(ascii: ":"):
      position += 1
      return nil
    default:
      giveUp()
      return .nothing
    }
  }

  /// - Returns: The character of a class that holds one only, such as `[.]`, or one in both cases, such as `[Ee]`; and
  ///   what kinds of bytes its characters may end with.
  private mutating func characterClass() -> (single: Literal?, kinds: ByteKinds) {
    position += 1
    let start = position
    var kinds: ByteKinds = []
    if next == UInt8(ascii: "^") {
      position += 1
      kinds = .any
    }
    if next == UInt8(ascii: "]") {
      position += 1
      kinds.formUnion(.mark)
    }
    while let byte = next, byte != UInt8(ascii: "]") {
      switch byte {
      case UInt8(ascii: "\\"):
        position += 1
        if next == UInt8(ascii: "Q") || next == UInt8(ascii: "E") { giveUp() }
        kinds.formUnion(next.map(Self.kinds(ofEscaped:)) ?? .any)
      case UInt8(ascii: "["):
        if let end = endOfNamedSet() {
          position = end
          kinds = .any
        }
        kinds.formUnion(.mark)
      case UInt8(ascii: "-"): kinds.formUnion(kindsOfRange(in: start))
      default: kinds.formUnion(ByteKinds(of: byte))
      }
      position += 1
    }
    let body = bytes[min(start, bytes.count)..<min(position, bytes.count)]
    position += 1
    if body.count == 2, let first = body.first, let last = body.last, first != last,
      asciiLowercased(first) == asciiLowercased(last)
    {
      return (Literal([first], ignoresCase: true), kinds)
    }
    guard body.count == 1, let only = body.first, only != UInt8(ascii: "^") else { return (nil, kinds) }
    return (literal([only]), kinds)
  }

  /// What kinds of bytes a range has whose dash stands at the position, or the dash itself.
  /// - Parameter start: Where the class begins.
  private func kindsOfRange(in start: Int) -> ByteKinds {
    guard position > start, let high = bytes[position...].dropFirst().first, high != UInt8(ascii: "]") else {
      return .mark
    }
    let low = bytes[position - 1]
    let isEscaped = position > start + 1 && bytes[position - 2] == UInt8(ascii: "\\")
    guard !isEscaped, low <= high, high < 0x80, !"\\[".utf8.contains(high) else { return .any }
    return (low...high).reduce(into: .mark) { $0.formUnion(ByteKinds(of: $1)) }
  }

  private static func kinds(ofEscaped byte: UInt8) -> ByteKinds {
    // Of letters and digits, some stand for what is not looked into.
    ByteKinds(escape: byte) ?? (ByteKinds(of: byte) == .mark ? .mark : .any)
  }

  /// - Returns: Where the last bracket of a `[:name:]` stands that starts at the position.
  private func endOfNamedSet() -> Int? {
    guard bytes[position...].starts(with: "[:".utf8) else { return nil }
    let rest = bytes[(position + 2)...].drop { (97...122).contains($0 | 0x20) || $0 == UInt8(ascii: "^") }
    return rest.starts(with: ":]".utf8) ? rest.startIndex + 1 : nil
  }

  private enum Escape {
    case character(UInt8)
    case boundary
    case `class`(ByteKinds)
  }

  private mutating func escape() -> Escape {
    position += 1
    guard let byte = next else { return .boundary }
    position += 1
    switch byte {
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "A"), UInt8(ascii: "Z"), UInt8(ascii: "z"),
      UInt8(ascii: "G"), UInt8(ascii: "K"):
      return .boundary
    case UInt8(ascii: "n"): return .character(10)
    case UInt8(ascii: "t"): return .character(9)
    case UInt8(ascii: "Q"), UInt8(ascii: "E"):
      // A quoted part is rare in rules: give up on the pattern rather than misread it.
      giveUp()
      return .class(.any)
    case 48...57:
      skip(while: { (48...57).contains($0) })
      return .class(.any)
    case UInt8(ascii: "c"):
      position = min(position + 1, bytes.count)
      return .class(.any)
    case UInt8(ascii: "x"):
      if skipBraces() { return .class(.any) }
      skip(while: { (48...57).contains($0) || (97...102).contains($0 | 0x20) }, atMost: 2)
      return .class(.any)
    case UInt8(ascii: "p"), UInt8(ascii: "P"):
      if !skipBraces() { position = min(position + 1, bytes.count) }
      return .class(.any)
    case UInt8(ascii: "o"):
      _ = skipBraces()
      return .class(.any)
    case UInt8(ascii: "N"):
      // `\N` alone is any character, and `{3}` behind it a quantifier.
      if bytes[position...].starts(with: "{U".utf8) { _ = skipBraces() }
      return .class(.any)
    case UInt8(ascii: "k"), UInt8(ascii: "g"):
      skipReference()
      return .class(.any)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      return .class(ByteKinds(escape: byte) ?? .any)
    case 0x80...:
      giveUp()
      return .class(.any)
    default:
      return .character(byte)
    }
  }

  private mutating func skip(while belongs: (UInt8) -> Bool, atMost limit: Int = .max) {
    var count = 0
    while count < limit, let byte = next, belongs(byte) {
      position += 1
      count += 1
    }
  }

  private mutating func skipBraces() -> Bool {
    guard next == UInt8(ascii: "{"), let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else {
      return false
    }
    position = close + 1
    return true
  }

  /// The name or number behind `\k` and `\g`, in any of its brackets.
  private mutating func skipReference() {
    let closing: UInt8
    switch next {
    case UInt8(ascii: "{"): closing = UInt8(ascii: "}")
    case UInt8(ascii: "<"): closing = UInt8(ascii: ">")
    case UInt8(ascii: "'"): closing = UInt8(ascii: "'")
    default: return skip(while: { (48...57).contains($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") })
    }
    position += 1
    if let close = bytes[position...].firstIndex(of: closing) { position = close + 1 } else { giveUp() }
  }
}
