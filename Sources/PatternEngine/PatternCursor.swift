/// Crosses the parts of a pattern one by one, and says of each as much as is needed to know which characters a match must
/// hold: not all of the PCRE2 syntax.
struct PatternCursor {
  let bytes: [UInt8]
  var position = 0
  /// Set at syntax that is not looked into: what was read anywhere in the pattern could then be wrong.
  private(set) var gaveUp = false
  /// Set from the first `(?i)` on: only ASCII letters are folded by the filter.
  private(set) var isCaseless = false

  init(_ pattern: String) { bytes = Array(pattern.utf8) }

  var isAtEnd: Bool { position >= bytes.count }
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Bytes that stand for themselves here.
  func literal(_ bytes: some Collection<UInt8>) -> Literal { Literal(Array(bytes), ignoresCase: isCaseless) }

  mutating func giveUp() {
    gaveUp = true
    position = bytes.count
  }

  /// All bytes of the character at the position, and of the plain ones behind it: a quantifier belongs to a whole
  /// character, and to one alone.
  mutating func characters() -> [UInt8] {
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
  private var isQuantified: Bool {
    switch next {
    case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"): true
    default: false
    }
  }

  enum Times { case once, atLeastOnce, maybe }

  /// Crosses all quantifiers at the position: PCRE2 takes several in a row.
  mutating func quantifier() -> Times {
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

  enum Group {
    case group
    /// Holds no part of the match.
    case lookaround
    /// Flags such as `(?i)`, or a comment: nothing follows.
    case flags
  }

  /// Crosses what a group begins with. Conditions, recursion and the extended syntax are not looked into.
  mutating func openGroup() -> Group {
    position += 1
    if next == UInt8(ascii: "*") { giveUp() }
    guard next == UInt8(ascii: "?") else { return .group }
    position += 1
    switch next {
    case UInt8(ascii: ":"), UInt8(ascii: ">"), UInt8(ascii: "|"):
      position += 1
      return .group
    case UInt8(ascii: "="), UInt8(ascii: "!"):
      position += 1
      return .lookaround
    case UInt8(ascii: "<"), UInt8(ascii: "P"), UInt8(ascii: "'"):
      return openNamedGroup()
    default:
      return flags()
    }
  }

  private mutating func openNamedGroup() -> Group {
    if next == UInt8(ascii: "P") { position += 1 }
    // `(?P=name)` and `(?P>name)` repeat another group.
    guard next == UInt8(ascii: "<") || next == UInt8(ascii: "'") else {
      giveUp()
      return .group
    }
    position += 1
    if next == UInt8(ascii: "=") || next == UInt8(ascii: "!") {
      position += 1
      return .lookaround
    }
    while let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "'") { position += 1 }
    if next != nil { position += 1 }
    return .group
  }

  /// Flags such as `(?i)` or `(?i:`, and comments.
  private mutating func flags() -> Group {
    while let byte = next, "imsnJU^-".utf8.contains(byte) {
      if byte == UInt8(ascii: "i") { isCaseless = true }
      position += 1
    }
    switch next {
    case UInt8(ascii: "#"):
      while let byte = next, byte != UInt8(ascii: ")") { position += 1 }
      position = min(position + 1, bytes.count)
      // A quantifier behind a comment belongs to what stands before it.
      if let byte = next, "*+?{".utf8.contains(byte) { giveUp() }
      return .flags
    case UInt8(ascii: ")"):
      position += 1
      return .flags
    case UInt8(ascii: ":"):
      position += 1
      return .group
    default:
      giveUp()
      return .flags
    }
  }

  /// What stands before the next bracket that closes, when all of its characters stand for themselves or part its
  /// branches.
  var plainBody: Range<Int>? {
    let end = bytes[position...].firstIndex { $0 < 0x80 ? !Self.isPlain[Int($0)] : isCaseless }
    return end.flatMap { bytes[$0] == UInt8(ascii: ")") ? position..<$0 : nil }
  }

  /// Of ASCII.
  private static let isPlain = (0..<128).map { byte in
    (97...122).contains(byte | 0x20) || (48...57).contains(byte)
      || " :_|-/,'\"!<>=%@#&;~`".utf8.contains(UInt8(byte))
  }
}
