/// Says of a pattern that no match of it can hold a line end, so that only the lines around its literals have to be
/// looked at. What cannot be seen through may hold one.
enum LineBound {
  static func holds(for pattern: String) -> Bool {
    var reader = Reader(bytes: Array(pattern.utf8))
    return reader.isBound()
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func isBound() -> Bool {
      while let byte = next {
        position += 1
        switch byte {
        case UInt8(ascii: "\\"): guard escapeIsBound() else { return false }
        case UInt8(ascii: "["): guard classIsBound() else { return false }
        case UInt8(ascii: "("): guard groupIsBound() else { return false }
        case 10, 13: return false
        default: break
        }
      }
      return true
    }

    /// Digits, words, what is no space, edges of words, blanks and signs that stand for themselves.
    private mutating func escapeIsBound() -> Bool {
      guard let byte = next else { return false }
      position += 1
      if "dwSbBhNt".utf8.contains(byte) { return true }
      return byte < 128 && !(48...57).contains(byte) && !(97...122).contains(byte | 0x20)
    }

    private mutating func classIsBound() -> Bool {
      var isNegated = false
      var namesLineEnd = false
      if next == UInt8(ascii: "^") {
        isNegated = true
        position += 1
      }
      var isFirst = true
      while let byte = next {
        position += 1
        defer { isFirst = false }
        switch byte {
        case UInt8(ascii: "]") where !isFirst: return isNegated ? namesLineEnd : !namesLineEnd
        case UInt8(ascii: "["): if next == UInt8(ascii: ":") { return false }
        case UInt8(ascii: "\\"):
          guard let escaped = next else { return false }
          position += 1
          switch escaped {
          case UInt8(ascii: "n"), UInt8(ascii: "s"): namesLineEnd = true
          case UInt8(ascii: "d"), UInt8(ascii: "w"), UInt8(ascii: "S"): break
          // A range from a tab on would hold the line end.
          case UInt8(ascii: "t"): if next == UInt8(ascii: "-") { return false }
          case _ where escaped >= 128 || (48...57).contains(escaped) || (97...122).contains(escaped | 0x20):
            return false
          default: break
          }
        case ..<32: return false
        default: break
        }
      }
      return false
    }

    /// Plain, named and looking groups, `(?i)`, comments and calls of groups.
    private mutating func groupIsBound() -> Bool {
      guard next == UInt8(ascii: "?") else { return next != UInt8(ascii: "*") }
      position += 1
      switch next {
      case UInt8(ascii: "#"):
        while let byte = next, byte != UInt8(ascii: ")") { position += 1 }
        return next != nil
      case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: ">"), UInt8(ascii: "<"),
        UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "P"), UInt8(ascii: "'"):
        return true
      default:
        while let byte = next, "imnUJ-".utf8.contains(byte) { position += 1 }
        return next == UInt8(ascii: ")") || next == UInt8(ascii: ":")
      }
    }
  }
}
