#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A JSON value inside a buffer, found but not decoded: nothing is copied until a string is asked for.
///
/// Accepted is what RFC 8259 calls a value, nested up to 512 deep, and a little more: numbers are not checked to their last
/// character, strings may hold control characters and unknown escapes, and bytes that are not UTF-8 or lone surrogates
/// become U+FFFD when they are decoded.
/// A slice must not outlive the buffer that it was found in.
@safe struct JSONSlice {
  enum Kind: UInt8 { case object, array, string, number, bool, null }

  /// The text of the value, quotes and brackets included.
  let bytes: UnsafeBufferPointer<UInt8>
  let kind: Kind
  /// What was taken down of the value; nil when what it holds has to be looked for.
  private let node: UnsafePointer<JSONTape.Node>?

  /// The value that starts at `position`, after white space. Moves `position` behind it.
  /// - Parameter tape: Takes down where the parts of the value are. The slice must not outlive what it holds then.
  /// - Returns: nil when no complete value starts there.
  init?(in buffer: UnsafeBufferPointer<UInt8>, at position: inout Int, tape: JSONTape? = nil) {
    tape?.clear()
    var scanner = unsafe JSONScanner(bytes: buffer, position: position, tape: tape)
    scanner.skipSpace()
    let start = scanner.position
    guard let kind = scanner.skipValue() else { return nil }
    unsafe bytes = UnsafeBufferPointer(rebasing: buffer[start..<scanner.position])
    self.kind = kind
    unsafe node = tape?.root
    position = scanner.position
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, kind: Kind, node: UnsafePointer<JSONTape.Node>? = nil) {
    unsafe self.bytes = bytes
    self.kind = kind
    unsafe self.node = node
  }

  /// The members of an object, in order; those of other values are none.
  var members: Members { @inline(__always) get { Members(self) } }

  /// Goes over the members of an object.
  @safe struct Members: Sequence, IteratorProtocol {
    private let object: JSONSlice
    /// Where the next key was taken down; nil when the members have to be looked for.
    private var node: UnsafePointer<JSONTape.Node>?
    private var position = 1

    @inline(__always)
    fileprivate init(_ object: JSONSlice) {
      self.object = object
      unsafe node = object.node.map { unsafe $0 + 1 }
    }

    /// - Returns: The key is a string slice.
    @inline(__always)
    mutating func next() -> (key: JSONSlice, value: JSONSlice)? {
      guard object.kind == .object else { return nil }
      guard let key = unsafe node, let owner = unsafe object.node else {
        guard let (key, value, end) = object.member(at: position) else { return nil }
        position = end
        return (key, value)
      }
      guard unsafe key < owner + Int(owner.pointee.span) else { return nil }
      let value = unsafe key + 1
      unsafe node = value + Int(value.pointee.span)
      return unsafe (object.part(key, of: owner), object.part(value, of: owner))
    }
  }

  /// The member that is found from `start` on, and where it ends.
  private func member(at start: Int) -> (key: JSONSlice, value: JSONSlice, end: Int)? {
    var scanner = unsafe JSONScanner(bytes: bytes, position: start)
    scanner.skipSpace()
    if scanner.take(UInt8(ascii: ",")) { scanner.skipSpace() }
    let keyStart = scanner.position
    guard scanner.skipValue() == .string else { return nil }
    let key = unsafe JSONSlice(bytes: UnsafeBufferPointer(rebasing: bytes[keyStart..<scanner.position]), kind: .string)
    scanner.skipSpace()
    guard scanner.take(UInt8(ascii: ":")) else { return nil }
    scanner.skipSpace()
    let valueStart = scanner.position
    guard let kind = scanner.skipValue() else { return nil }
    let end = scanner.position
    return unsafe (key, JSONSlice(bytes: UnsafeBufferPointer(rebasing: bytes[valueStart..<end]), kind: kind), end)
  }

  /// - Parameter node: The one of this slice.
  @inline(__always)
  private func part(_ part: UnsafePointer<JSONTape.Node>, of node: UnsafePointer<JSONTape.Node>) -> JSONSlice {
    let place = unsafe part.pointee
    let start = unsafe Int(place.start &- node.pointee.start)
    let bytes = unsafe UnsafeBufferPointer(
      start: bytes.baseAddress.map { unsafe $0 + start }, count: Int(place.end &- place.start))
    return unsafe JSONSlice(bytes: bytes, kind: place.kind, node: part)
  }

