internal import SessionModel

/// The sentences of a message that are its writer's own words to the agent. People paste logs, files and what others
/// wrote: in doubt a sentence is left out, because a wrong preference does more harm than a missed one.
enum OwnWords {
  struct Sentence: Hashable {
    var text: String
    /// Byte offset in the message.
    var offset: Int
  }

  static func sentences(of message: String) -> [Sentence] {
    guard isTyped(message) else { return [] }
    var sentences: [Sentence] = []
    var offset = 0
    for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
      defer { offset += line.utf8.count + 1 }
      guard !isQuoted(line) else { continue }
      var rest = line[...]
      while !rest.isEmpty {
        let end = rest.indices.first { isEnd($0, in: rest) } ?? rest.endIndex
        let mark = end < rest.endIndex ? rest[end] : "."
        let sentence = trimmed(rest[..<end])
        // A question asks; it orders nothing.
        if mark != "?", !sentence.isEmpty, !sentence.contains(where: { "\"“”«»".contains($0) }) {
          let place = line.utf8.distance(from: line.startIndex, to: sentence.startIndex)
          sentences.append(Sentence(text: String(sentence).replacing("’", with: "'"), offset: offset + place))
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
    let lines = message.split(separator: "\n")
    return lines.count <= 10
      && !lines.contains { line in pasted.contains { line.hasPrefix($0) } }
  }

  private static let pasted = [
    "#", "<", "|", "@@", "---", "+++", "===", "$ ", "% ", "⏺", "●", "❯", "⎿", "│", "╭", "Traceback",
  ]

  private static func isQuoted(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    // Lists are copied more often than typed, and what is indented is part of something.
    return line.hasPrefix("  ") || line.hasPrefix("\t")
      || [">", "- ", "* ", "+ ", "• "].contains { text.hasPrefix($0) }
      || (text.first?.isNumber ?? false)
  }

  private static func isEnd(_ index: Substring.Index, in text: Substring) -> Bool {
    guard ".!?;".contains(text[index]) else { return false }
    let next = text.index(after: index)
    return next == text.endIndex || text[next].isWhitespace || ".!?".contains(text[next])
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace || ".!?;".contains($0) }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
