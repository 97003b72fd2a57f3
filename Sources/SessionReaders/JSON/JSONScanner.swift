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

  private var next: UInt8? {
    @inline(__always) get { unsafe position < bytes.count ? bytes[position] : nil }
  }

  @inline(__always)
  mutating func skipSpace() {
    while let byte = next, byte <= 32, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position &+= 1 }
  }

  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position &+= 1
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
  private mutating func skipLeaf() -> JSONSlice.Kind? {
    let start = position
    var kind = JSONSlice.Kind.string
    if take(UInt8(ascii: "\"")) {
      guard skipString() else { return nil }
    } else {
      guard let word = unsafe Self.word(bytes, at: position) else { return nil }
      (kind, position) = word
    }
    tape?.add(kind, from: start, to: position)
    return kind
  }

  /// The kind and the end of a number, `true`, `false` or `null`.
  private static func word(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (kind: JSONSlice.Kind, end: Int)? {
    guard start < bytes.count else { return nil }
    switch unsafe bytes[start] {
    case UInt8(ascii: "t"): return unsafe end(of: "true", bytes, at: start).map { (.bool, $0) }
    case UInt8(ascii: "f"): return unsafe end(of: "false", bytes, at: start).map { (.bool, $0) }
    case UInt8(ascii: "n"): return unsafe end(of: "null", bytes, at: start).map { (.null, $0) }
    case let byte where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      var end = start + 1
      while unsafe end < bytes.count && isNumberByte(bytes[end]) { end += 1 }
      return (.number, end)
    default: return nil
    }
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || byte == 43 || byte == 45 || byte == 46 || byte | 0x20 == 101
  }

  @inline(__always)
  private static func end(of word: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    let end = start + word.utf8CodeUnitCount
    guard end <= bytes.count, let base = bytes.baseAddress,
      unsafe memcmp(base + start, word.utf8Start, word.utf8CodeUnitCount) == 0
    else { return nil }
    return end
  }

  @inline(__always)
  private mutating func skipString() -> Bool {
    guard let base = unsafe bytes.baseAddress else { return false }
    // Keys and most values are short: calling `memchr` for them would cost more than it saves.
    let nearEnd = unsafe min(position &+ Self.near, bytes.count - 8)
    while position <= nearEnd {
      let word = unsafe UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
      let hit = zeroBytes(word ^ allQuotes) | zeroBytes(word ^ allBackslashes)
      guard hit != 0 else {
        position &+= 8
        continue
      }
      position &+= hit.trailingZeroBitCount >> 3
      if unsafe base[position] == UInt8(ascii: "\"") {
        position &+= 1
        return true
      }
      position &+= 2
    }
    guard let end = unsafe Self.endOfString(bytes, from: position) else { return false }
    position = end
    return true
  }

  /// In bytes: identifiers of 36 characters are crossed without a call.
  private static let near = 32

  /// Where a string ends, none of whose bytes before `start` escapes the next.
  @inline(never)
  private static func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var position = start
    while position < bytes.count {
      guard let found = unsafe memchr(base + position, 34, bytes.count - position) else { return nil }
      let quote = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      var backslashes = 0
      while quote - 1 - backslashes >= start, unsafe base[quote - 1 - backslashes] == 92 { backslashes += 1 }
      position = quote + 1
      if backslashes & 1 == 0 { return position }
    }
    return nil
  }

  /// Crosses an object or array without recursion, and holds it to the grammar: a torn record glued to the next one must
  /// not be taken for a value.
  private mutating func skipContainer() -> Bool {
    // The compiler keeps a copy in registers, and `self` in memory.
    var scanner = self
    defer { self = scanner }
    return scanner.crossContainer()
  }

  @inline(__always)
  private mutating func crossContainer() -> Bool {
    var open = OpenContainers()
    enter(&open)
    var isAtStart = true
    var isAtKey = open.isInObject
    while true {
      skipSpace()
      let start = position
      if take(UInt8(ascii: "\"")) {
        guard skipString() else { return false }
        tape?.add(.string, from: start, to: position)
        if isAtKey {
          skipSpace()
          guard take(UInt8(ascii: ":")) else { return false }
          isAtKey = false
          isAtStart = false
          continue
        }
      } else if isAtStart, take(open.closing) {
        leave(&open)
      } else if isAtKey {
        return false
      } else if let byte = next, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        guard open.depth < Self.depthLimit else { return false }
        enter(&open)
        isAtStart = true
        isAtKey = open.isInObject
        continue
      } else {
        guard let (kind, end) = unsafe Self.word(bytes, at: position) else { return false }
        position = end
        tape?.add(kind, from: start, to: position)
      }
      // Behind a value.
      while true {
        if open.depth == 0 { return true }
        skipSpace()
        if take(UInt8(ascii: ",")) { break }
        guard take(open.closing) else { return false }
        leave(&open)
      }
      isAtStart = false
      isAtKey = open.isInObject
    }
  }

  /// Goes behind the bracket that opens an object or array.
  @inline(__always)
  private mutating func enter(_ open: inout OpenContainers) {
    let isObject = next == UInt8(ascii: "{")
    open.push(isObject)
    tape?.open(isObject ? .object : .array, at: position)
    position += 1
  }

  /// Takes down that the innermost object or array ended before the position.
  @inline(__always)
  private mutating func leave(_ open: inout OpenContainers) {
    open.pop()
    tape?.close(at: position)
  }

  /// Real records nest about ten deep.
  private static let depthLimit = 512
}

private let allQuotes: UInt64 = 0x2222_2222_2222_2222
let allBackslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C

/// The high bit of the lowest byte that is zero; higher ones may be wrong.
@inline(__always)
func zeroBytes(_ word: UInt64) -> UInt64 {
  (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

/// Which of the containers around a place are objects, one bit each.
private struct OpenContainers {
  private(set) var depth = 0
  private var bits: UInt64 = 0
  /// The bits of the outer containers, where there are more than fit.
  private var outer: [UInt64] = []

  var isInObject: Bool { bits & 1 == 1 }
  /// The bracket that ends the innermost one.
  var closing: UInt8 { isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

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
