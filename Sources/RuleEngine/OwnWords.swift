internal import SessionModel

/// The sentences of a message that are its writer's own words to the agent. People paste logs, files and what others
/// wrote: in doubt a sentence is left out, because a wrong preference does more harm than a missed one.
enum OwnWords {
  struct Sentence: Hashable {
    var text: String
    /// Byte offset in the message.
    var offset: Int
  }

  /// - Parameter places: Byte offsets; only sentences that hold one are wanted. nil for all.
  static func sentences(of message: String, around places: [Int]? = nil) -> [Sentence] {
    func isWanted(_ range: Range<Int>) -> Bool { places.map { $0.contains(where: range.contains) } ?? true }
    guard isTyped(message) else { return [] }
    var sentences: [Sentence] = []
    var offset = 0
    for bytes in message.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let line = Substring(bytes)
      defer { offset += line.utf8.count + 1 }
      guard isWanted(offset..<offset + line.utf8.count), !isQuoted(line) else { continue }
      var rest = line[...]
      while !rest.isEmpty {
        let end = end(ofSentenceIn: rest)
        let mark = end < rest.endIndex ? rest[end] : "."
        let sentence = trimmed(rest[..<end])
        let start = offset + line.utf8.distance(from: line.startIndex, to: sentence.startIndex)
        // A question asks; it orders nothing.
        if mark != "?", !sentence.isEmpty, isWanted(start..<start + sentence.utf8.count),
          !sentence.unicodeScalars.contains(where: isQuote)
        {
          sentences.append(Sentence(text: plain(String(sentence)), offset: start))
        }
        rest = end < rest.endIndex ? rest[rest.index(after: end)...] : rest[rest.endIndex...]
      }
    }
    return sentences
  }

  /// What is long, marked up or machine-made was not typed for this agent.
  private static func isTyped(_ message: String) -> Bool {
    guard message.utf8.count <= 1000, !message.holds("```"), !message.holds("</"), !message.holds("{\"") else {
      return false
    }
    let lines = message.utf8.split(separator: UInt8(ascii: "\n"))
    return lines.count <= 10 && !lines.contains(where: isPasted)
  }

  private static func isPasted(_ line: Substring.UTF8View) -> Bool {
    guard let first = line.first, pastedStarts.contains(first) else { return false }
    return pasted.contains { line.starts(with: $0.utf8) }
  }

  private static let pastedStarts = Set(pasted.compactMap(\.utf8.first))

  private static let pasted = [
    "#", "<", "|", "@@", "---", "+++", "===", "$ ", "% ", "⏺", "●", "❯", "⎿", "│", "╭", "Traceback",
  ]

  private static func isQuoted(_ line: Substring) -> Bool {
    let bytes = line.utf8
    let text = bytes.drop { $0 == 32 || $0 == 9 }
    // Lists are copied more often than typed, and what is indented is part of something.
    return bytes.starts(with: "  ".utf8) || bytes.starts(with: "\t".utf8)
      || [">", "- ", "* ", "+ ", "• "].contains { text.starts(with: $0.utf8) }
      || (Substring(text).first?.isNumber ?? false)
  }

  /// With plain apostrophes.
  static func plain(_ text: String) -> String {
    text.holds("’") ? text.replacing("’", with: "'") : text
  }

  private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", "“", "”", "«", "»": true
    default: false
    }
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"): true
    default: false
    }
  }

  private static func end(ofSentenceIn text: Substring) -> Substring.Index {
    var from = text.startIndex
    while let mark = text.utf8[from...].firstIndex(where: isMark) {
      if isEnd(mark, in: text) { return mark }
      from = text.utf8.index(after: mark)
    }
    return text.endIndex
  }

  /// Whether a mark ends a sentence, rather than standing inside a name or a number.
  private static func isEnd(_ index: Substring.Index, in text: Substring) -> Bool {
    let next = text.index(after: index)
    return next == text.endIndex || text[next].isWhitespace || ".!?".contains(text[next])
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace || ".!?;".contains($0) }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
