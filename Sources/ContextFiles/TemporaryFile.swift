/// The files that stand beside a context file while it is replaced.
enum TemporaryFile {
  private static let mark = ".headroom-tmp-"

  /// Hidden, and of a name that tells whose it is, so that the next run can remove it.
  static func path(for location: Location) -> String {
    let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    return Location.join(location.folder, "." + location.name + mark + number)
  }

  static func isLeftover(_ name: String, of location: Location) -> Bool {
    name.utf8.starts(with: Array(("." + location.name + mark).utf8))
  }
}

extension SystemCalls {
  /// Removes what a run that was killed left beside the file. Only for the holder of the file's lock.
  func removeLeftovers(of location: Location) throws(WriteError) {
    do {
      for name in try list(location.folder) where TemporaryFile.isLeftover(name, of: location) {
        try remove(Location.join(location.folder, name))
      }
    } catch {
      if !error.isMissing { throw WriteError(error, location.path) }
    }
  }

  /// Writes the bytes to a new file beside the old one, with its mode and, where possible, its owner.
  func makeTemporary(
    _ bytes: [UInt8], for location: Location, like old: FileStatus?
  ) throws(WriteError) -> String {
    let path = TemporaryFile.path(for: location)
    do {
      let file = try open(path, .creating(mode: old == nil ? 0o666 : 0o600))
      defer { close(file) }
      try writeAll(bytes, to: file)
      if let old { try takeOver(old, of: location, file) }
      try synchronize(file)
      return path
    } catch {
      try? remove(path)
      throw WriteError(error, location.path)
    }
  }

  private func takeOver(_ old: FileStatus, of location: Location, _ file: Int32) throws(CallFailure) {
    let new = try status(file)
    if let original = try? open(location.real, .reading) {
      // Before the mode, which narrows an access list.
      copyAttributes(original, file)
      close(original)
    }
    var mode = old.mode
    if new.user != old.user || new.group != old.group {
      do {
        try setOwner(file, old.user, old.group)
      } catch {
        do {
          try setOwner(file, nil, old.group)
        } catch {
          // What was meant for one group must not be open to another.
          mode = (mode & ~0o070) | ((mode & 0o007) << 3)
        }
      }
    }
    try setMode(file, mode)
  }
}
