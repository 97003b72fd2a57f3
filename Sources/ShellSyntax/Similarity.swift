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
    if first.core == second.core {
      let (earlier, later) = (Array(first.coreHead.dropFirst()), Array(second.coreHead.dropFirst()))
      if earlier == later { return 0.8 }
      return 0.5 + 0.3 * ofArguments(earlier, later)
    }
    guard first.program == second.program else { return 0 }
    return 0.5 + 0.3 * ofArguments(Array(first.headWords.words.dropFirst()), Array(second.headWords.words.dropFirst()))
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
  /// The program that runs in the end, without its version: `python` for `uv run python3`, `pytest` for
  /// `python -m pytest`.
  var core: String { Self.withoutVersion(coreProgram) }

  /// The core, with its version, and its subcommand words.
  var coreHead: ArraySlice<String> { headWords.words[headWords.coreIndex...] }

  /// Where the core stands among the program and its arguments.
  var coreOffset: Int? {
    guard headWords.coreIndex > 0 else { return 0 }
    let name = coreProgram
    return arguments.firstIndex(of: name).map { $0 + 1 }
  }

  private static func withoutVersion(_ name: String) -> String {
    var name = name.utf8[...]
    while let last = name.last, Byte.isDigit(last) || last == Byte.dot { name.removeLast() }
    return String(Substring(name))
  }

  /// The arguments that are not part of the head.
  var argumentsAfterHead: [String] {
    var head = headWords.words.dropFirst()
    return arguments.filter {
      guard let next = head.first, next == $0 else { return true }
      head.removeFirst()
      return false
    }
  }
}
