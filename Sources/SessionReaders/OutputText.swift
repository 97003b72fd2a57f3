#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Makes an output what a person would have read: bounded, without terminal escapes, and without what a build puts before
/// the lines of its commands.
enum OutputText {
  /// Longer outputs keep their head and tail: errors stand at one of the two.
  static let limit = 128 << 10
  private static let tail = 64 << 10

  static func clean(_ bytes: [UInt8]) -> String {
    String(decoding: bounded(BuildSteps.removed(from: withoutEscapes(bytes))), as: UTF8.self)
  }

  /// Enough of the start of an output for somebody who looks at so many bytes of it.
  static func head(_ bytes: [UInt8], reach: Int) -> [UInt8] {
    // Escapes take up room that nobody sees.
    let (end, isAll) = reach.multipliedReportingOverflow(by: 4)
    return isAll || bytes.count <= end ? bytes : Array(bytes.prefix(end))
  }

  private static func bounded(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > limit else { return bytes }
    return Array(bytes.prefix(limit - tail)) + Array("\n[…]\n".utf8) + Array(bytes.suffix(tail))
  }

  /// Takes out ANSI escape sequences (ECMA-48: CSI, strings such as OSC, and short ones), NUL, and carriage returns.
  static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8] {
    let isClean = unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return true }
      return [27, 13, 0].allSatisfy { unsafe memchr(base, $0, buffer.count) == nil }
    }
    if isClean { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let start = index
      while index < bytes.count, !isTakenOut(bytes[index]) { index += 1 }
      output += bytes[start..<index]
      guard index < bytes.count else { break }
      switch bytes[index] {
      case 27: index = endOfEscape(in: bytes, at: index)
      case 13 where index + 1 < bytes.count && bytes[index + 1] == 10: index += 1
      case 13:
        output.append(10)
        index += 1
      default: index += 1
      }
    }
    return output
  }

  private static func isTakenOut(_ byte: UInt8) -> Bool { byte == 27 || byte == 13 || byte == 0 }

  /// - Returns: Where the text goes on. A sequence that was cut off must not swallow the text behind it.
  private static func endOfEscape(in bytes: [UInt8], at start: Int) -> Int {
    guard start + 1 < bytes.count else { return start + 1 }
    switch bytes[start + 1] {
    case UInt8(ascii: "["):
      return endOfSequence(in: bytes, from: start + 2, inner: 0x20...0x3F, last: 0x40...0x7E)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      return endOfString(in: bytes, from: start + 2)
    default:
      return endOfSequence(in: bytes, from: start + 1, inner: 0x20...0x2F, last: 0x30...0x7E)
    }
  }

  private static func endOfSequence(
    in bytes: [UInt8], from start: Int, inner: ClosedRange<UInt8>, last: ClosedRange<UInt8>
  ) -> Int {
    var index = start
    while index < bytes.count, inner.contains(bytes[index]) { index += 1 }
    return index < bytes.count && last.contains(bytes[index]) ? index + 1 : index
  }

  /// Titles, links and device strings: up to BEL or ESC and a backslash, never past the line.
  private static func endOfString(in bytes: [UInt8], from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 7, bytes[index] != 27, bytes[index] != 10, bytes[index] != 13 {
      index += 1
    }
    guard index < bytes.count else { return index }
    if bytes[index] == 7 { return index + 1 }
    return bytes[index...].starts(with: [27, UInt8(ascii: "\\")]) ? index + 2 : index
  }
}
