/// Paths as text: nothing here looks at the disk.
public enum PathText {
  /// The last component; empty for `/`.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? ""
  }

  /// The folder that holds a path; `/` for a path at the root.
  public static func folder(of path: String) -> String {
    let parts = path.split(separator: "/")
    return (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
  }

  /// A path without `.`, `..` and doubled slashes, made absolute by the folder that it is relative to.
  public static func resolved(_ path: String, in folder: String?) -> String {
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

  /// The path relative to a folder when it lies inside, else unchanged.
  public static func relative(_ path: String, to folder: String) -> String {
    guard !folder.isEmpty, folder != "/", path.hasPrefix(folder) else { return path }
    let rest = path.dropFirst(folder.count)
    guard rest.isEmpty || rest.hasPrefix("/") else { return path }
    return rest.isEmpty ? "." : String(rest.drop { $0 == "/" })
  }
}
