internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps bytes on disk for the time of a run: what is found in gigabytes of logs need not be in memory at once. The file
/// has no name, so that nobody else opens it and nothing is left of it, however the run ends.
final class SpillFile: Sendable {
  private let descriptor: Int32
  private let size = Mutex(0)

  /// - Parameter folder: Where there is room for it.
  /// - Returns: nil when it cannot be made.
  init?(in folder: String = FileManager.default.temporaryDirectory.path) {
    let path = "\(folder)/headroom-\(UUID().uuidString)"
    // Closed from the start for the programs that plugins run: later, one could begin in between.
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    unsafe unlink(path)
  }

  deinit { close(descriptor) }

  /// - Returns: Where they are; nil when they could not be written.
  func add(_ bytes: [UInt8]) -> Range<Int>? {
    let start = size.withLock { size in
      defer { size += bytes.count }
      return size
    }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes { rest in
        unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(start + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      written += count
    }
    return start..<start + bytes.count
  }

  /// - Returns: nil when they cannot be read.
  func bytes(_ range: Range<Int>) -> [UInt8]? {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      while filled < range.count {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + filled))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        filled += count
      }
    }
    return bytes.count == range.count ? bytes : nil
  }
}
