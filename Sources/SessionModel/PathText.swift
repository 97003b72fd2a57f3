/// Paths as text: nothing here looks at the disk.
public enum PathText {
  /// The last component; empty for `/`.
  public static func name(of path: String) -> String {
    let path = path.utf8
    var end = path.endIndex
    while end > path.startIndex, path[path.index(before: end)] == UInt8(ascii: "/") { end = path.index(before: end) }
    let start = path[..<end].lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) } ?? path.startIndex
    return String(Substring(path[start..<end]))
  }

  /// The folder that holds a path; `/` for a path at the root.
  public static func folder(of path: String) -> String {
    if isPlain(path), let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      return slash == path.startIndex ? "/" : String(path[..<slash])
    }
    let parts = path.split(separator: "/")
    return (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
  }

  /// A path without `.`, `..` and doubled slashes, made absolute by the folder that it is relative to.
  public static func resolved(_ path: String, in folder: String?) -> String {
    if isPlain(path) { return path }
    let isAbsolute = path.hasPrefix("/") || path.hasPrefix("~")
    let full = isAbsolute ? path : [folder, path].compactMap(\.self).joined(separator: "/")
    var parts: [Substring] = []
    for part in full.split(separator: "/") {
      if part == ".." {
        if parts.last.map({ $0 != ".." && $0 != "~" }) == true {
          parts.removeLast()
        } else if !full.hasPrefix("/") {
          parts.append(part)
        }
      } else if part != "." {
        parts.append(part)
      }
    }
    return (full.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// Whether an absolute path has nothing to be taken out. Most have not, and are asked for again and again.
  private static func isPlain(_ path: String) -> Bool {
    var path = path
    return path.withUTF8 { bytes in
      guard bytes.count > 1, unsafe bytes[0] == UInt8(ascii: "/"), unsafe bytes[bytes.count - 1] != UInt8(ascii: "/")
      else { return false }
      for index in 1..<bytes.count where unsafe bytes[index - 1] == UInt8(ascii: "/") {
        // A name that begins with a dot may be `.` or `..`.
        if unsafe bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: ".") { return false }
      }
      return true
    }
  }

  /// The path relative to a folder when it lies inside, else unchanged.
  public static func relative(_ path: String, to folder: String) -> String {
    guard !folder.isEmpty, folder != "/", path.hasPrefix(folder) else { return path }
    let rest = path.dropFirst(folder.count)
    guard rest.isEmpty || rest.hasPrefix("/") else { return path }
    return rest.isEmpty ? "." : String(rest.drop { $0 == "/" })
  }
}
