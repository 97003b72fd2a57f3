/// Logs may hold anything; a terminal acts on some of it, and some of it hides or turns around what stands beside it.
extension String {
  /// The text without control, direction, invisible and tag characters; line feeds and tabs stay.
  public var printable: String { printable(instead: "\u{FFFD}") }

  func printable(instead replacement: Unicode.Scalar) -> String {
    guard holdsUnprintable else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars { text.append(scalar.isUnprintable ? replacement : scalar) }
    return String(text)
  }

  /// As ``printable``; the colours of ``TextStyle`` may stay, and no other sequence.
  public func printable(keepingColors: Bool) -> String {
    let escape: Character = "\u{1B}"
    guard keepingColors, contains(escape) else { return printable }
    let parts = split(separator: escape, omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      let color = TextStyle.codes.first { part.hasPrefix($0) }
      guard index > 0 else { return String(part).printable }
      guard let color else { return ("\u{1B}" + String(part)).printable }
      return "\u{1B}" + color + String(part.dropFirst(color.count)).printable
    }.joined()
  }

  /// A JSON text in which such characters are written as `\u` escapes: the value is the same, the terminal is safe.
  public var escapedForJSON: String {
    guard holdsUnprintable else { return self }
    var text = ""
    for scalar in unicodeScalars {
      guard scalar.isUnprintable else {
        text.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return text
  }

  private var holdsUnprintable: Bool {
    // Most bytes are plain; of the others it takes the whole scalar to tell.
    let found = unsafe utf8.withContiguousStorageIfAvailable { bytes in
      var place = 0
      while place < bytes.count {
        let byte = unsafe bytes[place]
        if byte < 0x80 {
          if !Self.isPlain(byte) { return true }
          place += 1
        } else {
          let end = Swift.min(bytes.count, place + (byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4))
          let scalars = unsafe String(decoding: bytes[place..<end], as: UTF8.self).unicodeScalars
          if scalars.contains(where: \.isUnprintable) { return true }
          place = end
        }
      }
      return false
    }
    return found ?? unicodeScalars.contains(where: \.isUnprintable)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
  }
}

extension Unicode.Scalar {
  var isUnprintable: Bool {
    if value >= 0x20, value < 0x7F { return false }
    if self == "\n" || self == "\t" { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    // Variation selectors can carry hidden text.
    default: return (0xFE00...0xFE0D).contains(value) || (0xE0100...0xE01EF).contains(value)
    }
  }
}
