/// Where a word stands, which decides what ends it.
enum WordPlace {
  /// The program: `name()` is a function, not a word.
  case command
  case argument
  /// Between `[[` and `]]`, where operators of the shell are ordinary characters.
  case conditional
  /// The end of a heredoc, where nothing is expanded.
  case delimiter
}

extension Scanner {
  /// A word begins here: the byte is not a blank or an operator, or opens a process substitution.
  var isAtWord: Bool {
    guard let byte = current else { return false }
    if byte == Byte.less || byte == Byte.greater { return peek(1) == Byte.openParen }
    return !Byte.isSeparator(byte)
  }

  /// Reads the word at the position, which may be a parenthesis that stands where a word should.
  mutating func readWord(_ place: WordPlace) -> Word {
    let start = position
    if let word = plainWord() { return word }
    var draft = WordDraft(keepsBackslashes: isAtWindowsPath)
    while let byte = current, readPiece(byte, place, start, &draft) {}
    let source = text(from: start, to: position)
    guard draft.isChanged else {
      return Word(text: source, source: source, isQuoted: false, hasExpansion: draft.hasExpansion)
    }
    return Word(
      text: String(decoding: draft.text, as: UTF8.self), source: source, isQuoted: draft.isQuoted,
      hasExpansion: draft.hasExpansion)
  }

  /// The word at the position, where nothing in it or right behind it means anything to a shell: most are such.
  private mutating func plainWord() -> Word? {
    let start = position
    let end = endOfPlain(from: start)
    guard end > start, end == bytes.count || Byte.isBlank(bytes[end]) || bytes[end] == Byte.newline else { return nil }
    position = end
    let text = text(from: start, to: end)
    return Word(text: text, source: text, isQuoted: false, hasExpansion: false)
  }

  private func endOfPlain(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Byte.isPlain(bytes[end]) { end += 1 }
    return end
  }

  /// `C:\…`, `.\…`, `..\…`: no POSIX shell gets these from an agent that means an escape.
  private var isAtWindowsPath: Bool {
    guard let byte = current else { return false }
    if byte == Byte.dot {
      return peek(1) == Byte.backslash || (peek(1) == Byte.dot && peek(2) == Byte.backslash)
    }
    return Byte.isLetter(byte) && peek(1) == Byte.colon && peek(2) == Byte.backslash
  }

  /// Reads one character, quote or expansion; false when the word has ended.
  private mutating func readPiece(_ byte: UInt8, _ place: WordPlace, _ start: Int, _ draft: inout WordDraft) -> Bool {
    switch byte {
    case Byte.singleQuote: readSingleQuotes(&draft)
    case Byte.doubleQuote: readDoubleQuotes(&draft, expands: place != .delimiter)
    case Byte.backslash: readBackslash(&draft)
    case Byte.dollar where peek(1) == Byte.singleQuote: readANSIQuotes(&draft)
    case Byte.dollar where peek(1) == Byte.doubleQuote:
      position += 1
      readDoubleQuotes(&draft, expands: place != .delimiter)
    case Byte.dollar, Byte.backtick:
      readExpansion(&draft, nests: place != .delimiter)
    case Byte.newline: return false
    case _ where Byte.isBlank(byte): return false
    case _ where Byte.isSeparator(byte): return readSeparator(byte, place, start, &draft)
    default:
      let start = position
      position = endOfPlain(from: start)
      draft.text += bytes[start..<position]
    }
    return true
  }

  private mutating func readSeparator(
    _ byte: UInt8, _ place: WordPlace, _ start: Int, _ draft: inout WordDraft
  ) -> Bool {
    switch place {
    case .delimiter: return false
    case .conditional where byte == Byte.semicolon: return false
    case .conditional:
      draft.text.append(byte)
      position += 1
      return true
    case .command, .argument: break
    }
    if byte == Byte.less || byte == Byte.greater {
      guard peek(1) == Byte.openParen else { return false }
      draft.hasExpansion = true
    } else if byte == Byte.openParen {
      if place == .command, emptyParenthesesLength > 0 { return false }
      if !takesParenthesis(from: start) { isComplete = false }
    } else {
      return false
    }
    keepNested(&draft)
    return true
  }

