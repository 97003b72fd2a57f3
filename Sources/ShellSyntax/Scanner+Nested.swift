/// An open bracket or quote while the end of an expansion is looked for.
private struct Frame {
  enum Kind {
    /// `$(`, `(`, `<(`: commands.
    case command
    /// Parentheses of arithmetic.
    case arithmetic
    /// `${`.
    case brace
    case doubleQuote
  }

  let kind: Kind
  /// Inside double quotes, where a single quote is an ordinary character.
  var isQuoted = false
  /// How many `case` are open: the parentheses after their patterns close nothing.
  var openCases = 0
  /// The next word is a program or a keyword.
  var expectsCommand = true
  var isAtWordStart = true
}

extension Scanner {
  /// Moves past the bracketed text that begins at the position (`$(`, `${`, `(`, `<(`, a backtick); to the end of the
  /// text when it is not closed. Between double quotes, single quotes inside `${…}` are ordinary characters.
  mutating func skipNested(isQuoted: Bool = false) {
    guard current != Byte.backtick else { return skipBackticks() }
    var frames: [Frame] = []
    var heredocs: [PendingHeredoc] = []
    if current == Byte.less || current == Byte.greater { position += 1 }
    open(&frames, isQuoted: isQuoted)
    while let top = frames.last, let byte = current {
      switch top.kind {
      case .command: stepCommand(byte, &frames, &heredocs)
      case .arithmetic: stepArithmetic(byte, &frames)
      case .brace: stepBrace(byte, &frames)
      case .doubleQuote: stepDoubleQuote(byte, &frames)
      }
    }
    if !frames.isEmpty { isComplete = false }
    position = min(position, bytes.count)
  }

  /// Moves past `((…))` when the position is at one; otherwise stays and says no.
  mutating func skipArithmeticCommand() -> Bool {
    let start = position
    let wasComplete = isComplete
    position += 2
    var frames = [Frame(kind: .arithmetic)]
    while let top = frames.last, let byte = current {
      switch top.kind {
      case .brace: stepBrace(byte, &frames)
      case .doubleQuote: stepDoubleQuote(byte, &frames)
      case .arithmetic: stepArithmetic(byte, &frames)
      case .command:
        var none: [PendingHeredoc] = []
        stepCommand(byte, &frames, &none)
      }
    }
    if frames.isEmpty, current == Byte.closeParen {
      position += 1
      return true
    }
    position = start
    isComplete = wasComplete
    return false
  }

  /// Takes the opening bracket at the position.
  private mutating func open(_ frames: inout [Frame], isQuoted: Bool = false) {
    let hasDollar = current == Byte.dollar
    if hasDollar { position += 1 }
    let isQuoted = frames.last.map { $0.kind == .doubleQuote || ($0.kind == .brace && $0.isQuoted) } ?? isQuoted
    if current == Byte.openBrace {
      position += 1
      frames.append(Frame(kind: .brace, isQuoted: isQuoted))
    } else if frames.last?.kind == .arithmetic, !hasDollar {
      position += 1
      frames.append(Frame(kind: .arithmetic))
    } else {
      let isArithmetic = hasDollar && peek(1) == Byte.openParen
      position += 1
      frames.append(Frame(kind: .command))
      if isArithmetic {
        position += 1
        frames.append(Frame(kind: .arithmetic))
      }
    }
  }

  private mutating func close(_ frames: inout [Frame]) {
    position += 1
    frames.removeLast()
    guard !frames.isEmpty else { return }
    frames[frames.count - 1].isAtWordStart = false
    frames[frames.count - 1].expectsCommand = false
  }

