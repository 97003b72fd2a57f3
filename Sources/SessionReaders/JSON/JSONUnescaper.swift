#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Turns the escapes of a JSON string into UTF-8. What it makes is never longer than what it is made from.
enum JSONUnescaper {
  /// The text between the quotes, decoded.
  static func text(of body: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    unsafe Array(unsafeUninitializedCapacity: body.count) { buffer, count in
      guard let source = body.baseAddress, let target = buffer.baseAddress else { return }
      count = unsafe decode(source, body.count, to: target)
    }
  }

  /// - Returns: How many bytes were made.
  private static func decode(
    _ source: UnsafePointer<UInt8>, _ length: Int, to target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var index = 0
    var count = 0
    while true {
      unsafe copyPlain(source, &index, length, to: target, &count)
      // A backslash at the very end is the trace of a cut: it stands for nothing.
      guard index &+ 1 < length else { return count }
      let escape = unsafe source[index &+ 1]
      if escape == UInt8(ascii: "u") {
        guard let (scalar, end) = unsafe scalar(source, at: index, length) else { return count }
        index = end
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          unsafe target[count] = byte
          count += 1
        }
      } else {
        unsafe target[count] = byte(of: escape)
        index &+= 2
        count &+= 1
      }
    }
  }

  /// Lines of logs are short: so many bytes are crossed word by word, the rest of a longer stretch with `memchr`.
  private static let near = 64

  /// Copies what stands before the next backslash, or everything. A word may hold more than that; it always fits, because
  /// what was made so far is never longer than what it was made from.
  @inline(__always)
  private static func copyPlain(
    _ source: UnsafePointer<UInt8>, _ index: inout Int, _ length: Int, to target: UnsafeMutablePointer<UInt8>,
    _ count: inout Int
  ) {
    let nearEnd = min(index &+ near, length) &- 8
    while index <= nearEnd {
      let word = unsafe UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
      unsafe UnsafeMutableRawPointer(target + count).storeBytes(of: word, as: UInt64.self)
      let hit = zeroBytes(word.littleEndian ^ allBackslashes)
      guard hit == 0 else {
        let plain = hit.trailingZeroBitCount >> 3
        index &+= plain
        count &+= plain
        return
      }
      index &+= 8
      count &+= 8
    }
    let found = unsafe memchr(source + index, 92, length &- index)
    let plain = unsafe found.map { unsafe UnsafeRawPointer($0) - UnsafeRawPointer(source + index) } ?? length &- index
    unsafe memcpy(target + count, source + index, plain)
    index &+= plain
    count &+= plain
  }

  @inline(__always)
  private static func byte(of escape: UInt8) -> UInt8 {
    switch escape {
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "t"): 9
    case UInt8(ascii: "r"): 13
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "f"): 12
    default: escape
    }
  }

  /// The character of an escape in UTF-16: halves of a pair are joined, lone halves become U+FFFD.
  /// - Returns: nil when the escape is cut off.
  @inline(never)
  private static func scalar(
    _ source: UnsafePointer<UInt8>, at start: Int, _ length: Int
  ) -> (scalar: Unicode.Scalar, end: Int)? {
    guard let high = unsafe unit(source, at: start, length) else { return nil }
    let end = start + unitSize
    if (0xD800..<0xDC00).contains(high), let low = unsafe unit(source, at: end, length), (0xDC00..<0xE000).contains(low)
    {
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)).map { ($0, end + unitSize) }
    }
    return (Unicode.Scalar(high) ?? "\u{FFFD}", end)
  }

  /// In bytes: `\u0000`.
  private static let unitSize = 6

  private static func unit(_ source: UnsafePointer<UInt8>, at start: Int, _ length: Int) -> UInt32? {
    guard start + unitSize <= length, unsafe source[start] == 92, unsafe source[start + 1] == UInt8(ascii: "u") else {
      return nil
    }
    return (start + 2..<start + unitSize).reduce(0) { unsafe $0 << 4 | hex(source[$1]) }
  }

  private static func hex(_ byte: UInt8) -> UInt32 {
    switch byte {
    case 48...57: UInt32(byte - 48)
    case 65...70: UInt32(byte - 55)
    case 97...102: UInt32(byte - 87)
    default: 0
    }
  }
}
