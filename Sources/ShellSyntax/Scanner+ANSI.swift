extension Scanner {
  /// Reads `$'…'`.
  mutating func readANSIQuotes(_ draft: inout WordDraft) {
    draft.isQuoted = true
    position += 2
    while let byte = current, byte != Byte.singleQuote {
      position += 1
      if byte == Byte.backslash {
        readANSIEscape(&draft.text)
      } else {
        draft.text.append(byte)
      }
    }
    if isAtEnd { isComplete = false } else { position += 1 }
  }

  private mutating func readANSIEscape(_ text: inout [UInt8]) {
    guard let byte = current else { return text.append(Byte.backslash) }
    position += 1
    switch byte {
    case UInt8(ascii: "a"): text.append(7)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "e"), UInt8(ascii: "E"): text.append(27)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(Byte.newline)
    case UInt8(ascii: "r"): text.append(Byte.carriageReturn)
    case UInt8(ascii: "t"): text.append(Byte.tab)
    case UInt8(ascii: "v"): text.append(11)
    case UInt8(ascii: "x"): appendByte(readNumber(radix: 16, digits: 2), &text)
    case UInt8(ascii: "u"): appendScalar(readNumber(radix: 16, digits: 4), &text)
    case UInt8(ascii: "U"): appendScalar(readNumber(radix: 16, digits: 8), &text)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      position -= 1
      appendByte(readNumber(radix: 8, digits: 3), &text)
    case Byte.backslash, Byte.singleQuote, Byte.doubleQuote, UInt8(ascii: "?"): text.append(byte)
    default: text += [Byte.backslash, byte]
    }
  }

  private mutating func readNumber(radix: UInt32, digits: Int) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let byte = current, let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix else { break }
      value = value &* radix &+ UInt32(digit)
      position += 1
    }
    return value
  }

  private func appendByte(_ value: UInt32, _ text: inout [UInt8]) {
    text.append(UInt8(truncatingIfNeeded: value))
  }

  private func appendScalar(_ value: UInt32, _ text: inout [UInt8]) {
    text += Array(String(Character(UnicodeScalar(value) ?? "\u{FFFD}")).utf8)
  }
}
