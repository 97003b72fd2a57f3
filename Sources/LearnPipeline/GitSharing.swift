internal import ContextFiles
internal import Recommendations
internal import SessionModel

/// Who else will see a file that lies in a git repository. Reads git's own files; git is not run.
struct GitSharing {
  private let path: String
  private let isPersonal: Bool
  private let world: World
  private let root: String?
  /// Where git keeps the index of this working copy, and what all working copies share.
  private let gitFolder: String
  private let commonFolder: String

  /// - Parameters:
  ///   - root: The working copy that the file lies in; nil outside of any.
  ///   - isPersonal: Whether the file is for one person only.
  init(of path: String, in root: String?, isPersonal: Bool, world: World) {
    self.path = path
    self.isPersonal = isPersonal
    self.world = world
    self.root = root
    guard let root else {
      (gitFolder, commonFolder) = ("", "")
      return
    }
    let place = root + "/.git"
    // In a linked working copy `.git` is a file that names the folder.
    let named = Self.text(place, world).flatMap { $0.hasPrefix("gitdir:") ? String($0.dropFirst(7)) : nil }
    gitFolder = named.map { PathText.resolved(Self.trimmed($0), in: root) } ?? place
    let common = Self.text(gitFolder + "/commondir", world).map(Self.trimmed)
    commonFolder = common.map { [gitFolder] in PathText.resolved($0, in: gitFolder) } ?? gitFolder
  }

  /// What the owner of the file should know before others see it.
  func warnings(about recommendations: [Recommendation]) -> [String] {
    guard let root else { return [] }
    if isPersonal {
      guard isTracked else { return [] }
      return ["git tracks this file, so others see it; `git rm --cached \(name)` keeps it to yourself"]
    }
    return recommendations.compactMap { recommendation in
      guard let outside = Self.values(in: recommendation.text).first(where: { isOutside($0, root) }) else { return nil }
      return
        "\(recommendation.draft.id) names `\(outside)`, which is outside the repository and may not exist for others"
    }
  }

  /// Keeps a personal file out of git, in the file that is for this purpose and not shared itself.
  func exclude(stateFolder: String, run: UInt64) throws(WriteError) {
    guard isPersonal, let root, !isTracked else { return }
    // What a `.git` file names need not be git's.
    guard commonFolder == root + "/.git" || world.fileExists(commonFolder + "/HEAD") else { return }
    let line = "/" + name
    let replacer = FileReplacer(roots: [commonFolder], stateFolder: stateFolder, run: run)
    _ = try replacer.replace(commonFolder + "/info/exclude", creatingFolders: true) { bytes in
      let lines = bytes.split(separator: 10).map { Self.trimmed(String(decoding: $0, as: UTF8.self)) }
      if lines.contains(line) || lines.contains(PathText.name(of: path)) { return bytes }
      let joint: [UInt8] = bytes.isEmpty || bytes.last == 10 ? [] : [10]
      return bytes + joint + Array((line + "\n").utf8)
    }
  }

  /// Relative to the repository.
  private var name: String { PathText.relative(path, to: root ?? "") }

  /// Names stand in the index as they are, each with its length before it, in the lowest twelve of sixteen bits, and a zero
  /// behind it (but for the rare fourth version of the format).
  private var isTracked: Bool {
    guard let index = world.read(gitFolder + "/index") else { return false }
    let wanted = Array(name.utf8) + [0]
    let length = min(wanted.count - 1, 0xFFF)
    return index.indices.dropFirst(2).contains { place in
      index[place] == wanted[0] && (Int(index[place - 2]) << 8 | Int(index[place - 1])) & 0xFFF == length
        && index[place...].starts(with: wanted)
    }
  }

  private func isOutside(_ value: String, _ root: String) -> Bool {
    value.split(separator: " ").contains { word in
      word.hasPrefix("~/") || word.hasPrefix("../")
        || word.hasPrefix("/") && word.dropFirst().contains("/") && !word.hasPrefix(root + "/")
    }
  }

  private static func values(in text: String) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
      String($0.element)
    }
  }

  private static func text(_ path: String, _ world: World) -> String? {
    guard !world.isFolder(path) else { return nil }
    return world.read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func trimmed(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
