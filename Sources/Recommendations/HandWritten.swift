public import RulePack
internal import Secrets
internal import SessionModel

/// Why a text of somebody's own cannot stand in a context file.
public struct LineFault: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// Nothing is left of it.
    case empty
    /// It is longer than a line or a heading has any need to be.
    case tooLong(limit: Int)
    /// A control, direction, invisible or tag character.
    case unprintable
    /// Markup that means more than text: a marker, comment, tag, heading, fence, link or import.
    case markup(String)
    /// A code span that is empty or not closed.
    case openCode
    /// A code span whose text no slot of a rule would take: too long, a sentence, a strange address.
    case value(String)
    /// It tells whoever reads it to disregard what they were told.
    case orders
    /// What looks like a key, a password or an address.
    case secret
  }

  public let reason: Reason
  /// The line or the heading; a text that holds a secret is not repeated.
  public let text: String
}

extension LineFault: CustomStringConvertible {
  public var description: String {
    let shown = text.count > 60 ? String(text.prefix(60)) + "…" : text
    return switch reason {
    case .empty: "the text is empty; give it at least one word"
    case .tooLong(let limit): "longer than \(limit) bytes, say it in fewer: \(shown.debugDescription)"
    case .unprintable: "a character that cannot be seen, take it out: \(shown.debugDescription)"
    case .markup(let mark): "\(mark.debugDescription) would be more than text, take it out: \(shown.debugDescription)"
    case .openCode: "a code span is empty or not closed: \(shown.debugDescription)"
    case .value(let span): "not fit for a code span, write it without backticks: \(span.debugDescription)"
    case .orders: "it speaks against the instructions of its reader: \(shown.debugDescription)"
    case .secret: "the text holds what looks like a key, a password or an address"
    }
  }
}

extension Draft {
  /// Lessons that no rule has drafted, by the checks that those of the rules pass.
  ///
  /// - Parameters:
  ///   - content: One line, or several that each become a bullet; a leading `- ` is taken off. Home folders become `~`.
  ///   - tokens: What all of it saves in a session.
  /// - Returns: One draft for each line, all with one id: they are forgotten together.
  public static func handWritten(
    _ content: String, section: String, target: Lesson.Target, tokens: Int
  ) throws(LineFault) -> [Draft] {
    let section = section.trimmed
    try HandWritten.checkTitle(section)
    let lines = content.split(whereSeparator: \.isNewline).map { HandWritten.text(of: $0) }.filter { !$0.isEmpty }
    guard !lines.isEmpty else { throw LineFault(reason: .empty, text: content) }
    for line in lines { try HandWritten.check(line) }
    let key = LessonKey(ruleID: "by-hand", values: [section] + lines)
    return lines.enumerated().map { index, line in
      Draft(
        id: LessonBook.id(of: key), ruleID: key.ruleID, section: section, target: target, text: line,
        trigger: Trigger(category: .other, values: [:]), correction: nil, confidence: 1,
        evidence: Evidence(key: key, []), tokensPerSession: index == 0 ? max(0, tokens) : 0)
    }
  }
}

private enum HandWritten {
  private static let longestLine = 400
  private static let longestTitle = 60

  /// What would be read as more than text outside of code spans.
  private static let markup = [
    "<!", "</", "<?", "](", "][", "]:", "![", "[[", "://", "www.", "mailto:", "\\",
  ]
  /// At the start of a bullet.
  private static let openings = ["#", "~~~", ">", "===", "---", "***", "___", "- ", "* ", "+ "]

  static func text(of line: Substring) -> String {
    let line = String(line).trimmed
    let text = line.hasPrefix("- ") ? String(line.dropFirst(2)).trimmed : line
    return text == "-" ? "" : SlotValue.withoutHomes(text)
  }

  static func checkTitle(_ title: String) throws(LineFault) {
    guard title.utf8.count <= longestTitle else { throw LineFault(reason: .tooLong(limit: longestTitle), text: title) }
    if title.utf8.contains(UInt8(ascii: "`")) { throw LineFault(reason: .markup("`"), text: title) }
    try check(title)
  }

  static func check(_ text: String) throws(LineFault) {
    func fault(_ reason: LineFault.Reason) -> LineFault { LineFault(reason: reason, text: text) }
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw fault(.empty) }
    guard text.utf8.count <= longestLine else { throw fault(.tooLong(limit: longestLine)) }
    guard SecretScanner().secrets(in: Array(text.utf8)).isEmpty else { throw LineFault(reason: .secret, text: "") }
    guard !SlotValue.holdsHidden(text) else { throw fault(.unprintable) }
    if let mark = ["<!--", "-->", "headroom:learn", "```"].first(where: { text.holds($0) }) {
      throw fault(.markup(mark))
    }
    if let mark = openings.first(where: { text.utf8.starts(with: $0.utf8) }) { throw fault(.markup(mark)) }
    if Prose.givesOrders(text) { throw fault(.orders) }
    // By bytes: a mark that combines with a backtick must not hide it.
    let parts = text.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard parts.count % 2 == 1 else { throw fault(.openCode) }
    for (index, part) in parts.enumerated() {
      if index % 2 == 0 {
        if let mark = markup(in: part) { throw fault(.markup(mark)) }
      } else if part.trimmed.isEmpty {
        throw fault(.openCode)
      } else if !SlotValue.isFit(part, as: "fix"), !SlotValue.isFit(part, as: "path") {
        throw fault(.value(part))
      }
    }
  }

  private static func markup(in text: String) -> String? {
    if let mark = markup.first(where: { text.holds($0) }) { return mark }
    // A tag is a `<` with a letter behind it, an import an `@` that is not inside a word.
    var last: UInt8 = 32
    for byte in text.utf8 {
      if last == UInt8(ascii: "<"), isLetter(byte) { return "<" }
      if byte == UInt8(ascii: "@"), !isLetter(last), !(48...57).contains(last) { return "@" }
      last = byte
    }
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
}