  func forEachElement(_ body: (JSONSlice) -> Void) {
    guard kind == .array else { return }
    guard let node = unsafe node else { return lookForElements(body) }
    var next = unsafe node + 1
    let end = unsafe node + Int(node.pointee.span)
    while unsafe next < end {
      unsafe body(part(next, of: node))
      unsafe next += Int(next.pointee.span)
    }
  }

  private func lookForElements(_ body: (JSONSlice) -> Void) {
    var scanner = unsafe JSONScanner(bytes: bytes, position: 1)
    while true {
      scanner.skipSpace()
      if scanner.take(UInt8(ascii: ",")) { continue }
      let start = scanner.position
      guard let kind = scanner.skipValue() else { return }
      unsafe body(JSONSlice(bytes: UnsafeBufferPointer(rebasing: bytes[start..<scanner.position]), kind: kind))
    }
  }

  /// The first member of that name.
  subscript(_ name: StaticString) -> JSONSlice? {
    for (key, value) in members where key.equals(name) { return value }
    return nil
  }

  /// Three members, found in one pass; of several with one name the last one.
  func members(
    _ first: StaticString, _ second: StaticString, _ third: StaticString
  ) -> (JSONSlice?, JSONSlice?, JSONSlice?) {
    var found: (JSONSlice?, JSONSlice?, JSONSlice?)
    for (key, value) in members {
      if key.equals(first) {
        found.0 = value
      } else if key.equals(second) {
        found.1 = value
      } else if key.equals(third) {
        found.2 = value
      }
    }
    return found
  }

  /// Whether a string slice without escapes holds exactly this text.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard kind == .string, unsafe bytes.count == text.utf8CodeUnitCount + 2 else { return false }
    guard unsafe bytes.count > 2, let base = unsafe bytes.baseAddress else { return true }
    return unsafe memcmp(base + 1, text.utf8Start, bytes.count - 2) == 0
  }

  /// The decoded string; nil for other kinds.
  var string: String? { string(limit: .max) }

  /// The decoded string, or as much of its start as `limit` bytes of the log hold.
  func string(limit: Int) -> String? {
    guard kind == .string else { return nil }
    let body = unsafe body(limit)
    if unsafe !Self.hasEscapes(body) { return unsafe String(decoding: body, as: UTF8.self) }
    return unsafe String(decoding: JSONUnescaper.text(of: body), as: UTF8.self)
  }

  /// What `string(limit:)` is made from, where nothing in it has to be decoded.
  func plainText(limit: Int) -> UnsafeBufferPointer<UInt8>? {
    guard kind == .string else { return nil }
    let body = unsafe body(limit)
    return unsafe Self.hasEscapes(body) ? nil : body
  }

  /// The decoded bytes of a string: UTF-8 but for bad bytes of the log itself.
  func decoded(limit: Int = .max) -> [UInt8] {
    guard kind == .string else { return [] }
    let body = unsafe body(limit)
    return unsafe Self.hasEscapes(body) ? JSONUnescaper.text(of: body) : Array(body)
  }

  /// What stands between the quotes, as far as the limit.
  private func body(_ limit: Int) -> UnsafeBufferPointer<UInt8> {
    let end = unsafe limit >= bytes.count - 2 ? bytes.count - 1 : max(1, limit + 1)
    return unsafe UnsafeBufferPointer(rebasing: bytes[1..<end])
  }

  private static func hasEscapes(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = body.baseAddress else { return false }
    return unsafe memchr(base, 92, body.count) != nil
  }

  var bool: Bool? {
    guard kind == .bool else { return nil }
    return unsafe bytes[0] == UInt8(ascii: "t")
  }

  var int: Int? {
    guard kind == .number else { return nil }
    if let plain = plainInt { return plain }
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    return Int(text) ?? Double(text).flatMap { Int(exactly: $0.rounded()) }
  }

  /// A number of a few digits and nothing else, as counts are.
  private var plainInt: Int? {
    guard unsafe bytes.count < 19 else { return nil }
    var number = 0
    for index in unsafe bytes.indices {
      let digit = unsafe bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      number = number * 10 + Int(digit)
    }
    return number
  }
}
