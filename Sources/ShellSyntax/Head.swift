/// The words of a command that say what it does.
struct Head: Hashable, Sendable {
  /// The program and its subcommands; of a runner also those of the program that it runs.
  private(set) var words: [String] = []
  /// Which of the words is the program that runs in the end.
  private(set) var coreIndex = 0

  /// A runner runs a runner runs a runner: beyond this the rest does not matter.
  private static let maximumPrograms = 4

  init(of command: ArraySlice<Word>) {
    var rest = command
    for number in 0..<Self.maximumPrograms {
      guard let first = rest.first, number == 0 || Self.isPlain(first, dots: true) else { break }
      let name = programName(first)
      coreIndex = words.count
      words.append(name)
      guard let shape = CommandShape.named(name) else { break }
      var reader = HeadReader(words: rest.dropFirst(), shape: shape)
      reader.read()
      words += reader.parts
      guard reader.runsCommand else { break }
      rest = reader.words
    }
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
