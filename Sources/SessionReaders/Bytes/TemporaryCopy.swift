internal import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder for copies of files that must not be read in place. It is removed with the last reference.
public final class TemporaryCopy: Sendable {
  let folder: String
  /// The folders that are there.
  private static let folders = Mutex<Set<String>>([])

  /// Removes all copies, for a program that is about to end before their time.
  public static func removeAll() {
    folders.withLock { folders in
      for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
    }
  }

  init() throws {
    let name = "headroom-" + UUID().uuidString
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name, isDirectory: true)
    folder = url.path
    _ = Self.folders.withLock { [folder] in $0.insert(folder) }
    // Sessions are private: no other user may look into the copy.
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
    _ = Self.folders.withLock { $0.remove(folder) }
  }
}
