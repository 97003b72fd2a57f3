#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file could not be read.
public struct ReadError: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public var description: String { "cannot read \(path): \(reason)" }
}

/// Reads a file line by line through one buffer that grows only to the longest line.
@safe struct LineReader: ~Copyable {
  @safe enum Line {
    /// The bytes without the line end. Valid until the next call.
    case bytes(UnsafeBufferPointer<UInt8>, number: Int, isTerminated: Bool)
    /// A line over the limit was passed over.
    case oversized(number: Int)
  }

  static let chunk = 1 << 20
  /// The longest line seen in real logs is 2 MB.
  static let lineLimit = 256 << 20

  private let path: String
  private let descriptor: Int32
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  private var start = 0
  private var end = 0
  private var line = 0
  private var isAtEnd = false
  private let limit: Int

  init(path: String, limit: Int = LineReader.lineLimit) throws(ReadError) {
    self.path = path
    self.limit = limit
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    unsafe buffer = .allocate(capacity: descriptor < 0 ? 0 : Self.chunk)
    if descriptor < 0 { throw ReadError(path: path, reason: Self.reason(errno)) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    unsafe buffer.deallocate()
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "it does not exist (any more)"
    case EACCES, EPERM: "you may not read it; check its permissions"
    case EISDIR: "it is a folder"
    default: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
  }

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
      start = 0
    }
    if unsafe end + Self.chunk > buffer.count {
      let larger = unsafe UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(buffer.count * 2, end + Self.chunk))
      if let from = unsafe buffer.baseAddress, let to = larger.baseAddress { unsafe memcpy(to, from, end) }
      unsafe buffer.deallocate()
      unsafe buffer = larger
    }
    while true {
      let count = unsafe read(descriptor, buffer.baseAddress.map { unsafe $0 + end }, Self.chunk)
      if count > 0 { end += count } else if count == 0 { isAtEnd = true }
      if count >= 0 { return }
      if errno != EINTR { throw ReadError(path: path, reason: Self.reason(errno)) }
    }
  }
}
