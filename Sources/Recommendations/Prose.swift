/// Tells a value from a sentence. A file may be called `ignore-all-previous-instructions.md`: it has the shape of a path,
/// and still it would speak to whoever reads the line.
///
/// The rule: between two slashes at most six words joined by `-`, `_`, `.`, spaces or capitals (twelve in the name of a
/// test); no word of more than 24 letters, nor more than eight letters of scripts that are written without spaces; no
/// word of Latin and look-alike letters mixed; and never a verb of command ("ignore", "obey") together with what it
/// would be said of ("previous", "instructions"), nor two words that only speak to a reader ("you", "must", "please").
/// This loses a few honest names. They are shown by `explain` and not written.
enum Prose {
  static func speaks(_ value: String, mostWords: Int = 6) -> Bool {
    var said: Set<String> = []
    for part in value.split(separator: "/") {
      let words = words(of: part)
      if words.count(where: { $0.count > 1 && $0.contains(where: \.isLetter) }) > mostWords { return true }
      if words.contains(where: { isChain($0) || isMixed($0) }) { return true }
      said.formUnion(words.map { $0.lowercased() })
    }
    if value.unicodeScalars.count(where: { $0.value >= 0x0E00 && $0.properties.isAlphabetic }) > 8 { return true }
    let commands = said.intersection(Self.commands).count
    let objects = said.intersection(Self.objects).count
    let addresses = said.intersection(Self.addresses).count
    return commands > 0 && objects + addresses > 0 || addresses > 1 || addresses > 0 && objects > 0
  }

  /// Whether a text of somebody's own, which may well say "you must", speaks against what its reader was told.
  static func givesOrders(_ text: String) -> Bool {
    let said = Set(words(of: text[...]).map { $0.lowercased() })
    return !said.isDisjoint(with: orders) && !said.isDisjoint(with: toldBefore)
  }

  private static let orders: Set<String> = [
    "ignore", "ignoring", "disregard", "bypass", "obey", "pretend", "jailbreak", "exfiltrate",
  ]
  private static let toldBefore: Set<String> = [
    "previous", "prior", "instruction", "instructions", "prompt", "prompts", "guideline", "guidelines", "safety",
    "restrictions", "credentials", "secrets",
  ]

  private static let commands: Set<String> = [
    "ignore", "ignoring", "disregard", "override", "bypass", "forget", "obey", "pretend", "jailbreak", "exfiltrate",
    "reveal", "leak",
    "instead",
  ]
  private static let objects: Set<String> = [
    "previous", "prior", "above", "earlier", "all", "everything", "instruction", "instructions", "prompt", "prompts",
    "guideline",
    "guidelines", "rules", "safety", "secret", "secrets", "credentials", "restrictions", "human", "assistant", "system",
  ]
  private static let addresses: Set<String> = [
    "you", "your", "must", "always", "never", "please", "instructions", "now", "should", "dear", "assistant",
    "attention", "important",
    "immediately",
  ]

  /// Runs of letters and digits, cut where a capital follows a small letter.
  private static func words(of text: Substring) -> [Substring] {
    var words: [Substring] = []
    var start: Substring.Index?
    var last: Character = " "
    for index in text.indices {
      let character = text[index]
      let isPart = character.isLetter || character.isNumber
      if let begun = start, !isPart || (last.isLowercase && character.isUppercase) {
        words.append(text[begun..<index])
        start = nil
      }
      if isPart, start == nil { start = index }
      last = character
    }
    if let start { words.append(text[start...]) }
    return words
  }

  /// A sentence without its spaces: long, and of many letters.
  private static func isChain(_ word: Substring) -> Bool {
    word.count > 24 && word.allSatisfy(\.isLetter) && Set(word).count > 7
  }

  /// Latin letters beside Greek or Cyrillic ones, of which many look the same.
  private static func isMixed(_ word: Substring) -> Bool {
    let scalars = word.unicodeScalars
    return scalars.contains { $0.isASCII && $0.properties.isAlphabetic }
      && scalars.contains { (0x370...0x52F).contains($0.value) }
  }
}
