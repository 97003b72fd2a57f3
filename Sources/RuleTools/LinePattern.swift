internal import PatternEngine

/// A line of output turned into a pattern: what changes from call to call becomes a capture or a class, the rest stays.
struct LinePattern {
  private(set) var pattern = ""
  private(set) var captures: [String: String] = [:]
  /// The line with its captures replaced by other values: a second call of the same kind.
  private(set) var twin = ""
  /// The line without what changes: equal for lines that say the same.
  private(set) var shape = ""

  init(_ line: String) {
    var rest = line[...]
    var before = ""
    while let first = rest.first {
      if let piece = Self.changing(rest, after: before, isWordStart: before.last.map { !$0.isWordPart } ?? true) {
        add(piece)
        before += piece.text
        rest = rest.dropFirst(piece.text.count)
      } else {
        pattern += Self.escaped(first)
        twin.append(first)
        shape.append(first)
        before.append(first)
        rest = rest.dropFirst()
      }
    }
    pattern = "^" + pattern + (line.count < 200 ? "$" : "")
  }

  private struct Piece {
    var text: String
    var name: String?
    var form: String
    var other: String
  }

  private mutating func add(_ piece: Piece) {
    if let name = piece.name, captures[name] == nil {
      captures[name] = piece.text
      pattern += "(?<\(name)>\(piece.form))"
    } else {
      pattern += piece.form
    }
    twin += piece.other
    shape += "‹\(piece.name ?? "n")›"
  }

  /// The part at the start of a text that will be different in another call.
  private static func changing(_ rest: Substring, after before: String, isWordStart: Bool) -> Piece? {
    guard isWordStart, let first = rest.first else { return nil }
    // What stands in quotes is what the program was asked about.
    if let quote = before.last, "'\"`".contains(quote), let end = rest.firstIndex(of: quote), end > rest.startIndex {
      let text = String(rest[..<end])
      let name = name(of: text, after: before)
      let other = name == "path" ? "src/other.txt" : name == "flag" ? "--other" : "other"
      return Piece(text: text, name: name, form: "[^\(quote)\\n]+", other: other)
    }
    let word = String(rest.prefix { !$0.isWhitespace && !"'\"`,;()<>|".contains($0) })
    let trimmed = String(word.trimmingSuffix { ":.".contains($0) })
    if trimmed.contains("://") {
      return Piece(text: trimmed, name: "url", form: "\\w+://\\S+?", other: "https://example.org/other")
    }
    if trimmed.hasPrefix("--"), trimmed.count > 3 {
      return Piece(text: trimmed, name: "flag", form: "--[\\w-]+", other: "--other")
    }
    let path = String(trimmed.prefix { $0 != ":" })
    if path.count > 2, path.contains("/") || isFileName(path) {
      return Piece(
        text: path, name: "path", form: "[^\\s:]+", other: path.hasPrefix("/") ? "/srv/other.txt" : "src/other.txt")
    }
    if first.isNumber {
      let digits = String(rest.prefix { $0.isNumber })
      return Piece(text: digits, name: nil, form: "\\d+", other: digits)
    }
    if trimmed.count >= 7, trimmed.allSatisfy({ $0.isHexDigit }), trimmed.contains(where: \.isNumber) {
      return Piece(text: trimmed, name: "revision", form: "[0-9a-f]{7,40}", other: "0a1b2c3d")
    }
    return nil
  }

  private static func name(of text: String, after before: String) -> String {
    if text.hasPrefix("-") { return "flag" }
    if text.contains("/") || isFileName(text) { return "path" }
    let words = before.lowercased().split { !$0.isLetter }.suffix(2)
    let known = [
      "module", "package", "program", "command", "script", "target", "host", "port", "variable", "test", "branch",
      "tool",
    ]
    return words.reversed().compactMap { word in known.first { word.hasPrefix($0) } }.first ?? "name"
  }

  private static func isFileName(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let ending = parts.last, let stem = parts.first, !stem.isEmpty else { return false }
    return (1...5).contains(ending.count) && ending.contains(where: \.isLetter)
      && ending.allSatisfy { $0.isLetter || $0.isNumber }
      && text.allSatisfy { $0.isWordPart || $0 == "." || $0 == "-" }
  }

  private static func escaped(_ character: Character) -> String {
    "\\^$.|?*+()[]{}".contains(character) ? "\\\(character)" : String(character)
  }
}

extension Character {
  fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}

extension String {
  fileprivate func trimmingSuffix(_ isIn: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, isIn(last) { text.removeLast() }
    return text
  }
}

/// The line of an output that says what went wrong.
enum TellingLine {
  static func of(_ output: String) -> String? {
    let lines = output.split(whereSeparator: \.isNewline).map(String.init).filter { line in
      !line.hasPrefix("Exit code ") && line.contains { $0.isLetter }
    }
    return lines.max { worth($0) < worth($1) } ?? lines.first
  }

  private static let words = [
    "error", "fatal", "failed", "cannot", "can't", "not found", "denied", "invalid", "unknown", "no such", "unable",
    "exception",
    "panic", "missing", "refused", "unexpected", "not ", "usage:",
  ]

  private static func worth(_ line: String) -> Int {
    let lowered = line.lowercased()
    let found = words.enumerated().filter { lowered.contains($1) }.map { 30 - $0.offset }.max() ?? 0
    return line.hasPrefix(" ") || line.count > 300 ? found / 2 : found
  }
}
