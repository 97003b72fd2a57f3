#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard input, from where it is now to its end.
enum StandardInput {
  /// - Returns: How many bytes there were.
  static func copy(to path: String) throws(ReadError) -> Int {
    let target = try SpoolFile(path: path)
    let source = try OpenFile(descriptor: dup(STDIN_FILENO), named: "-")
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: LineReader.chunk)
    defer { unsafe chunk.deallocate() }
    while true {
      let count = unsafe try source.read(into: chunk)
      guard count > 0 else { return target.size }
      unsafe try target.append(UnsafeBufferPointer(rebasing: chunk[..<count]))
    }
  }
}

/// A new file of our own that grows.
final class SpoolFile {
  private let path: String
  private let descriptor: Int32
  private(set) var size = 0

  init(path: String) throws(ReadError) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw ReadError(path: path, reason: "a copy of it cannot be made; check TMPDIR") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(ReadError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe write(descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ReadError(path: path, reason: "no room is left for a copy of it") }
      written += count
    }
    size += written
  }
}
