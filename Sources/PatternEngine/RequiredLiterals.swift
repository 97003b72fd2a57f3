/// The texts of which a pattern needs at least one: read off the pattern itself, so that most subjects never reach the
/// matcher. A pattern that this cannot see through has none, which costs time but never a match.
public enum RequiredLiterals {
  /// Shorter literals occur everywhere and filter nothing.
  public static let minimumLength = 4

  /// - Returns: ASCII-lowercased literals; any match holds one of them (in any case). Empty when none is known.
  public static func of(_ pattern: String) -> [[UInt8]] {
    var parser = Parser(bytes: Array(pattern.utf8))
    guard let best = parser.alternation(), parser.isAtEnd else { return [] }
    return best.map { $0.map(asciiLowercased) }
  }
}

@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
  byte &- 65 < 26 ? byte | 0x20 : byte
}

/// Reads as much of the PCRE2 syntax as is needed to know which characters a match must hold.
private struct Parser {
  /// A set of literals of which one must occur.
  typealias Choice = [[UInt8]]

  let bytes: [UInt8]
  var position = 0
  /// Hostile nesting must not use up the stack.
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Words that occur in half of all outputs: a poor choice where there is another.
  private static let common: Set<String> = [
    "error", "error:", "failed", "file", " not found", "not found", "could not ", "cannot ", " is not ", "warning", ": no ",
  ]

  private static func worth(_ choice: Choice) -> Int {
    let shortest = choice.map { literal in
      common.contains(String(decoding: literal.map(asciiLowercased), as: UTF8.self)) ? 3 : min(literal.count, 24)
    }.min()
    return (shortest ?? 0) * 4 - choice.count
  }

  private static func better(_ left: Choice?, _ right: Choice?) -> Choice? {
    guard let right, right.allSatisfy({ $0.count >= RequiredLiterals.minimumLength }), right.count <= 24 else { return left }
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

  /// One branch: the best literal of its parts.
  private mutating func sequence() -> Choice? {
    var best: Choice?
    var run: [UInt8] = []
    func flush(_ run: inout [UInt8], _ best: inout Choice?) {
      best = Self.better(best, [run])
      run = []
    }
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      switch byte {
      case UInt8(ascii: "("):
        let group = self.group()
        let times = quantifier()
        switch group {
        case .exact(let text) where times == .once: run += text
        case .exact(let text):
          flush(&run, &best)
          if times == .atLeastOnce { best = Self.better(best, [text]) }
        case .choice(let choice):
          flush(&run, &best)
          if times != .maybe { best = Self.better(best, choice) }
        case .nothing:
          flush(&run, &best)
        case .zeroWidth:
          break
        }
      case UInt8(ascii: "["):
        let single = characterClass()
        if quantifier() == .once, let single { run.append(single) } else { flush(&run, &best) }
      case UInt8(ascii: "^"), UInt8(ascii: "$"):
        position += 1
      case UInt8(ascii: "."):
        position += 1
        _ = quantifier()
        flush(&run, &best)
      case UInt8(ascii: "\\"):
        switch escape() {
        case .character(let character):
          append(character, to: &run, &best, flush)
        case .boundary:
          break
        case .class:
          _ = quantifier()
          flush(&run, &best)
        }
      default:
        position += 1
        append(byte, to: &run, &best, flush)
      }
    }
    flush(&run, &best)
    return best
  }

  private mutating func append(
    _ byte: UInt8, to run: inout [UInt8], _ best: inout Choice?,
    _ flush: (inout [UInt8], inout Choice?) -> Void
  ) {
    switch quantifier() {
    case .once: run.append(byte)
    case .atLeastOnce:
      run.append(byte)
      flush(&run, &best)
      run = [byte]
    case .maybe: flush(&run, &best)
    }
  }

  private enum Times { case once, atLeastOnce, maybe }

  private mutating func quantifier() -> Times {
    var times = Times.once
    switch next {
    case UInt8(ascii: "?"), UInt8(ascii: "*"):
      position += 1
      times = .maybe
    case UInt8(ascii: "+"):
      position += 1
      times = .atLeastOnce
    case UInt8(ascii: "{"):
      guard let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else { return .once }
      let body = bytes[(position + 1)..<close]
      guard let first = body.first, first == UInt8(ascii: ",") || (48...57).contains(first) else { return .once }
      position = close + 1
      times = first == UInt8(ascii: "0") || first == UInt8(ascii: ",") ? .maybe : .atLeastOnce
    default:
      return .once
    }
    // Lazy and possessive marks say nothing about what must occur.
    if next == UInt8(ascii: "?") || next == UInt8(ascii: "+") { position += 1 }
    return times
  }

  private enum Group {
    case exact([UInt8])
    case choice(Choice)
    case nothing
    case zeroWidth
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
        if next == UInt8(ascii: "P") { position += 1 }
        position += 1
        if next == UInt8(ascii: "=") || next == UInt8(ascii: "!") {
          position += 1
          looksAround = true
        } else {
          while let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "'") { position += 1 }
          if next != nil { position += 1 }
        }
      default:
        // Flags such as `(?i)` or `(?i:`; anything else is not looked into.
        while let byte = next, byte != UInt8(ascii: ":"), byte != UInt8(ascii: ")") { position += 1 }
        if next == UInt8(ascii: ")") {
          position += 1
          return .zeroWidth
        }
        position += 1
      }
    } else if next == UInt8(ascii: "*") {
      position = bytes.count
      return .nothing
    }
    let start = position
    let choice = alternation()
    let end = position
    if next == UInt8(ascii: ")") { position += 1 }
    if looksAround { return .nothing }
    let body = bytes[start..<max(start, end)]
    let isPlain = body.allSatisfy { byte in
      (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == 32 || byte == 58 || byte == 95
    }
    if isPlain { return .exact(Array(body)) }
    return choice.map(Group.choice) ?? .nothing
  }

  /// - Returns: The character of a class that holds one only, such as `[.]`.
  private mutating func characterClass() -> UInt8? {
    position += 1
    let start = position
    if next == UInt8(ascii: "^") { position += 1 }
    if next == UInt8(ascii: "]") { position += 1 }
    while let byte = next, byte != UInt8(ascii: "]") {
      if byte == UInt8(ascii: "\\") { position += 1 }
      if byte == UInt8(ascii: "["), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: ":") {
        while let inner = next, inner != UInt8(ascii: "]") { position += 1 }
      }
      position += 1
    }
    let body = bytes[min(start, bytes.count)..<min(position, bytes.count)]
    position += 1
    return body.count == 1 && body.first != UInt8(ascii: "^") ? body.first : nil
  }

  private enum Escape {
    case character(UInt8)
    case boundary
    case `class`
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
      // A quoted part is rare in rules: give up on the rest rather than misread it.
      position = bytes.count
      return .class
    case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "x"), UInt8(ascii: "k"), UInt8(ascii: "g"), UInt8(ascii: "o"),
      UInt8(ascii: "N"):
      if next == UInt8(ascii: "{"), let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")) {
        position = close + 1
      } else if byte == UInt8(ascii: "x") {
        position = min(position + 2, bytes.count)
      }
      return .class
    case 48...57, UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      return .class
    default:
      return .character(byte)
    }
  }
}
