#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Moves over JSON without building anything. Strings are crossed with `memchr`, which is what makes it fast.
@safe struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  init(bytes: UnsafeBufferPointer<UInt8>, position: Int) {
    unsafe self.bytes = bytes
    self.position = position
  }

  private var next: UInt8? { unsafe position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// - Returns: The kind of the value that was crossed, or nil when none is complete; the position is then undefined.
  mutating func skipValue() -> JSONSlice.Kind? {
    switch next {
    case UInt8(ascii: "\""): return skipString() ? .string : nil
    case UInt8(ascii: "{"): return skipContainer() ? .object : nil
    case UInt8(ascii: "["): return skipContainer() ? .array : nil
    case UInt8(ascii: "t"): return skipWord("true") ? .bool : nil
    case UInt8(ascii: "f"): return skipWord("false") ? .bool : nil
    case UInt8(ascii: "n"): return skipWord("null") ? .null : nil
    case let byte? where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      position += 1
      while let byte = next, isNumberByte(byte) { position += 1 }
      return .number
    default: return nil
    }
  }

  private func isNumberByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || byte == 43 || byte == 45 || byte == 46 || byte | 0x20 == 101
  }

  private mutating func skipWord(_ word: StaticString) -> Bool {
    guard unsafe position + word.utf8CodeUnitCount <= bytes.count else { return false }
    for index in 0..<word.utf8CodeUnitCount {
      guard unsafe bytes[position + index] == word.utf8Start[index] else { return false }
    }
    position += word.utf8CodeUnitCount
    return true
  }

  private mutating func skipString() -> Bool {
    position += 1
    while unsafe position < bytes.count, let base = unsafe bytes.baseAddress {
      guard let found = unsafe memchr(base + position, 34, bytes.count - position) else { return false }
      let quote = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      var backslashes = 0
      while quote - 1 - backslashes >= position, unsafe bytes[quote - 1 - backslashes] == 92 { backslashes += 1 }
      position = quote + 1
      if backslashes & 1 == 0 { return true }
    }
    return false
  }

  /// What may come next inside an object or array.
  private enum Expected { case key, keyOrEnd, colon, value, valueOrEnd, commaOrEnd }

  /// Crosses an object or array without recursion, and holds it to the grammar: a torn record glued to the next one must
  /// not be taken for a value.
  private mutating func skipContainer() -> Bool {
    // One entry for each container that is open: whether it is an object.
    var open: [Bool] = []
    var expected = Expected.value
    repeat {
      skipSpace()
      guard let byte = next else { return false }
      switch (byte, expected) {
      case (UInt8(ascii: "{"), .value), (UInt8(ascii: "{"), .valueOrEnd), (UInt8(ascii: "["), .value),
        (UInt8(ascii: "["), .valueOrEnd):
        guard open.count < Self.depthLimit else { return false }
        open.append(byte == UInt8(ascii: "{"))
        expected = byte == UInt8(ascii: "{") ? .keyOrEnd : .valueOrEnd
        position += 1
      case (UInt8(ascii: "}"), .keyOrEnd), (UInt8(ascii: "}"), .commaOrEnd), (UInt8(ascii: "]"), .valueOrEnd),
        (UInt8(ascii: "]"), .commaOrEnd):
        guard open.popLast() == (byte == UInt8(ascii: "}")) else { return false }
        expected = .commaOrEnd
        position += 1
      case (UInt8(ascii: ","), .commaOrEnd):
        expected = open.last == true ? .key : .value
        position += 1
      case (UInt8(ascii: ":"), .colon):
        expected = .value
        position += 1
      case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .keyOrEnd):
        guard skipString() else { return false }
        expected = .colon
      case (_, .value), (_, .valueOrEnd):
        guard skipValue() != nil else { return false }
        expected = .commaOrEnd
      default: return false
      }
    } while !open.isEmpty
    return true
  }

  /// Real records nest about ten deep.
  private static let depthLimit = 512
}

/// Turns the escapes of a JSON string into UTF-8.
struct JSONUnescaper {
  private(set) var output: [UInt8] = []
  private var highSurrogate: UInt32?

  mutating func add(_ body: UnsafeBufferPointer<UInt8>) {
    output.reserveCapacity(body.count)
    var index = 0
    while index < body.count {
      let byte = unsafe body[index]
      guard byte == 92, index + 1 < body.count else {
        // A backslash at the very end is the trace of a cut: it stands for nothing.
        if byte != 92 { put(byte) }
        index += 1
        continue
      }
      let escape = unsafe body[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "n"): put(10)
      case UInt8(ascii: "t"): put(9)
      case UInt8(ascii: "r"): put(13)
      case UInt8(ascii: "b"): put(8)
      case UInt8(ascii: "f"): put(12)
      case UInt8(ascii: "u"):
        guard index + 4 <= body.count else { return finish() }
        var value: UInt32 = 0
        for offset in 0..<4 { value = unsafe value << 4 | Self.hex(body[index + offset]) }
        index += 4
        put(unit: value)
      default: put(escape)
      }
    }
    finish()
  }

  private mutating func finish() {
    if highSurrogate != nil { append(0xFFFD) }
    highSurrogate = nil
  }

  private mutating func put(_ byte: UInt8) {
    finish()
    output.append(byte)
  }

  /// One UTF-16 unit: halves of a pair are joined, lone halves become U+FFFD.
  private mutating func put(unit: UInt32) {
    if let high = highSurrogate, (0xDC00..<0xE000).contains(unit) {
      highSurrogate = nil
      append(0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00))
      return
    }
    finish()
    if (0xD800..<0xDC00).contains(unit) {
      highSurrogate = unit
    } else {
      append((0xDC00..<0xE000).contains(unit) ? 0xFFFD : unit)
    }
  }

  private mutating func append(_ value: UInt32) {
    guard let scalar = Unicode.Scalar(value) else { return }
    output += Array(String(scalar).utf8)
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
