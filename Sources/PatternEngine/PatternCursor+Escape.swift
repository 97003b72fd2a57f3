extension PatternCursor {
  enum Escape {
    case character(UInt8)
    case boundary
    /// One of several characters, which end in bytes of these kinds.
    case `class`(ByteKinds)
  }

  mutating func escape() -> Escape {
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
