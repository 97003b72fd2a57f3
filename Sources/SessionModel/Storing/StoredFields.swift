#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What a stored value's fields are written to or read from.
///
/// Strings are kept once and named by a number: a log says the same folder, file and rule again and again. What is read
/// may be anything: bytes that make no sense end in blank values and `isReadWell == false`.
public struct StoredFields: Sendable {
  public enum Mode: Sendable {
    case writing, reading
    /// Only counts the fields of the outermost value.
    case counting
    /// Gives every field a made-up value.
    case making
  }

  public let mode: Mode
  /// In the mode `counting`.
  public private(set) var count = 0

  private var bytes: [UInt8] = []
  private var position = 0
  @usableFromInline var isDamaged = false

  private var made: UInt64 = 0

  private var strings: [String] = []
  /// Numbers of strings, by a digest of their bytes.
  private var numbers: [UInt64: Int] = [:]

  /// - Parameter seed: For the mode `making`: the same seed makes the same values.
  public init(_ mode: Mode, seed: UInt64 = 0) {
    self.mode = mode
    made = seed
  }

  public init(reading bytes: [UInt8]) {
    mode = .reading
    self.bytes = bytes
    let count = number()
    // No string takes less than a byte.
    guard count <= UInt64(bytes.count) else {
      isDamaged = true
      return
    }
    strings.reserveCapacity(Int(count))
    for _ in 0..<count { strings.append(spelledOut()) }
  }

  /// The bytes, once every field has been visited.
  public var written: [UInt8] {
    var table = StoredFields(.writing)
    table.bytes.reserveCapacity(bytes.count * 2)
    table.put(UInt64(strings.count))
    for var string in strings {
      string.withUTF8 { text in
        table.put(UInt64(text.count))
        unsafe table.bytes.append(contentsOf: text)
      }
    }
    return table.bytes + bytes
  }

  /// Whether visited fields get other values.
  public var changesValues: Bool { mode == .reading || mode == .making }

  /// Whether everything was there, and nothing else.
  public var isReadWell: Bool { !isDamaged && position == bytes.count }

  // MARK: Values

  public mutating func visit(_ value: inout String) {
    switch mode {
    case .writing: put(UInt64(number(of: value)))
    case .reading:
      let number = number()
      guard number < UInt64(strings.count) else {
        isDamaged = true
        return
      }
      value = strings[Int(number)]
    case .counting: noteField()
    case .making: value = Self.madeUp[make(Self.madeUp.count)]
    }
  }

