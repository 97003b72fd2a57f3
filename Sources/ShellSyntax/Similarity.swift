/// How alike two commands are, between 0 and 1, from their words alone.
enum Similarity {
  /// Longer commands are compared by their first words.
  static let maximumArguments = 256
  static let headWeight = 0.6

  static func of(_ first: Invocation, _ second: Invocation) -> Double {
    let head = ofHeads(first, second)
    let arguments = ofArguments(first.argumentsAfterHead, second.argumentsAfterHead)
    return headWeight * head + (1 - headWeight) * arguments
  }

  private static func ofHeads(_ first: Invocation, _ second: Invocation) -> Double {
    if first.head == second.head { return 1 }
    if first.core == second.core { return 0.8 }
    guard first.program == second.program else { return 0 }
    let firstWords = first.head.split(separator: " ").dropFirst().map(String.init)
    let secondWords = second.head.split(separator: " ").dropFirst().map(String.init)
    return 0.5 + 0.3 * ofArguments(firstWords, secondWords)
  }

  /// Twice the common words by all words.
  private static func ofArguments(_ first: [String], _ second: [String]) -> Double {
    let first = first.prefix(maximumArguments)
    let second = second.prefix(maximumArguments)
    guard !first.isEmpty || !second.isEmpty else { return 1 }
    var counts: [String: Int] = [:]
    for word in first { counts[word, default: 0] += 1 }
    var common = 0
    for word in second {
      guard let count = counts[word], count > 0 else { continue }
      counts[word] = count - 1
      common += 1
    }
    return 2 * Double(common) / Double(first.count + second.count)
  }
}

extension Invocation {
  /// The last word of the head, which is the program that runners run, without its version: `python` for
  /// `uv run python3`, `pytest` for `python -m pytest`. The program itself when the head ends with a subcommand.
  var core: String {
    let words = head.split(separator: " ")
    return Self.withoutVersion(words[coreIndex(of: words)])
  }

  /// Where the core stands among the program and its arguments.
  var coreOffset: Int? {
    let words = head.split(separator: " ")
    let name = words[coreIndex(of: words)]
    if name == words.first { return 0 }
    return arguments.firstIndex { $0 == name }.map { $0 + 1 }
  }

  private func coreIndex(of words: [Substring]) -> Int {
    var index = 0
    while let next = Self.commandIndex(in: words[index...]) { index = next }
    return index
  }

  /// Where the command inside a runner begins.
  private static func commandIndex(in words: ArraySlice<Substring>) -> Int? {
    guard let name = words.first, let shape = CommandShape.named(String(name)) else { return nil }
    let offset: Int
    if shape.isRunner {
      offset = 1
    } else if shape.takesModule {
      offset = 2
    } else if words.count > 1, shape.runners.contains(String(words[words.startIndex + 1])) {
      offset = shape.needsDashes ? 3 : 2
    } else {
      return nil
    }
    return offset < words.count ? words.startIndex + offset : nil
  }

  private static func withoutVersion(_ name: Substring) -> String {
    var name = name.utf8
    while let last = name.last, Byte.isDigit(last) || last == Byte.dot { name.removeLast() }
    return String(Substring(name))
  }

  /// The arguments that are not part of the head.
  var argumentsAfterHead: [String] {
    var head = head.split(separator: " ").dropFirst()
    return arguments.filter {
      guard let next = head.first, next == $0 else { return true }
      head.removeFirst()
      return false
    }
  }
}
