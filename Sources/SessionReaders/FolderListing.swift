internal import SessionModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
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
    return FileStatus(of: path) != nil
  }

  /// - Parameter isWanted: Asked first, because looking at a name costs less than looking at the disk.
  mutating func folders(in path: String, where isWanted: (String) -> Bool = { _ in true }) -> [String] {
    entries(in: path).filter { isWanted($0.name) && isFolder($0, in: path) }.map(\.name)
  }

  /// The names of the files in a folder, links included.
  mutating func fileNames(in path: String, where isWanted: (String) -> Bool = { _ in true }) -> [String] {
    entries(in: path).filter { isWanted($0.name) && !isFolder($0, in: path) }.map(\.name)
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
    for entry in entries(in: path) {
      let child = path + "/" + entry.name
      switch entry.kind ?? FileStatus(of: child, followsLinks: false)?.kind {
      case .folder:
        if !skipping.contains(entry.name) {
          files += self.files(below: child, skipping: skipping, depth: depth + 1, where: isWanted)
        }
      case .file where isWanted(entry.name):
        guard let status = FileStatus(of: child, followsLinks: false), status.kind == .file else { continue }
        files.append(File(path: child, name: entry.name, size: status.stamp.size))
      default: break
      }
    }
    return files
  }

  func isFolder(_ path: String) -> Bool {
    ReadTrace.add(path)
    return FileStatus(of: path)?.isFolder == true
  }

  private struct Entry {
    var name: String
    /// As the folder itself has it, links not followed; nil where it does not tell.
    var kind: FileStatus.Kind?
  }

  private func isFolder(_ entry: Entry, in folder: String) -> Bool {
    switch entry.kind {
    case .folder: true
    case .file: false
    // A link may lead to one.
    case .link, .other, nil: isFolder(folder + "/" + entry.name)
    }
  }

  /// What is in a folder, by name.
  private mutating func entries(in path: String) -> [Entry] {
    ReadTrace.add(path)
    guard let folder = unsafe opendir(path) else {
      addIssue(path, "the folder cannot be listed; check its permissions")
      return []
    }
    defer { unsafe closedir(folder) }
    var entries: [Entry] = []
    errno = 0
    while let entry = unsafe readdir(folder) {
      // Nothing else tells the end from an error.
      defer { errno = 0 }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe String(cString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
      }
      guard name != ".", name != ".." else { continue }
      let kind: FileStatus.Kind? =
        switch unsafe Int(entry.pointee.d_type) {
        case Int(DT_DIR): .folder
        case Int(DT_REG): .file
        case Int(DT_UNKNOWN): nil
        default: .other
        }
      entries.append(Entry(name: name, kind: kind))
    }
    if errno != 0 { addIssue(path, "the folder cannot be listed to its end; check the disk and run it again") }
    return entries.sorted { $0.name < $1.name }
  }

  private mutating func addIssue(_ path: String, _ reason: String) {
    issues.append(LogIssue(.unreadableFile, at: LogLocation(file: path, line: 0), reason: reason))
  }
}
