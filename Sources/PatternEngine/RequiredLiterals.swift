/// The texts of which a pattern needs at least one: read off the pattern itself, so that most subjects never reach the
/// matcher. A pattern that this cannot see through has none, which costs time but never a match.
public enum RequiredLiterals {
  /// Shorter literals occur everywhere and filter nothing.
  public static let minimumLength = 4

  /// - Returns: Literals of which any match holds one. Empty when none is known.
  ///
  /// `(?i)` makes `k` and `s` match two letters outside ASCII as well (U+212A, U+017F), which no program prints: those
  /// matches are missed.
  public static func of(_ pattern: String) -> [Literal] {
    var parser = Parser(cursor: PatternCursor(pattern))
    guard let best = parser.alternation(), parser.cursor.isAtEnd, !parser.cursor.gaveUp else { return [] }
    return best.literals
  }
}

/// Reads off a pattern which texts a match must hold.
private struct Parser {
  var cursor: PatternCursor
  /// Hostile nesting must not use up the stack.
  private var depth = 0

  init(cursor: PatternCursor) { self.cursor = cursor }

  mutating func alternation() -> LiteralChoice? {
    depth += 1
    defer { depth -= 1 }
    guard depth < 64 else { return nil }
    var branches = [sequence()]
    while cursor.next == UInt8(ascii: "|") {
      cursor.position += 1
      branches.append(sequence())
    }
    var union = LiteralChoice()
    for branch in branches {
      guard let branch else { return nil }
      union.literals += branch.literals
    }
    return union
  }

  /// Texts that stand side by side in a branch, each one way to match them.
  private struct Run {
    var texts = [Literal([])]
    /// What may stand before them.
    var before: ByteKinds

    var isEmpty: Bool { texts.allSatisfy { $0.count == 0 } }

    /// What may stand behind them.
    var last: ByteKinds {
      texts.reduce(into: []) { $0.formUnion($1.bytes.last.map { ByteKinds(of: $0) } ?? before) }
    }

    mutating func extend(by text: Literal) {
      for index in texts.indices { texts[index].append(text) }
    }

    mutating func extend(byOneOf others: [Literal]) {
      texts = texts.flatMap { start in
        others.map { text in
          var joined = start
          joined.append(text)
          return joined
        }
      }
    }

    var choice: LiteralChoice {
      LiteralChoice(
        literals: texts.map { text in
          var text = text
          text.before = before
          return text
        })
    }
  }

  /// One branch: the best literals of its parts. What stands side by side is put together: `(?:un|mis)known` holds one of
  /// two words.
  private mutating func sequence() -> LiteralChoice? {
    var best: LiteralChoice?
    var run = Run(before: .any)
    /// Ends the run at a part that ends in bytes of these kinds.
    func flush(behind kinds: ByteKinds = .any, _ times: PatternCursor.Times = .once) {
      let before = times == .maybe ? kinds.union(run.last) : kinds
      if !run.isEmpty { best = LiteralChoice.better(best, run.choice) }
      run = Run(before: before)
    }
    func append(_ text: Literal, _ times: PatternCursor.Times) {
      switch times {
      case .once: run.extend(by: text)
      case .atLeastOnce:
        run.extend(by: text)
        flush()
        run.extend(by: text)
      case .maybe: flush(behind: text.bytes.last.map { ByteKinds(of: $0) } ?? .any, times)
      }
    }
    while let byte = cursor.next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      switch byte {
      case UInt8(ascii: "("):
        let group = self.group()
        let times = cursor.quantifier()
        switch group {
        case .exact(let texts) where times == .once:
          if run.texts.count > 1, run.texts.count * texts.count > Self.limit { flush(behind: run.last) }
          run.extend(byOneOf: texts)
        case .exact(let texts):
          flush()
          if times != .maybe { best = LiteralChoice.better(best, LiteralChoice(literals: texts)) }
        case .choice(let choice):
          flush()
          if times != .maybe { best = LiteralChoice.better(best, choice) }
        case .nothing:
          flush()
        case .lookaround:
          flush(behind: run.last)
        case .flags:
          break
        }
      case UInt8(ascii: "["):
        let (single, kinds) = cursor.characterClass()
        let times = cursor.quantifier()
        if times == .once, let single { run.extend(by: single) } else { flush(behind: kinds, times) }
      case UInt8(ascii: "^"):
        cursor.position += 1
        if cursor.quantifier() != .maybe, run.isEmpty { run.before = .lineEnd }
      case UInt8(ascii: "$"):
        cursor.position += 1
        _ = cursor.quantifier()
      case UInt8(ascii: "."):
        cursor.position += 1
        _ = cursor.quantifier()
        flush()
      case UInt8(ascii: "\\"):
        switch cursor.escape() {
        case .character(let character):
          append(cursor.literal([character]), cursor.quantifier())
        case .boundary:
          _ = cursor.quantifier()
        case .class(let kinds):
          flush(behind: kinds, cursor.quantifier())
        }
      default:
        let text = cursor.characters()
        if cursor.isCaseless, byte >= 0x80 {
          _ = cursor.quantifier()
          flush()
        } else {
          append(cursor.literal(text), cursor.quantifier())
        }
      }
    }
    flush()
    return best
  }

  /// More literals than this are not put together of several choices, and more than that many are no choice.
  private static let limit = 32
  private static let longestChoice = 64

  private enum Group {
    /// Matches these texts and nothing else.
    case exact([Literal])
    /// Every match holds one of these.
    case choice(LiteralChoice)
    case nothing
    case lookaround
    case flags
  }

  private mutating func group() -> Group {
    let kind = cursor.openGroup()
    if kind == .flags { return .flags }
    if kind == .group, let texts = plainTexts() { return .exact(texts) }
    let choice = alternation()
    if cursor.next == UInt8(ascii: ")") { cursor.position += 1 }
    return kind == .lookaround ? .lookaround : choice.map(Group.choice) ?? .nothing
  }

  /// Crosses the rest of a group that matches a few texts and nothing else.
  private mutating func plainTexts() -> [Literal]? {
    guard let body = cursor.plainBody else { return nil }
    let branches = cursor.bytes[body].split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    guard branches.count <= Self.longestChoice, branches.count == 1 || !branches.contains(where: \.isEmpty) else {
      return nil
    }
    cursor.position = body.upperBound + 1
    return branches.map(cursor.literal)
  }
}
