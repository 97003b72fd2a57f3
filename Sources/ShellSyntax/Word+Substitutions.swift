extension Word {
  /// The commands inside `$(…)` and backticks, outermost only, as written.
  public var substitutions: [String] {
    guard hasExpansion else { return [] }
    var scanner = Scanner(source)
    var found: [String] = []
    var isQuoted = false
    while let byte = scanner.current {
      let start = scanner.position
      switch byte {
      case Byte.backslash:
        scanner.position += 2
      case Byte.singleQuote where !isQuoted:
        scanner.skipSingleQuotes()
      case Byte.doubleQuote:
        isQuoted.toggle()
        scanner.position += 1
      case Byte.dollar where scanner.peek(1) == Byte.singleQuote && !isQuoted:
        scanner.position += 1
        scanner.skipANSIQuotes()
      case Byte.backtick:
        scanner.skipNested()
        found.append(scanner.inner(from: start + 1))
      case Byte.dollar where scanner.peek(1) == Byte.openParen:
        let isArithmetic = scanner.peek(2) == Byte.openParen
        scanner.skipNested()
        if !isArithmetic { found.append(scanner.inner(from: start + 2)) }
      case Byte.dollar where scanner.peek(1) == Byte.openBrace:
        scanner.skipNested(isQuoted: isQuoted)
      default:
        scanner.position += 1
      }
    }
    return found
  }
}

extension Scanner {
  /// The text up to the closing bracket before the position, or to the end when it is missing.
  fileprivate func inner(from start: Int) -> String {
    let end = isComplete ? position - 1 : position
    return text(from: start, to: max(start, min(end, bytes.count)))
  }
}
