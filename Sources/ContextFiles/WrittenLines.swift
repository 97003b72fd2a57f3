/// Remembers which lines of a block this tool wrote, so that lines of a person are told from its own.
struct WrittenLines: Sendable {
  private let folder: String
  private let replacer: FileReplacer

  init(stateFolder: String) {
    folder = Location.join(stateFolder, "written")
    replacer = FileReplacer(roots: [stateFolder], stateFolder: stateFolder)
  }

  /// - Returns: nil when nothing was written to that file from here, or it cannot be told any more.
  func lines(of path: String) -> Set<String>? {
    guard let bytes = try? replacer.read(file(for: path)) else { return nil }
    let lines = bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    // The first line names the file: two paths could share a name in our folder.
    guard lines.first == path else { return nil }
    return Set(lines.dropFirst())
  }

  func remember(_ lines: Set<String>, for path: String) throws(WriteError) {
    let text = ([path] + lines.sorted()).joined(separator: "\n") + "\n"
    _ = try replacer.replace(file(for: path), creatingFolders: true) { _ in Array(text.utf8) }
  }

  private func file(for path: String) -> String {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Location.join(folder, String(digest, radix: 16))
  }
}
