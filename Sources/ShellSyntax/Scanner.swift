/// A place in the bytes of a command.
struct Scanner {
  let bytes: [UInt8]
  var position = 0
  /// Cleared when a quote, a bracket or a heredoc is not closed, or something stands where no shell would take it.
  var isComplete = true

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// The byte at the position, nil at the end.
  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  func text(from start: Int, to end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// A backslash before a line end, which joins two lines.
  var continuationLength: Int {
    guard current == Byte.backslash else { return 0 }
    if peek(1) == Byte.newline { return 2 }
    return peek(1) == Byte.carriageReturn && peek(2) == Byte.newline ? 3 : 0
  }

  /// Skips blanks and joined lines, and a comment when one may stand here.
  mutating func skipBlanks(comments: Bool = true) {
    while let byte = current {
      if Byte.isBlank(byte) {
        position += 1
      } else if continuationLength > 0 {
        position += continuationLength
      } else if byte == Byte.hash, comments {
        skipLine()
      } else {
        return
      }
    }
  }

  /// Moves to the next line end, not past it.
  mutating func skipLine() {
    while let byte = current, byte != Byte.newline { position += 1 }
  }

  /// The unquoted word at the position, when it is short enough to be a keyword.
  func bareWord() -> String? {
    var end = position
    while end < bytes.count, !Byte.isSeparator(bytes[end]) {
      end += 1
      if end - position > 8 { return nil }
    }
    return end > position ? text(from: position, to: end) : nil
  }
}
