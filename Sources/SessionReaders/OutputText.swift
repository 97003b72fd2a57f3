/// Makes an output what a person would have seen: bounded, without terminal escapes.
enum OutputText {
  /// Longer outputs keep their head and tail: errors stand at one of the two.
  static let limit = 128 << 10
  private static let tail = 64 << 10

  /// - Returns: The text and the size that it had.
  static func clean(_ bytes: [UInt8]) -> String {
    String(decoding: bounded(withoutEscapes(bytes)), as: UTF8.self)
  }

  private static func bounded(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > limit else { return bytes }
    return Array(bytes.prefix(limit - tail)) + Array("\n[…]\n".utf8) + Array(bytes.suffix(tail))
  }

  /// Takes out ANSI escape sequences (ECMA-48: CSI and OSC, and two-byte escapes) and carriage returns that end a line.
  static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 == 27 || $0 == 13 || $0 == 0 }) else { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case 27: index = endOfEscape(in: bytes, at: index)
      case 13 where index + 1 < bytes.count && bytes[index + 1] == 10: index += 1
      case 13:
        output.append(10)
        index += 1
      case 0: index += 1
      default:
        output.append(bytes[index])
        index += 1
      }
    }
    return output
  }

  private static func endOfEscape(in bytes: [UInt8], at start: Int) -> Int {
    guard start + 1 < bytes.count else { return start + 1 }
    var index = start + 2
    switch bytes[start + 1] {
    case UInt8(ascii: "["):
      while index < bytes.count, !(0x40...0x7E).contains(bytes[index]) {
        // A sequence that was cut off must not swallow the text behind it.
        guard (0x20...0x3F).contains(bytes[index]) else { return index }
        index += 1
      }
      return index + 1
    case UInt8(ascii: "]"):
      while index < bytes.count, bytes[index] != 7, bytes[index] != 27, bytes[index] != 10 { index += 1 }
      if index < bytes.count, bytes[index] == 27 { return min(index + 2, bytes.count) }
      return index < bytes.count && bytes[index] == 7 ? index + 1 : index
    case UInt8(ascii: "("), UInt8(ascii: ")"): return min(index + 1, bytes.count)
    default: return index
    }
  }
}
