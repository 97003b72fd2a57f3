extension Parser {
  /// Parses a simple command, up to the operator or line end after it.
  mutating func parseCommand(after first: Word? = nil) {
    var parts: [SimpleCommand.Part] = []
    parts.reserveCapacity(Self.usualParts)
    if let first { parts.append(.word(first)) }
    var hasWord = first != nil
    while true {
      scanner.skipBlanks()
      if let redirection = parseRedirection() {
        parts.append(.redirection(redirection))
        continue
      }
      if parts.count == 1, hasWord, first == nil, scanner.emptyParenthesesLength > 0, case .word(let name) = parts[0] {
        return parseFunction(name)
      }
      guard scanner.isAtWord || (scanner.current == Byte.openParen && !parts.isEmpty) else { break }
      let start = scanner.position
      let word = scanner.readWord(hasWord ? .argument : .command)
      if !hasWord, let nameEnd = scanner.assignmentNameEnd(from: start, to: scanner.position) {
        parts.append(.assignment(assignment(word, from: start, nameEnd: nameEnd)))
      } else {
        hasWord = true
        parts.append(.word(word))
      }
    }
    pieces.append(.command(SimpleCommand(parts: parts)))
  }

  /// A list that starts small is moved again and again.
  private static let usualParts = 8

  private mutating func parseFunction(_ name: Word) {
    scanner.position += scanner.emptyParenthesesLength
    append(Opening(kind: .function, text: "\(name.source)()"))
  }

  private func assignment(_ word: Word, from start: Int, nameEnd: Int) -> SimpleCommand.Assignment {
    let name = scanner.text(from: start, to: nameEnd)
    let value = word.text.utf8.drop { $0 != Byte.equals }.dropFirst()
    return SimpleCommand.Assignment(name: name, value: String(decoding: value, as: UTF8.self), word: word)
  }

  /// Parses `[[ … ]]`, whose operators are not those of the shell.
  mutating func parseConditional() {
    var parts: [SimpleCommand.Part] = []
    repeat {
      let word = scanner.readWord(.conditional)
      parts.append(.word(word))
      if word.source == "]]" { break }
      scanner.skipBlanks(comments: false)
      while scanner.current == Byte.newline {
        takeNewline()
        scanner.skipBlanks(comments: false)
      }
      if scanner.isAtEnd { scanner.isComplete = false }
    } while !scanner.isAtEnd && scanner.current != Byte.semicolon
    scanner.skipBlanks()
    while let redirection = parseRedirection() {
      parts.append(.redirection(redirection))
      scanner.skipBlanks()
    }
    pieces.append(.command(SimpleCommand(parts: parts)))
  }

  /// Parses the redirection at the position, if one is there.
  mutating func parseRedirection() -> Redirection? {
    let start = scanner.position
    let descriptorEnd = descriptorEnd(from: start)
    scanner.position = descriptorEnd
    guard let symbol = nextRedirection(hasDescriptor: descriptorEnd > start) else {
      scanner.position = start
      return nil
    }
    scanner.position += symbol.rawValue.utf8.count
    scanner.skipBlanks()
    let redirection = Redirection(
      descriptor: descriptorEnd > start ? scanner.text(from: start, to: descriptorEnd) : nil, operator: symbol,
      target: parseTarget(symbol))
    if redirection.isHeredoc, !redirection.target.source.isEmpty {
      pendingHeredocs.append(
        PendingHeredoc(
          delimiter: Array(redirection.target.text.utf8), stripsTabs: symbol == .heredocWithoutTabs))
    }
    return redirection
  }

  private mutating func parseTarget(_ symbol: Redirection.Operator) -> Word {
    let isHeredoc = symbol == .heredoc || symbol == .heredocWithoutTabs
    guard scanner.isAtWord || (scanner.current == Byte.openParen && !isHeredoc) else {
      scanner.isComplete = false
      return .missing
    }
    return scanner.readWord(isHeredoc ? .delimiter : .argument)
  }

  /// Where `2` or `{name}` before a redirection ends; the start when there is none.
  private func descriptorEnd(from start: Int) -> Int {
    let bytes = scanner.bytes
    guard start < bytes.count else { return start }
    var end = start
    if bytes[start] == Byte.openBrace {
      end += 1
      while end < bytes.count, Byte.isName(bytes[end]) { end += 1 }
      guard end < bytes.count, bytes[end] == Byte.closeBrace, end > start + 1 else { return start }
      end += 1
    } else {
      while end < bytes.count, Byte.isDigit(bytes[end]) { end += 1 }
    }
    guard end < bytes.count, bytes[end] == Byte.less || bytes[end] == Byte.greater else { return start }
    return end
  }

  private func nextRedirection(hasDescriptor: Bool) -> Redirection.Operator? {
    let (first, second, third) = (scanner.current, scanner.peek(1), scanner.peek(2))
    switch (first, second) {
    case (Byte.ampersand, Byte.greater) where !hasDescriptor:
      return third == Byte.greater ? .appendBoth : .both
    case (Byte.less, Byte.openParen), (Byte.greater, Byte.openParen):
      guard hasDescriptor else { return nil }
      return first == Byte.less ? .input : .output
    case (Byte.less, Byte.less):
      return third == Byte.less ? .herestring : third == Byte.dash ? .heredocWithoutTabs : .heredoc
    case (Byte.less, Byte.ampersand): return .duplicateInput
    case (Byte.less, Byte.greater): return .readWrite
    case (Byte.less, _): return .input
    case (Byte.greater, Byte.greater): return .append
    case (Byte.greater, Byte.ampersand): return .duplicateOutput
    case (Byte.greater, Byte.pipe): return .clobber
    case (Byte.greater, _): return .output
    default: return nil
    }
  }
}
