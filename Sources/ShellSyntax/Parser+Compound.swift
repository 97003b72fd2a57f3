extension Parser {
  /// Parses the keyword at the position with what belongs to it; false when there is none.
  mutating func parseKeyword() -> Bool {
    guard let word = scanner.bareWord(), Keyword.all.contains(word) else { return false }
    if word == "[[" {
      parseConditional()
      return true
    }
    let start = scanner.position
    scanner.position += word.utf8.count
    if let kind = Keyword.closing(word) {
      parseClosing(kind)
    } else if let kind = Keyword.opening(word) {
      append(Opening(kind: kind, text: word))
      if isMisplaced(kind) { scanner.isComplete = false }
    } else {
      switch word {
      case "for": parseForHeader(.forHeader, word)
      case "select": parseForHeader(.selectHeader, word)
      case "case": parseCaseHeader()
      case "function": return parseFunctionHeader(from: start)
      default: return parseTime(from: start)
      }
    }
    return true
  }

  private func isMisplaced(_ kind: Opening.Kind) -> Bool {
    switch kind {
    case .thenWord, .elifWord, .elseWord: open.last != .fi
    case .doWord: open.last != .done
    default: false
    }
  }

  /// `time` before a compound command is a keyword; before a program it is as good as a program.
  private mutating func parseTime(from start: Int) -> Bool {
    scanner.skipBlanks()
    let next = scanner.bareWord()
    if scanner.current == Byte.openParen || next.map({ Keyword.all.contains($0) && $0 != "time" }) == true {
      append(Opening(kind: .time, text: "time"))
      return true
    }
    scanner.position = start
    return false
  }

  /// `for f in a b;`, up to the `do`.
  private mutating func parseForHeader(_ kind: Opening.Kind, _ keyword: String) {
    var words = [keyword]
    var isList = false
    scanner.skipBlanks()
    while scanner.isAtWord || scanner.current == Byte.openParen {
      let previous = words[words.count - 1]
      if scanner.bareWord() == "do", !isList || previous.hasSuffix(")") { break }
      if scanner.bareWord() == "in", words.count == 2 { isList = true }
      words.append(readHeaderWord(isArithmetic: words.count == 1))
      scanner.skipBlanks()
    }
    var end = scanner.current == Byte.newline ? ";" : ""
    if scanner.current == Byte.semicolon, scanner.peek(1) != Byte.semicolon {
      scanner.position += 1
      end = ";"
    }
    skipBlankLines()
    append(Opening(kind: kind, text: words.joined(separator: " ") + end))
    if scanner.bareWord() != "do" && scanner.bareWord() != "{" { scanner.isComplete = false }
  }

  private mutating func readHeaderWord(isArithmetic: Bool) -> String {
    let start = scanner.position
    if isArithmetic, scanner.current == Byte.openParen, scanner.peek(1) == Byte.openParen,
      arithmeticFailures < Self.maximumArithmeticFailures
    {
      if scanner.skipArithmeticCommand() { return scanner.text(from: start, to: scanner.position) }
      arithmeticFailures += 1
    }
    return scanner.readWord(.argument).source
  }

  /// `case word in` with the first pattern.
  private mutating func parseCaseHeader() {
    var text = "case"
    scanner.skipBlanks()
    if scanner.isAtWord { text += " \(scanner.readWord(.argument).source)" }
    skipBlankLines()
    guard scanner.bareWord() == "in" else {
      scanner.isComplete = false
      return append(Opening(kind: .caseHeader, text: text))
    }
    scanner.position += 2
    append(Opening(kind: .caseHeader, text: text + " in"))
    parsePattern()
  }

  /// The pattern before an arm of a `case`, if another arm follows.
  mutating func parsePattern() {
    skipBlankLines()
    guard scanner.bareWord() != "esac" else { return }
    var text = ""
    if scanner.current == Byte.openParen {
      text = "("
      scanner.position += 1
      skipBlankLines()
    }
    var endsWithWord = false
    while let byte = scanner.current {
      if byte == Byte.pipe {
        text += "|"
        scanner.position += 1
        endsWithWord = false
      } else if scanner.isAtWord, !endsWithWord {
        text += scanner.readWord(.argument).source
        endsWithWord = true
      } else {
        break
      }
      skipBlankLines()
    }
    if scanner.current == Byte.closeParen {
      text += ")"
      scanner.position += 1
    } else {
      scanner.isComplete = false
    }
    if !text.isEmpty { append(Opening(kind: .pattern, text: text)) }
  }

  /// `function name`; without a name it is a word like others.
  private mutating func parseFunctionHeader(from start: Int) -> Bool {
    scanner.skipBlanks()
    guard scanner.isAtWord else {
      scanner.position = start
      return false
    }
    var text = "function \(scanner.readWord(.command).source)"
    scanner.skipBlanks()
    let parentheses = scanner.emptyParenthesesLength
    if parentheses > 0 {
      scanner.position += parentheses
      text += "()"
    }
    append(Opening(kind: .function, text: text))
    return true
  }
}
