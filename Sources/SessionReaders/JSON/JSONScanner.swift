#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Moves over JSON and builds no values. Short strings are crossed eight bytes at a time, long ones with `memchr`, which is
/// what makes it fast.
@safe struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int
  /// Takes down where the values are; nil when nobody asks.
  private let tape: JSONTape?

  init(bytes: UnsafeBufferPointer<UInt8>, position: Int, tape: JSONTape? = nil) {
    unsafe self.bytes = bytes
    self.position = position
    self.tape = tape
  }

  private var next: UInt8? { unsafe position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte <= 32, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// - Returns: The kind of the value that was crossed, or nil when none is complete; the position is then undefined.
  mutating func skipValue() -> JSONSlice.Kind? {
    switch next {
    case UInt8(ascii: "{"): return skipContainer() ? .object : nil
    case UInt8(ascii: "["): return skipContainer() ? .array : nil
    default: return skipLeaf()
    }
  }

  /// Crosses a value that holds no others.
  @inline(__always)
  private mutating func skipLeaf() -> JSONSlice.Kind? {
    let start = position
    guard let kind = crossLeaf() else { return nil }
    tape?.add(kind, from: start, to: position)
    return kind
  }

  private mutating func crossLeaf() -> JSONSlice.Kind? {
    switch next {
    case UInt8(ascii: "\""): return skipString() ? .string : nil
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

  @inline(__always)
  private mutating func skipWord(_ word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard let base = unsafe bytes.baseAddress, unsafe end <= bytes.count,
      unsafe memcmp(base + position, word.utf8Start, word.utf8CodeUnitCount) == 0
    else { return false }
    position = end
    return true
  }

  private mutating func skipString() -> Bool {
    position += 1
    guard let base = unsafe bytes.baseAddress else { return false }
    // Keys and most values are short: calling `memchr` for them would cost more than it saves.
    let nearEnd = unsafe min(position + Self.near, bytes.count - 8)
    while position <= nearEnd {
      let word = unsafe UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
      let hit = zeroBytes(word ^ allQuotes) | zeroBytes(word ^ allBackslashes)
      guard hit != 0 else {
        position += 8
        continue
      }
      position += hit.trailingZeroBitCount >> 3
      if unsafe base[position] == UInt8(ascii: "\"") {
        position += 1
        return true
      }
      position += 2
    }
    return unsafe skipLongString(base)
  }

  private static let near = 24

  /// The rest of a string, none of whose bytes so far escapes the next.
  private mutating func skipLongString(_ base: UnsafePointer<UInt8>) -> Bool {
    let start = position
    while unsafe position < bytes.count {
      guard let found = unsafe memchr(base + position, 34, bytes.count - position) else { return false }
      let quote = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      var backslashes = 0
      while quote - 1 - backslashes >= start, unsafe base[quote - 1 - backslashes] == 92 { backslashes += 1 }
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
    var open = OpenContainers()
    var expected = Expected.value
    repeat {
      skipSpace()
      guard let byte = next else { return false }
      switch expected {
      case .value, .valueOrEnd:
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
          guard open.depth < Self.depthLimit else { return false }
          let isObject = byte == UInt8(ascii: "{")
          open.push(isObject)
          tape?.open(isObject ? .object : .array, at: position)
          position += 1
          expected = isObject ? .keyOrEnd : .valueOrEnd
        } else if byte == UInt8(ascii: "]"), expected == .valueOrEnd {
          close(&open)
          expected = .commaOrEnd
        } else {
          guard skipLeaf() != nil else { return false }
          // What logs have next: no white space.
          expected = take(UInt8(ascii: ",")) ? (open.isInObject ? .key : .value) : .commaOrEnd
        }
      case .commaOrEnd:
        if byte == UInt8(ascii: ",") {
          position += 1
          expected = open.isInObject ? .key : .value
        } else {
          guard byte == (open.isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
          close(&open)
        }
      case .key, .keyOrEnd:
        if byte == UInt8(ascii: "\"") {
          guard skipLeaf() != nil else { return false }
          expected = take(UInt8(ascii: ":")) ? .value : .colon
        } else {
          guard byte == UInt8(ascii: "}"), expected == .keyOrEnd else { return false }
          close(&open)
          expected = .commaOrEnd
        }
      case .colon:
        guard byte == UInt8(ascii: ":") else { return false }
        position += 1
        expected = .value
      }
    } while open.depth > 0
    return true
  }

  private mutating func close(_ open: inout OpenContainers) {
    open.pop()
    position += 1
    tape?.close(at: position)
  }

  /// Real records nest about ten deep.
  private static let depthLimit = 512
}

private let allQuotes: UInt64 = 0x2222_2222_2222_2222
private let allBackslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C

/// The high bit of the lowest byte that is zero; higher ones may be wrong.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 {
  (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

/// Which of the containers around a place are objects, one bit each.
private struct OpenContainers {
  private(set) var depth = 0
  private var bits: UInt64 = 0
  /// The bits of the outer containers, where there are more than fit.
  private var outer: [UInt64] = []

  var isInObject: Bool { bits & 1 == 1 }

  mutating func push(_ isObject: Bool) {
    if depth > 0, depth & 63 == 0 {
      outer.append(bits)
      bits = 0
    }
    bits = bits << 1 | (isObject ? 1 : 0)
    depth += 1
  }

  mutating func pop() {
    depth -= 1
    bits >>= 1
    if depth > 0, depth & 63 == 0 { bits = outer.popLast() ?? 0 }
  }
}

/// Turns the escapes of a JSON string into UTF-8. What it makes is never longer than what it is made from.
@safe struct JSONUnescaper {
  private let target: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var highSurrogate: UInt32?

  /// The text between the quotes, decoded.
  static func text(of body: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    unsafe Array(unsafeUninitializedCapacity: body.count) { buffer, count in
      guard let source = body.baseAddress, let target = buffer.baseAddress else { return }
      var unescaper = unsafe JSONUnescaper(target: target)
      unsafe unescaper.add(source, body.count)
      count = unescaper.count
    }
  }

  private init(target: UnsafeMutablePointer<UInt8>) { unsafe self.target = target }

  private static let wordSize = 8
  /// Lines of logs are short: so many bytes are crossed word by word, the rest of a longer stretch with `memchr`.
  private static let near = 64

  /// Copies what stands before the next backslash. A word may hold more than that; it always fits, because what was made so
  /// far is never longer than what it was made from.
  /// - Returns: Where that is; `length` when there is none.
  private mutating func copyPlain(_ source: UnsafePointer<UInt8>, from start: Int, _ length: Int) -> Int {
    var index = start
    let nearEnd = min(start + Self.near, length) - Self.wordSize
    while index <= nearEnd {
      let word = unsafe UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
      unsafe UnsafeMutableRawPointer(target + count).storeBytes(of: word, as: UInt64.self)
      let hit = zeroBytes(word.littleEndian ^ allBackslashes)
      guard hit == 0 else {
        let plain = hit.trailingZeroBitCount >> 3
        count += plain
        return index + plain
      }
      index += Self.wordSize
      count += Self.wordSize
    }
    let found = unsafe memchr(source + index, 92, length - index)
    let stop = unsafe found.map { unsafe UnsafeRawPointer($0) - UnsafeRawPointer(source) } ?? length
    unsafe memcpy(target + count, source + index, stop - index)
    count += stop - index
    return stop
  }

  private mutating func add(_ source: UnsafePointer<UInt8>, _ length: Int) {
    var index = 0
    while index < length {
      if unsafe highSurrogate != nil && source[index] != 92 { finish() }
      let stop = unsafe copyPlain(source, from: index, length)
      // A backslash at the very end is the trace of a cut: it stands for nothing.
      guard stop + 1 < length else { break }
      let escape = unsafe source[stop + 1]
      index = stop + 2
      switch escape {
      case UInt8(ascii: "n"): put(10)
      case UInt8(ascii: "t"): put(9)
      case UInt8(ascii: "r"): put(13)
      case UInt8(ascii: "b"): put(8)
      case UInt8(ascii: "f"): put(12)
      case UInt8(ascii: "u"):
        guard index + 4 <= length else { return finish() }
        var value: UInt32 = 0
        for offset in 0..<4 { value = unsafe value << 4 | Self.hex(source[index + offset]) }
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
    unsafe target[count] = byte
    count += 1
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
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      unsafe target[count] = byte
      count += 1
    }
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
