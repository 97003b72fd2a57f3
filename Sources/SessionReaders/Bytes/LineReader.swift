#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a line begins: the bytes and the lines before it.
struct LineStart {
  var offset = 0
  var line = 0
}

/// Reads a file line by line through one buffer that grows only to the longest line.
@safe struct LineReader: ~Copyable {
  @safe enum Line {
    /// The bytes without the line end. Valid until the next call.
    case bytes(UnsafeBufferPointer<UInt8>, number: Int, isTerminated: Bool)
    /// A line over the limit was passed over.
    case oversized(number: Int)
  }

  static let chunk = 1 << 18
  /// The longest line seen in real logs is 2 MB.
  static let lineLimit = 256 << 20

  private let source: LogBytes
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  private var start = 0
  private var end = 0
  private var line = 0
  private var isAtEnd = false
  private let limit: Int

  /// Bytes of the file that are no longer in the buffer.
  private var passed: Int

  init(path: String, limit: Int = LineReader.lineLimit, from first: LineStart = LineStart()) throws(ReadError) {
    source = try LogBytes(path: path, from: first.offset)
    self.limit = limit
    line = first.line
    passed = first.offset
    unsafe buffer = .allocate(capacity: Self.chunk)
  }

  /// Where the line begins that `next()` gives next.
  var position: LineStart { LineStart(offset: passed + start, line: line) }

  deinit { unsafe buffer.deallocate() }

  /// - Returns: nil at the end of the file.
  mutating func next() throws(ReadError) -> Line? {
    var searched = 0
    var isSkipping = false
    while true {
      if let newline = firstNewline(from: start + searched) {
        let bytes = unsafe UnsafeBufferPointer(rebasing: buffer[start..<newline])
        start = newline + 1
        line += 1
        if isSkipping || bytes.count > limit { return .oversized(number: line) }
        return unsafe .bytes(bytes, number: line, isTerminated: true)
      }
      searched = end - start
      if isAtEnd {
        guard end > start || isSkipping else { return nil }
        let bytes = unsafe UnsafeBufferPointer(rebasing: buffer[start..<end])
        start = end
        line += 1
        if isSkipping || bytes.count > limit { return .oversized(number: line) }
        return unsafe .bytes(bytes, number: line, isTerminated: false)
      }
      if searched > limit {
        isSkipping = true
        start = end
        searched = 0
      }
      try fill()
    }
  }

  private func firstNewline(from position: Int) -> Int? {
    guard let base = unsafe buffer.baseAddress, position < end,
      let found = unsafe memchr(base + position, 10, end - position)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private mutating func fill() throws(ReadError) {
    if start > 0 {
      if let base = unsafe buffer.baseAddress { unsafe memmove(base, base + start, end - start) }
      end -= start
      passed += start
      start = 0
    }
    if unsafe end + Self.chunk > buffer.count {
      let larger = unsafe UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(buffer.count * 2, end + Self.chunk))
      if let from = unsafe buffer.baseAddress, let to = larger.baseAddress { unsafe memcpy(to, from, end) }
      unsafe buffer.deallocate()
      unsafe buffer = larger
    }
    let count = unsafe try source.read(into: UnsafeMutableBufferPointer(rebasing: buffer[end..<end + Self.chunk]))
    end += count
    isAtEnd = count == 0
  }
}
