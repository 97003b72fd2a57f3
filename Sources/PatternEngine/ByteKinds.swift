/// Kinds of bytes, of which some may stand before a literal.
public struct ByteKinds: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A line end, or nothing: the subject begins.
  public static let lineEnd = ByteKinds(rawValue: 1)
  /// White space within a line.
  public static let blank = ByteKinds(rawValue: 2)
  public static let digit = ByteKinds(rawValue: 4)
  /// An ASCII letter or `_`.
  public static let letter = ByteKinds(rawValue: 8)
  /// What else there is in ASCII.
  public static let mark = ByteKinds(rawValue: 16)
  /// A part of a character outside ASCII.
  public static let other = ByteKinds(rawValue: 32)

  public static let any: ByteKinds = [.lineEnd, .blank, .digit, .letter, .mark, .other]

  init(of byte: UInt8) {
    switch byte {
    case 10, 13: self = .lineEnd
    case 9, 11, 12, 32: self = .blank
    case 48...57: self = .digit
    case 65...90, 97...122, 95: self = .letter
    case 0x80...: self = .other
    default: self = .mark
    }
  }

  /// What an escape such as `\d` stands for.
  /// - Returns: nil for one that is not about kinds of bytes.
  init?(escape byte: UInt8) {
    switch byte {
    case UInt8(ascii: "d"): self = .digit
    case UInt8(ascii: "w"): self = [.digit, .letter]
    case UInt8(ascii: "s"): self = [.lineEnd, .blank]
    case UInt8(ascii: "D"): self = .any.subtracting(.digit)
    case UInt8(ascii: "W"): self = .any.subtracting([.digit, .letter])
    case UInt8(ascii: "S"): self = .any.subtracting([.lineEnd, .blank])
    default: return nil
    }
  }
}
