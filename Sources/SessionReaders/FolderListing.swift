internal import SessionModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Looks into folders in a stable order, and keeps what could not be looked into.
struct FolderListing {
  struct File {
    var path: String
    var name: String
    var size: Int
  }

  private(set) var issues: [LogIssue] = []

  func exists(_ path: String) -> Bool {
    ReadTrace.add(path)
    return FileManager.default.fileExists(atPath: path)
  }

  /// - Parameter isWanted: Asked first, because looking at a name costs less than looking at the disk.
  mutating func folders(in path: String, where isWanted: (String) -> Bool = { _ in true }) -> [String] {
    names(in: path).filter { isWanted($0) && isFolder(path + "/" + $0) }
  }

  /// The names of the files in a folder, links included.
  mutating func fileNames(in path: String) -> [String] {
    names(in: path).filter { !isFolder(path + "/" + $0) }
  }

  func size(of path: String) -> Int {
    ReadTrace.add(path)
    return FileStatus(of: path, followsLinks: false)?.stamp.size ?? 0
  }

  /// Files below a folder whose name is wanted. Links to folders are not followed: they may lead in a circle.
  mutating func files(
    below path: String, skipping: Set<String> = [], depth: Int = 0, where isWanted: (String) -> Bool
  ) -> [File] {
    guard depth < 8 else { return [] }
    var files: [File] = []
    for name in names(in: path) {
      let child = path + "/" + name
      guard let status = FileStatus(of: child, followsLinks: false) else { continue }
      switch status.kind {
      case .folder:
        if !skipping.contains(name) {
          files += self.files(below: child, skipping: skipping, depth: depth + 1, where: isWanted)
        }
      case .file where isWanted(name):
        files.append(File(path: child, name: name, size: status.stamp.size))
      default: break
      }
    }
    return files
  }

  private mutating func names(in path: String) -> [String] {
    ReadTrace.add(path)
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      let reason = "the folder cannot be listed; check its permissions"
      issues.append(LogIssue(.unreadableFile, at: LogLocation(file: path, line: 0), reason: reason))
      return []
    }
  }

  func isFolder(_ path: String) -> Bool {
    ReadTrace.add(path)
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }
}
