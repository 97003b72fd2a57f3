extension PatternCursor {
  /// - Returns: The character of a class that holds one only, such as `[.]`, or one in both cases, such as `[Ee]`; and
  ///   what kinds of bytes its characters may end with.
  mutating func characterClass() -> (single: Literal?, kinds: ByteKinds) {
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
}
