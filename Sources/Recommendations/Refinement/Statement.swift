/// A line as the parts that it asserts. Small words, capitals at the start, plural and the order of the parts go; every
/// other word, every value and their order within a part stay. Two lines with the same parts say the same.
///
/// Works on bytes: two spellings of one character are two values.
struct Statement {
  struct Term: Hashable {
    enum Kind: Hashable {
      /// What stands between backticks.
      case code
      /// A number, path, flag, variable or identifier in the running text: taken to the letter.
      case value
      case word
    }

    var kind: Kind
    var bytes: [UInt8]

    var isValue: Bool { kind != .word }
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  private(set) var parts: [[Term]] = []
  private var pending = Break.hard

  private enum Break {
    case none
    /// A comma or `and`: between values it makes a list and no new part.
    case soft
    case hard
  }

  /// - Returns: nil when backticks or spaces are not where they belong, or a character has no place in a line.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.first != Self.space, bytes.last != Self.space, Self.isClean(text, bytes) else {
      return nil
    }
    var start = 0
    var isCode = false
    for index in 0...bytes.count where index == bytes.count || bytes[index] == Self.backtick {
      if isCode {
        guard index < bytes.count, index > start else { return nil }
        add(Term(kind: .code, bytes: Array(bytes[start..<index])))
      } else {
        for chunk in bytes[start..<index].split(separator: Self.space) { read(chunk) }
      }
      start = index + 1
      isCode.toggle()
    }
    guard isCode, !parts.isEmpty else { return nil }
  }

  var terms: Set<Term> { Set(parts.joined()) }

  var negations: Int { parts.joined().count { $0.kind == .word && Self.negations.contains($0.bytes) } }

  private static let space = UInt8(ascii: " ")
  private static let backtick = UInt8(ascii: "`")

  private static func isClean(_ text: String, _ bytes: [UInt8]) -> Bool {
    var last: UInt8 = 0
    for byte in bytes {
      if byte < 0x20 || byte == 0x7F || byte == space && last == space { return false }
      last = byte
    }
    guard bytes.contains(where: { $0 >= 0x80 }) else { return true }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
      default: !scalar.properties.isDefaultIgnorableCodePoint
      }
    }
  }

  /// Takes a word of the running text with the punctuation around it.
  private mutating func read(_ chunk: ArraySlice<UInt8>) {
    if Self.dashes.contains(Array(chunk)) {
      pending = .hard
      return
    }
    var core = chunk
    while core.first == UInt8(ascii: "(") {
      core.removeFirst()
      pending = .hard
    }
    var after = Break.none
    while let last = core.last, let mark = Self.marks[last] {
      core.removeLast()
      if after != .hard { after = mark }
    }
    if !core.isEmpty { readWord(core) }
    if after != .none, pending != .hard { pending = after }
  }

  private mutating func readWord(_ core: ArraySlice<UInt8>) {
    let isPlain = core.enumerated().allSatisfy { offset, byte in
      (97...122).contains(byte) || (offset == 0 && (65...90).contains(byte)) || byte == UInt8(ascii: "'")
    }
    guard isPlain else { return add(Term(kind: .value, bytes: Array(core))) }
    var word = core.map { $0 | ($0 < 97 && $0 >= 65 ? 0x20 : 0) }
    if word.count > 3, word.suffix(3).elementsEqual("n't".utf8) {
      word.removeLast(3)
      addWord(word)
      return addWord(Array("not".utf8))
    }
    if word == Array("cannot".utf8) {
      addWord(Array("can".utf8))
      return addWord(Array("not".utf8))
    }
    addWord(word)
  }

  private mutating func addWord(_ word: [UInt8]) {
    if Self.joints.contains(word) {
      pending = .hard
    } else if word == Self.and {
      if pending == .none { pending = .soft }
    } else if !Self.small.contains(word) {
      let isPlural = word.count > 3 && word.last == UInt8(ascii: "s") && word[word.count - 2] != UInt8(ascii: "s")
      add(Term(kind: .word, bytes: isPlural ? word.dropLast() : word))
    }
  }

  private mutating func add(_ term: Term) {
    let isListed = pending == .soft && term.isValue && parts.last?.last?.isValue == true
    if parts.isEmpty || (pending != .none && !isListed) { parts.append([]) }
    parts[parts.count - 1].append(term)
    pending = .none
  }

  /// Words that say nothing by themselves. None of them denies, advises or compares.
  static let smallWords = [
    "a", "an", "the", "and", "is", "are", "be", "was", "were", "it", "its", "this", "that", "these", "they", "them",
    "there", "here", "in", "of", "for", "on", "at", "also", "both", "do", "does", "did", "has", "have",
  ]
  /// Small words that begin a new part.
  static let jointWords = ["but", "so", "as", "because", "since"]

  private static let small = Set(smallWords.map { Array($0.utf8) })
  private static let joints = Set(jointWords.map { Array($0.utf8) })
  private static let and = Array("and".utf8)
  private static let dashes = Set(["-", "–", "—"].map { Array($0.utf8) })
  private static let negations = Set(
    ["not", "no", "never", "without", "neither", "nor", "none", "nothing", "nobody", "nowhere"].map {
      Array($0.utf8)
    })
  private static let marks: [UInt8: Break] = [
    UInt8(ascii: ","): .soft, UInt8(ascii: ";"): .hard, UInt8(ascii: ":"): .hard, UInt8(ascii: "."): .hard,
    UInt8(ascii: "!"): .hard, UInt8(ascii: "?"): .hard, UInt8(ascii: ")"): .hard,
  ]
}

extension Statement {
  /// The parts without their order.
  var bag: [[Term]: Int] { Dictionary(parts.map { ($0, 1) }, uniquingKeysWith: +) }

  /// Whether all parts of the other statement are among these.
  func covers(_ other: Statement) -> Bool {
    let bag = bag
    return other.bag.allSatisfy { part, count in bag[part, default: 0] >= count }
  }

  /// The terms that take part in a list: the text with each run of exactly these values replaced by the first one.
  func collapsing(_ values: Set<Term>, to first: Term) -> Statement {
    var result = self
    result.parts = parts.map { part in
      var collapsed: [Term] = []
      var index = 0
      while index < part.count {
        let run = part[index..<min(index + values.count, part.count)]
        if run.count == values.count, Set(run) == values {
          collapsed.append(first)
          index += values.count
        } else {
          collapsed.append(part[index])
          index += 1
        }
      }
      return collapsed
    }
    return result
  }

  /// The value of each statement in the one place where they differ; empty when they do not differ.
  /// - Returns: nil when they differ in more than that.
  static func variation(of statements: [Statement]) -> [Term]? {
    guard let first = statements.first else { return nil }
    for other in statements where other.parts.map(\.count) != first.parts.map(\.count) { return nil }
    var found: [Term] = []
    for (partIndex, part) in first.parts.enumerated() {
      for index in part.indices {
        let terms = statements.map { $0.parts[partIndex][index] }
        guard Set(terms).count > 1 else { continue }
        guard terms.allSatisfy({ $0.isValue && $0.kind == terms[0].kind }), found.isEmpty || found == terms else {
          return nil
        }
        found = terms
      }
    }
    return found
  }
}
