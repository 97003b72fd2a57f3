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

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "cannot read \(path): \(reason)" }
}

/// A file that is open for reading, closed when the last reference goes.
final class OpenFile {
  let path: String
  private let descriptor: Int32

  init(path: String) throws(ReadError) {
    self.path = path
    ReadTrace.add(path)
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw ReadError(path: path, reason: Self.reason(errno)) }
  }

  /// Takes over a descriptor.
  init(descriptor: Int32, named name: String) throws(ReadError) {
    path = name
    self.descriptor = descriptor
    if descriptor < 0 { throw ReadError(path: name, reason: Self.reason(errno)) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// - Returns: How many bytes were read; 0 at the end.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(ReadError) -> Int {
    while true {
      #if canImport(Glibc)
        let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #elseif canImport(Musl)
        let count = unsafe Musl.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      if errno != EINTR { throw ReadError(path: path, reason: Self.reason(errno)) }
    }
  }

  func seek(to offset: Int) throws(ReadError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw ReadError(path: path, reason: Self.reason(errno))
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "it does not exist (any more)"
    case EACCES, EPERM: "you may not read it; check its permissions"
    case EISDIR: "it is a folder"
    default: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
  }
}