  public mutating func visit(_ value: inout UInt64) {
    switch mode {
    // Digests use all of their bits.
    case .writing:
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    case .reading:
      guard position + 8 <= bytes.count else {
        isDamaged = true
        return
      }
      value = 0
      for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[position + index]) }
      position += 8
    case .counting: noteField()
    case .making: value = make()
    }
  }

  public mutating func visit(_ value: inout Int) {
    switch mode {
    // The sign goes to the end, so that small numbers are short.
    case .writing: put(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)))
    case .reading:
      let number = number()
      value = Int(number >> 1) ^ -Int(number & 1)
    case .counting: noteField()
    case .making: value = [0, 1, -1, 300, .max, .min, make(1 << 40)][make(7)]
    }
  }

  public mutating func visit(_ value: inout Bool) {
    switch mode {
    case .writing: bytes.append(value ? 1 : 0)
    case .reading: value = number() == 1
    case .counting: noteField()
    case .making: value = make(2) == 1
    }
  }

  public mutating func visit(_ value: inout Double) {
    var pattern = value.bitPattern
    visit(&pattern)
    value = Double(bitPattern: pattern)
  }

  /// A word of a closed list.
  @inlinable public mutating func visit<Word: CaseIterable & Equatable>(_ value: inout Word)
  where Word.AllCases == [Word] {
    switch mode {
    case .writing: put(UInt64(Word.allCases.firstIndex(of: value) ?? 0))
    case .reading:
      let number = number()
      let words = Word.allCases
      guard number < UInt64(words.count) else {
        isDamaged = true
        return
      }
      value = words[Int(number)]
    case .counting: noteField()
    case .making: value = Word.allCases[make(Word.allCases.count)]
    }
  }

  @inlinable public mutating func visit<Value: Stored>(_ value: inout Value) {
    if mode == .counting {
      noteField()
    } else {
      value.visit(&self)
    }
  }

  // MARK: Containers

  public mutating func visit(_ values: inout [UInt8]) {
    switch mode {
    case .writing:
      put(UInt64(values.count))
      bytes += values
    case .reading:
      let count = elements()
      values = Array(bytes[position..<position + count])
      position += count
    case .counting: noteField()
    case .making: values = (0..<make(4)).map { _ in UInt8(make(256)) }
    }
  }

  @inlinable public mutating func visit<Value: Stored>(_ value: inout Value?) {
    switch mode {
    case .writing:
      put(value == nil ? 0 : 1)
      if var inner = value { inner.visit(&self) }
    case .reading:
      guard number() == 1 else {
        value = nil
        return
      }
      var inner = Value.blank
      inner.visit(&self)
      value = inner
    case .counting: noteField()
    case .making:
      value = nil
      guard make(3) > 0 else { return }
      var inner = Value.blank
      inner.visit(&self)
      value = inner
    }
  }

  @inlinable public mutating func visit<Element: Stored>(_ values: inout [Element]) {
    switch mode {
    case .writing:
      put(UInt64(values.count))
      for index in values.indices { values[index].visit(&self) }
    case .counting: noteField()
    case .reading, .making:
      let size = coming()
      values = []
      values.reserveCapacity(size)
      for _ in 0..<size where !isDamaged { values.append(taken()) }
    }
  }

  @inlinable public mutating func visit<Element: StoredKey>(_ values: inout Set<Element>) {
    switch mode {
    case .writing:
      put(UInt64(values.count))
      for var value in values.sorted() { value.visit(&self) }
    case .counting: noteField()
    case .reading, .making:
      let size = coming()
      values = Set(minimumCapacity: size)
      for _ in 0..<size where !isDamaged { values.insert(taken()) }
    }
  }

  @inlinable public mutating func visit<Key: StoredKey, Value: Stored>(_ values: inout [Key: Value]) {
    switch mode {
    case .writing:
      put(UInt64(values.count))
      for (var key, var value) in values.sorted(by: { $0.key < $1.key }) {
        key.visit(&self)
        value.visit(&self)
      }
    case .counting: noteField()
    case .reading, .making:
      let size = coming()
      values = Dictionary(minimumCapacity: size)
      for _ in 0..<size where !isDamaged {
        let key: Key = taken()
        values[key] = taken() as Value
      }
    }
  }

  @inlinable public mutating func visit<Word: CaseIterable & Equatable>(
    _ values: inout [String: Word]
  ) where Word.AllCases == [Word] {
    switch mode {
    case .writing:
      put(UInt64(values.count))
      for (var key, var value) in values.sorted(by: { $0.key < $1.key }) {
        visit(&key)
        visit(&value)
      }
    case .counting: noteField()
    case .reading, .making:
      let size = coming()
      guard var value = Word.allCases.first else { return }
      values = Dictionary(minimumCapacity: size)
      for _ in 0..<size where !isDamaged {
        let key: String = taken()
        visit(&value)
        values[key] = value
      }
    }
  }

  @usableFromInline mutating func noteField() { count += 1 }

  /// How many elements a container gets.
  @usableFromInline mutating func coming() -> Int { mode == .reading ? elements() : make(4) }

  /// The next value, read or made up.
  @inlinable mutating func taken<Value: Stored>() -> Value {
    var value = Value.blank
    value.visit(&self)
    return value
  }

  // MARK: Made-up values

  private static let madeUp = [
    "", "a", "é", "e\u{301}", "\0", "🧪 \n", "/home/dev/shop", String(repeating: "x", count: 300),
  ]

  private mutating func make() -> UInt64 {
    made = made &* 0x5851_f42d_4c95_7f2d &+ 0x1405_7b7e_f767_814f
    return made ^ made >> 29
  }

  @usableFromInline mutating func make(_ count: Int) -> Int { Int((make() >> 16) % UInt64(count)) }

  // MARK: Bytes

  @usableFromInline mutating func put(_ number: UInt64) {
    var rest = number
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  @usableFromInline mutating func number() -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      number |= UInt64(byte & 127) << shift
      if byte < 128 { return number }
      shift += 7
    }
    isDamaged = true
    return 0
  }

  /// How many elements follow: no more than there are bytes.
  private mutating func elements() -> Int {
    let count = number()
    guard count <= UInt64(bytes.count - position) else {
      isDamaged = true
      return 0
    }
    return Int(count)
  }

  private mutating func spelledOut() -> String {
    let count = elements()
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  private mutating func number(of string: String) -> Int {
    let next = strings.count
    // What is long is hardly ever said again.
    if string.utf8.count <= Self.longestName {
      let digest = unsafe string.withBytes { unsafe QuickDigest(of: $0).value }
      if let number = numbers[digest] {
        if Self.areSpelledAlike(strings[number], string) { return number }
      } else {
        numbers[digest] = next
      }
    }
    strings.append(string)
    return next
  }

  /// To Swift, strings are equal that only look so.
  private static func areSpelledAlike(_ left: String, _ right: String) -> Bool {
    unsafe left.withBytes { left in
      unsafe right.withBytes { right in
        guard left.count == right.count else { return false }
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return unsafe memcmp(first, second, left.count) == 0
      }
    }
  }

  /// In bytes: paths, ids and times are shorter.
  private static let longestName = 128
}
