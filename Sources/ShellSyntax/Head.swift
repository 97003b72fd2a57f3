/// Finds the words of a command that say what it does.
enum Head {
  /// A runner runs a runner runs a runner: beyond this the rest does not matter.
  private static let maximumPrograms = 4

  static func of(_ words: ArraySlice<Word>) -> String {
    parts(of: words).joined(separator: " ")
  }

  private static func parts(of words: ArraySlice<Word>) -> [String] {
    var rest = words
    var parts: [String] = []
    for number in 0..<maximumPrograms {
      guard let first = rest.first, number == 0 || isPlain(first, dots: true) else { break }
      let name = programName(first)
      parts.append(name)
      guard let shape = CommandShape.named(name) else { break }
      var reader = HeadReader(words: rest.dropFirst(), shape: shape)
      reader.read()
      parts += reader.parts
      guard reader.runsCommand else { break }
      rest = reader.words
    }
    return parts
  }

  /// A name rather than a path, a file, a pattern or a setting.
  static func isPlain(_ word: Word, dots: Bool = false) -> Bool {
    guard word.isBare, word.text == word.source, let first = word.text.utf8.first, Byte.isLetter(first) else {
      return false
    }
    return word.text.utf8.allSatisfy {
      Byte.isName($0) || $0 == Byte.dash || $0 == Byte.colon || (dots && ($0 == Byte.dot || $0 == UInt8(ascii: "@")))
    }
  }
}

/// Reads the subcommand words of one program.
private struct HeadReader {
  var words: ArraySlice<Word>
  let shape: CommandShape
  var parts: [String] = []
  /// The words that are left are a command of their own.
  var runsCommand = false

  init(words: ArraySlice<Word>, shape: CommandShape) {
    self.words = words
    self.shape = shape
  }

  mutating func read() {
    if shape.takesModule { return readModule() }
    if shape.isRunner { return enterRunner() }
    for level in 1...3 {
      skipOptions()
      guard let word = words.first, Head.isPlain(word) else { return }
      let text = word.text
      if level == 1, let only = shape.only, !only.contains(text) { return }
      parts.append(text)
      words.removeFirst()
      if level == 1, shape.runners.contains(text) { return enterRunner() }
      guard level < shape.depth || (level == 1 && shape.groups.contains(text)) else { return }
    }
  }

  private mutating func enterRunner() {
    if shape.needsDashes {
      guard let dashes = words.firstIndex(where: { $0.text == "--" }) else { return }
      words = words[(dashes + 1)...]
      parts.append("--")
    } else {
      skipOptions()
    }
    runsCommand = true
  }

  /// `-m pytest`: the module is a program of its own.
  private mutating func readModule() {
    var reader = OptionReader(words: words, valued: shape.valued)
    while let option = reader.next(), option.name != "-c" {
      guard option.name == "-m" else { continue }
      words = reader.words
      guard let module = words.first, Head.isPlain(module, dots: true) else { return }
      parts.append("-m")
      runsCommand = true
      return
    }
  }

  private mutating func skipOptions() {
    while let word = words.first {
      let text = word.text
      if text.hasPrefix("+") {
        words.removeFirst()
      } else if text.hasPrefix("-"), text != "-" {
        var reader = OptionReader(words: words, valued: shape.valued)
        _ = reader.next()
        words = reader.words
        // `make -j 4 test`: no subcommand is a number.
        if let next = words.first?.text, !next.isEmpty, next.utf8.allSatisfy({ Byte.isDigit($0) }) {
          words.removeFirst()
        }
      } else if shape.takesSettings, PrefixWrapper.assignedName(text) != nil {
        words.removeFirst()
      } else {
        return
      }
    }
  }
}
