/// The texts that a pattern such as `^(?:npm|pnpm|n?vim)$` matches, where they can be listed: to look one of them up costs
/// less than to match it.
public enum ListedTexts {
  /// Longer lists are left to the matcher.
  public static let most = 256

  /// - Returns: nil when the pattern holds anything but plain characters, choices, `[abc]` and `?`, or lists too many texts.
  public static func of(_ pattern: String) -> Set<String>? {
    var list = Reader(rest: Array(pattern.utf8)[...])
    guard list.take("^"), let texts = list.sequence(), list.take("$"), list.rest.isEmpty else { return nil }
    return Set(texts.map { String(decoding: $0, as: UTF8.self) })
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>
    /// Hostile nesting must not use up the stack.
    var depth = 0

    mutating func take(_ text: String) -> Bool {
      guard rest.starts(with: text.utf8) else { return false }
      rest = rest.dropFirst(text.utf8.count)
      return true
    }

    /// Everything up to `$`, `|` or `)`.
    mutating func sequence() -> [[UInt8]]? {
      var texts: [[UInt8]] = [[]]
      while let byte = rest.first, ![UInt8(ascii: "$"), UInt8(ascii: "|"), UInt8(ascii: ")")].contains(byte) {
        guard var part = part() else { return nil }
        if take("?") { part.append([]) }
        if let next = rest.first, "?*+{".utf8.contains(next) { return nil }
        guard texts.count * part.count <= ListedTexts.most else { return nil }
        texts = texts.flatMap { start in part.map { start + $0 } }
      }
      return texts
    }

    private mutating func part() -> [[UInt8]]? {
      if take("(?:") { return choice() }
      if take("[") { return characters() }
      if take("\\") {
        // What is not a letter or a digit stands for itself.
        guard let byte = rest.popFirst(), byte < 128, !Self.isWord(byte) else { return nil }
        return [[byte]]
      }
      guard let byte = rest.popFirst(), Self.isWord(byte) || "-_/:@ ".utf8.contains(byte) else { return nil }
      return [[byte]]
    }

    private mutating func choice() -> [[UInt8]]? {
      depth += 1
      defer { depth -= 1 }
      guard depth < 16 else { return nil }
      var texts: [[UInt8]] = []
      repeat {
        guard let branch = sequence() else { return nil }
        texts += branch
      } while take("|") && texts.count <= ListedTexts.most
      return take(")") ? texts : nil
    }

    /// One of some letters and digits. Ranges and everything else that a class may hold are left to the matcher.
    private mutating func characters() -> [[UInt8]]? {
      let some = rest.prefix(while: Self.isWord)
      rest = rest[some.endIndex...]
      return !some.isEmpty && take("]") ? some.map { [$0] } : nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }
  }
}