  private mutating func stepCommand(_ byte: UInt8, _ frames: inout [Frame], _ heredocs: inout [PendingHeredoc]) {
    let top = frames.count - 1
    switch byte {
    case Byte.space, Byte.tab, Byte.carriageReturn:
      position += 1
      frames[top].isAtWordStart = true
    case Byte.newline, Byte.semicolon, Byte.pipe, Byte.ampersand:
      position += 1
      frames[top].isAtWordStart = true
      frames[top].expectsCommand = true
      if byte == Byte.newline { skipHeredocs(&heredocs, depth: frames.count) }
    case Byte.openParen:
      open(&frames)
    case Byte.closeParen where frames[top].openCases > 0:
      position += 1
      frames[top].isAtWordStart = true
      frames[top].expectsCommand = true
    case Byte.closeParen:
      while let last = heredocs.last, last.depth >= frames.count { heredocs.removeLast() }
      close(&frames)
    case Byte.less where peek(1) == Byte.less && peek(2) == Byte.less:
      position += 3
    case Byte.less where peek(1) == Byte.less:
      beginHeredoc(&heredocs, depth: frames.count)
    case Byte.hash where frames[top].isAtWordStart:
      skipLine()
    default:
      let wasAtStart = frames[top].isAtWordStart
      if wasAtStart, frames[top].expectsCommand, let word = bareWord() {
        noteKeyword(word, &frames[top])
        if Keyword.all.contains(word) {
          position += word.utf8.count
          return
        }
      }
      frames[top].isAtWordStart = false
      frames[top].expectsCommand = false
      stepQuotes(byte, &frames)
    }
  }

  private func noteKeyword(_ word: String, _ frame: inout Frame) {
    switch word {
    case "case": frame.openCases += 1
    case "esac": frame.openCases = max(0, frame.openCases - 1)
    default: return
    }
    frame.expectsCommand = false
  }

  private mutating func beginHeredoc(_ heredocs: inout [PendingHeredoc], depth: Int) {
    position += 2
    let stripsTabs = current == Byte.dash
    if stripsTabs { position += 1 }
    skipBlanks(comments: false)
    let delimiter = readWord(.delimiter)
    guard !delimiter.source.isEmpty else { return }
    heredocs.append(
      PendingHeredoc(delimiter: Array(delimiter.text.utf8), stripsTabs: stripsTabs, depth: depth))
  }

  private mutating func skipHeredocs(_ heredocs: inout [PendingHeredoc], depth: Int) {
    // Those of inner brackets are gone, so the ones of this depth are the last.
    let due = heredocs.drop { $0.depth < depth }
    for heredoc in due { _ = readHeredoc(heredoc) }
    heredocs.removeLast(due.count)
  }

  private mutating func stepArithmetic(_ byte: UInt8, _ frames: inout [Frame]) {
    switch byte {
    case Byte.openParen: open(&frames)
    case Byte.closeParen: close(&frames)
    case Byte.singleQuote: position += 1
    default: stepQuotes(byte, &frames)
    }
  }

  private mutating func stepBrace(_ byte: UInt8, _ frames: inout [Frame]) {
    switch byte {
    case Byte.closeBrace: close(&frames)
    case Byte.singleQuote where frames[frames.count - 1].isQuoted: position += 1
    default: stepQuotes(byte, &frames)
    }
  }

  private mutating func stepDoubleQuote(_ byte: UInt8, _ frames: inout [Frame]) {
    switch byte {
    case Byte.doubleQuote: close(&frames)
    case Byte.singleQuote: position += 1
    default: stepQuotes(byte, &frames)
    }
  }

  /// What means the same in every kind of bracket.
  private mutating func stepQuotes(_ byte: UInt8, _ frames: inout [Frame]) {
    switch byte {
    case Byte.backslash:
      position = min(position + 2, bytes.count)
    case Byte.singleQuote:
      skipSingleQuotes()
    case Byte.doubleQuote:
      position += 1
      frames.append(Frame(kind: .doubleQuote))
    case Byte.backtick:
      skipBackticks()
    case Byte.dollar where peek(1) == Byte.openParen || peek(1) == Byte.openBrace:
      open(&frames)
    case Byte.dollar where peek(1) == Byte.singleQuote && frames.last?.kind == .command:
      position += 1
      skipANSIQuotes()
    default:
      position += 1
    }
  }

  /// Moves past `'…'`.
  mutating func skipSingleQuotes() {
    position += 1
    while let byte = current, byte != Byte.singleQuote { position += 1 }
    closeQuote()
  }

  /// Moves past the quotes of `$'…'`, where a backslash escapes.
  mutating func skipANSIQuotes() {
    position += 1
    skipEscaped(to: Byte.singleQuote)
  }

  mutating func skipBackticks() {
    position += 1
    skipEscaped(to: Byte.backtick)
  }

  private mutating func skipEscaped(to end: UInt8) {
    while let byte = current, byte != end {
      position = min(position + (byte == Byte.backslash ? 2 : 1), bytes.count)
    }
    closeQuote()
  }

  private mutating func closeQuote() {
    if isAtEnd { isComplete = false } else { position += 1 }
  }
}
