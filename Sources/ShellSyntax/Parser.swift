/// Splits a command into items, from left to right, once, without recursion.
struct Parser {
  /// A command before the pipes are put together.
  enum Piece {
    case item(Item)
    case command(SimpleCommand)

    var endsCommand: Bool {
      switch self {
      case .command: true
      case .item(let item): item.endsCommand
      }
    }
  }

  var scanner: Scanner
  var pieces: [Piece] = []
  /// The compound commands that are open, innermost last.
  var open: [Closing.Kind] = []
  var pendingHeredocs: [PendingHeredoc] = []
  var bodies: [(body: String, isTerminated: Bool)] = []
  /// Failed attempts to read `((` as arithmetic; each costs a look ahead, so their number is bounded.
  var arithmeticFailures = 0

  static let maximumArithmeticFailures = 32

  init(_ text: String) {
    scanner = Scanner(text)
  }

  mutating func parse() {
    while true {
      scanner.skipBlanks()
      guard let byte = scanner.current else { return }
      switch byte {
      case Byte.newline: parseNewline()
      case Byte.semicolon, Byte.pipe: parseConnector()
      case Byte.ampersand where scanner.peek(1) != Byte.greater: parseConnector()
      case Byte.openParen: parseParenthesis()
      case Byte.closeParen:
        scanner.position += 1
        parseClosing(.subshell)
      default:
        if !parseKeyword() { parseCommand() }
      }
    }
  }

  func append(_ connector: Connector, to pieces: inout [Piece]) {
    pieces.append(.item(.connector(connector)))
  }

  mutating func parseNewline() {
    takeNewline()
    if pieces.last?.endsCommand == true { append(.newline, to: &pieces) }
  }

  /// Moves past a line end and the heredocs that wait for it.
  mutating func takeNewline() {
    scanner.position += 1
    for heredoc in pendingHeredocs { bodies.append(scanner.readHeredoc(heredoc)) }
    pendingHeredocs.removeAll()
  }

  mutating func skipBlankLines() {
    scanner.skipBlanks()
    while scanner.current == Byte.newline {
      takeNewline()
      scanner.skipBlanks()
    }
  }

  private mutating func parseConnector() {
    let connector = nextConnector()
    scanner.position += connector.rawValue.utf8.count
    append(connector, to: &pieces)
    if connector.endsArm, open.last == .esac { parsePattern() }
  }

  private func nextConnector() -> Connector {
    switch (scanner.current, scanner.peek(1)) {
    case (Byte.semicolon, Byte.semicolon): scanner.peek(2) == Byte.ampersand ? .armTestNext : .armEnd
    case (Byte.semicolon, Byte.ampersand) where open.last == .esac: .armFallThrough
    case (Byte.semicolon, _): .semicolon
    case (Byte.ampersand, Byte.ampersand): .and
    case (Byte.ampersand, _): .background
    case (Byte.pipe, Byte.pipe): .or
    case (Byte.pipe, Byte.ampersand): .pipeBoth
    default: .pipe
    }
  }

  private mutating func parseParenthesis() {
    if scanner.peek(1) == Byte.openParen, arithmeticFailures < Self.maximumArithmeticFailures {
      let start = scanner.position
      if scanner.skipArithmeticCommand() {
        let source = scanner.text(from: start, to: scanner.position)
        return parseCommand(after: Word(text: source, source: source, isQuoted: false, hasExpansion: true))
      }
      arithmeticFailures += 1
    }
    scanner.position += 1
    append(Opening(kind: .subshell, text: "("))
  }

  mutating func append(_ opening: Opening) {
    pieces.append(.item(.opening(opening)))
    if let closing = opening.closing { open.append(closing) }
  }

  mutating func parseClosing(_ kind: Closing.Kind) {
    if open.last == kind {
      open.removeLast()
    } else {
      scanner.isComplete = false
    }
    var closing = Closing(kind: kind, redirections: [])
    scanner.skipBlanks()
    while let redirection = parseRedirection() {
      closing.redirections.append(redirection)
      scanner.skipBlanks()
    }
    pieces.append(.item(.closing(closing)))
  }
}
