/// Finds the folder that a project of Gemini CLI stands for: the logs themselves hold no more than a digest of it.
struct GeminiProject {
  /// The folder below `tmp/` that holds the project's sessions: a short name, or the SHA-256 of the path.
  static func isDigest(_ name: String) -> Bool {
    name.utf8.count == 64 && name.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  /// The folder among those known, or above one of them, that has this digest.
  static func folder(withDigest digest: String, among folders: [String]) -> String? {
    var seen: Set<String> = []
    for folder in folders {
      for candidate in withAncestors(folder) where seen.insert(candidate).inserted {
        if SHA256.hex(of: candidate) == digest { return candidate }
      }
    }
    return nil
  }

  /// A path and the folders above it.
  static func withAncestors(_ path: String) -> [String] {
    var folders = [path]
    var rest = path[...]
    while let slash = rest.lastIndex(where: { $0 == "/" || $0 == "\\" }), folders.count < 32 {
      rest = rest[..<slash]
      if rest.isEmpty { break }
      folders.append(String(rest))
    }
    return folders
  }
}

/// Paths that a session mentions: its project is one of them, or above one of them.
struct MentionedPaths {
  private(set) var paths: Set<String> = []
  private static let limit = 8192
  private static let textLimit = 64 << 10

  /// Takes up the absolute paths in the strings of a JSON value.
  mutating func add(_ value: JSONSlice) {
    guard paths.count < Self.limit else { return }
    switch value.kind {
    case .string: add(value.string(limit: Self.textLimit) ?? "")
    case .array, .object:
      var found = self
      value.forEachElement { found.add($0) }
      for (_, member) in value.members { found.add(member) }
      self = found
    case .number, .bool, .null: break
    }
  }

  private mutating func add(_ text: String) {
    for word in text.utf8.split(whereSeparator: Self.isDelimiter) {
      guard Self.isAbsolute(word), word.count < 512, paths.count < Self.limit else { continue }
      let path = String(decoding: word, as: UTF8.self)
      for folder in GeminiProject.withAncestors(path) where !paths.insert(folder).inserted { break }
    }
  }

  private static func isAbsolute(_ word: Substring.UTF8View) -> Bool {
    let start = Array(word.prefix(3))
    guard start.count == 3 else { return false }
    if start[0] == UInt8(ascii: "/") { return true }
    return (97...122).contains(start[0] | 0x20) && start[1] == UInt8(ascii: ":") && start[2] == UInt8(ascii: "\\")
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 32 || delimiters.contains(byte)
  }

  private static let delimiters = Set("\"'`,;=()<>[]{}|*".utf8)
}