  /// Length of `( )` at the position, 0 when something else is there.
  var emptyParenthesesLength: Int {
    guard current == Byte.openParen else { return 0 }
    var end = position + 1
    while end < bytes.count, Byte.isBlank(bytes[end]) { end += 1 }
    return end < bytes.count && bytes[end] == Byte.closeParen ? end + 1 - position : 0
  }

  /// The parenthesis at the position belongs to an array or an extended pattern: `a=(…)`, `!(…)`.
  private func takesParenthesis(from start: Int) -> Bool {
    guard position > start else { return false }
    switch bytes[position - 1] {
    case Byte.equals: return assignmentNameEnd(from: start, to: position) != nil
    case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "@"), Byte.bang: return true
    default: return false
    }
  }

  /// Where the name of an assignment ends (`NAME=`, `NAME+=`, `NAME[i]=`) when the text up to `end` begins with one.
  func assignmentNameEnd(from start: Int, to end: Int) -> Int? {
    guard start < end, Byte.isName(bytes[start]), !Byte.isDigit(bytes[start]) else { return nil }
    var index = start
    while index < end, Byte.isName(bytes[index]) { index += 1 }
    let nameEnd = index
    if index < end, bytes[index] == UInt8(ascii: "[") {
      while index < end, bytes[index] != UInt8(ascii: "]") { index += 1 }
      index += 1
    }
    if index < end, bytes[index] == UInt8(ascii: "+") { index += 1 }
    return index < end && bytes[index] == Byte.equals ? nameEnd : nil
  }

  private mutating func readSingleQuotes(_ draft: inout WordDraft) {
    let start = position + 1
    skipSingleQuotes()
    let isClosed = position > start && bytes[position - 1] == Byte.singleQuote
    draft.text += bytes[start..<(isClosed ? position - 1 : position)]
    draft.isQuoted = true
  }

  private mutating func readBackslash(_ draft: inout WordDraft) {
    let joined = draft.keepsBackslashes ? 0 : continuationLength
    if joined > 0 {
      position += joined
      draft.isChanged = true
    } else if draft.keepsBackslashes || position + 1 >= bytes.count {
      draft.text.append(Byte.backslash)
      position += 1
    } else {
      draft.text.append(bytes[position + 1])
      position += 2
      draft.isQuoted = true
    }
  }

  private mutating func readDoubleQuotes(_ draft: inout WordDraft, expands: Bool) {
    draft.isQuoted = true
    position += 1
    while let byte = current, byte != Byte.doubleQuote {
      switch byte {
      case Byte.backslash: readQuotedBackslash(&draft)
      case Byte.dollar, Byte.backtick: readExpansion(&draft, nests: expands, isQuoted: true)
      default:
        draft.text.append(byte)
        position += 1
      }
    }
    if isAtEnd { isComplete = false } else { position += 1 }
  }

  private mutating func readQuotedBackslash(_ draft: inout WordDraft) {
    let joined = continuationLength
    if joined > 0 {
      position += joined
      return
    }
    switch peek(1) {
    case let byte?
    where byte == Byte.dollar || byte == Byte.backtick || byte == Byte.doubleQuote
      || byte == Byte.backslash:
      draft.text.append(byte)
      position += 2
    default:
      draft.text.append(Byte.backslash)
      position += 1
    }
  }

  /// Keeps an expansion as it is written, or a `$` that begins none.
  private mutating func readExpansion(_ draft: inout WordDraft, nests: Bool, isQuoted: Bool = false) {
    let isBracket = current == Byte.backtick || peek(1) == Byte.openParen || peek(1) == Byte.openBrace
    if isBracket, nests {
      draft.hasExpansion = true
      keepNested(&draft, isQuoted: isQuoted)
      return
    }
    if nests, let next = peek(1), Byte.isParameter(next) { draft.hasExpansion = true }
    if let byte = current { draft.text.append(byte) }
    position += 1
  }

  private mutating func keepNested(_ draft: inout WordDraft, isQuoted: Bool = false) {
    let start = position
    skipNested(isQuoted: isQuoted)
    draft.text += bytes[start..<position]
  }
}
