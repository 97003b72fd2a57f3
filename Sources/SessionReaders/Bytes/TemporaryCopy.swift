#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder for copies of files that must not be read in place. It is removed with the last reference.
public final class TemporaryCopy: Sendable {
  let folder: String

  init() throws {
    let name = "headroom-" + UUID().uuidString
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name, isDirectory: true)
    // Sessions are private: no other user may look into the copy.
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
