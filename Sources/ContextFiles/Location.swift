/// Where a file really is.
struct Location: Sendable {
  /// The path as the caller gave it, for messages.
  let path: String
  /// The path without links.
  let real: String

  var folder: String { Self.split(real).folder }
  var name: String { Self.split(real).name }

  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  /// What stands behind the last dot of the name, in lower case.
  static func ending(of path: String) -> String {
    let name = split(path).name
    return name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]).lowercased() } ?? ""
  }

  static func join(_ folder: String, _ name: String) -> String { folder == "/" ? "/" + name : folder + "/" + name }
}

extension SystemCalls {
  /// Follows the links of a path, and refuses one that leads out of the roots.
  ///
  /// - Parameter creatingFolders: Whether to make the folders that are missing.
  func locate(
    _ path: String, roots: [String], creatingFolders: Bool
  ) throws(WriteError) -> Location {
    let (folder, name) = Location.split(path)
    guard !["", ".", ".."].contains(name) else { throw .unusablePath(path: path) }
    let real: String
    if let status = try linkStatusIfAny(of: path) {
      do {
        real = try realPath(path)
      } catch {
        if status.kind == .link, error.isMissing || error.isLoop { throw .danglingLink(path: path) }
        throw WriteError(error, path)
      }
      guard isInside(real, roots) else { throw .outsideRoots(path: path, target: real) }
      // A repository may hold a link to any file of the home folder, a shell's for example.
      guard status.kind != .link || Location.ending(of: real) == Location.ending(of: path) else {
        throw .otherKind(path: path, target: real)
      }
    } else {
      real = Location.join(try realFolder(folder, of: path, roots: roots, creating: creatingFolders), name)
    }
    return Location(path: path, real: real)
  }

  /// Makes a folder for our own files, readable by nobody else.
  func makeOwnFolder(_ folder: String, for location: Location) throws(WriteError) {
    do {
      try makeFolder(folder, 0o700)
    } catch {
      if error.exists { return }
      let parent = Location.split(folder).folder
      guard error.isMissing, parent.utf8.count < folder.utf8.count, parent != "." else {
        throw WriteError(error, location.path)
      }
      try makeOwnFolder(parent, for: location)
      try on(location.path) { () throws(CallFailure) in
        do throws(CallFailure) {
          try makeFolder(folder, 0o700)
        } catch {
          if !error.exists { throw error }
        }
      }
    }
  }

  func linkStatusIfAny(of path: String) throws(WriteError) -> FileStatus? {
    do {
      return try linkStatus(path)
    } catch {
      if error.isMissing { return nil }
      throw WriteError(error, path)
    }
  }

  private func realFolder(
    _ folder: String, of path: String, roots: [String], creating: Bool
  ) throws(WriteError) -> String {
    if let real = try realPathIfAny(of: folder, for: path) {
      guard isInside(real, roots) else { throw .outsideRoots(path: path, target: real) }
      return real
    }
    guard creating else { throw .missingFolder(path: path, folder: folder) }
    let (parent, name) = Location.split(folder)
    // Above a folder that does not exist, `..` leads nowhere that could be checked.
    guard name != "..", folder != parent, folder.contains("/") else { throw .unusablePath(path: path) }
    let realParent = try realFolder(parent, of: path, roots: roots, creating: true)
    if name.isEmpty || name == "." { return realParent }
    let made = Location.join(realParent, name)
    do {
      try makeFolder(made, 0o777)
    } catch {
      if !error.exists { throw WriteError(error, path) }
    }
    return made
  }

  private func realPathIfAny(of folder: String, for path: String) throws(WriteError) -> String? {
    do {
      return try realPath(folder)
    } catch {
      if error.isMissing { return nil }
      throw WriteError(error, path)
    }
  }

  private func isInside(_ real: String, _ roots: [String]) -> Bool {
    roots.contains { root in
      guard let root = try? realPath(root) else { return false }
      return root == "/" || real == root || real.utf8.starts(with: Array((root + "/").utf8))
    }
  }
}
