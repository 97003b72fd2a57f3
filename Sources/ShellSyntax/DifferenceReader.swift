/// Finds the changes between two commands.
enum DifferenceReader {
  /// Longer beginnings than this are another command, not another way to run the same one.
  private static let maximumPrefix = 6

  static func changes(from: Invocation, to: Invocation) -> [CommandDifference.Change] {
    var changes: [CommandDifference.Change] = []
    if from.directory != to.directory { changes.append(.directory(from: from.directory, to: to.directory)) }
    changes += only(to.environment, not: from.environment).map { .addedEnvironment($0) }
    changes += only(from.environment, not: to.environment).map { .removedEnvironment($0) }
    changes += only(to.wrappers, not: from.wrappers).map { .addedWrapper($0) }
    changes += only(from.wrappers, not: to.wrappers).map { .removedWrapper($0) }
    let (programs, rest) = programChanges(from, to)
    return changes + programs + argumentChanges(rest.from, rest.to)
  }

  private typealias Rest = (from: ArraySlice<String>, to: ArraySlice<String>)

  /// How the programs differ, and the arguments that are left to compare.
  private static func programChanges(_ from: Invocation, _ to: Invocation) -> ([CommandDifference.Change], Rest) {
    let rest: Rest = (from.argumentsAfterHead[...], to.argumentsAfterHead[...])
    if from.head == to.head {
      let isMoved = from.programPath != to.programPath
      return (isMoved ? [.prefix(from: from.programPath, to: to.programPath)] : [], rest)
    }
    if from.core == to.core, let first = from.coreOffset, let second = to.coreOffset, first != 0 || second != 0 {
      let prefix = CommandDifference.Change.prefix(from: text(from.words[...first]), to: text(to.words[...second]))
      let (earlier, later) = (from.coreHead, to.coreHead)
      let isSame = earlier.dropFirst() == later.dropFirst()
      return (isSame ? [prefix] : [prefix, .subcommand(from: text(earlier), to: text(later))], rest)
    }
    if from.program == to.program { return ([.subcommand(from: from.head, to: to.head)], rest) }
    if let prefix = replacedPrefix(from.words, to.words) { return ([prefix], ([], [])) }
    return ([.program(from: from.head, to: to.head)], rest)
  }

  /// Another beginning before the same last words.
  private static func replacedPrefix(_ from: [String], _ to: [String]) -> CommandDifference.Change? {
    let common = zip(from.reversed(), to.reversed()).prefix { $0 == $1 }.count
    let (first, second) = (from.count - common, to.count - common)
    guard common > 0, first <= maximumPrefix, second <= maximumPrefix else { return nil }
    return .prefix(from: text(from[..<first]), to: text(to[..<second]))
  }

  private static func argumentChanges(
    _ from: ArraySlice<String>, _ to: ArraySlice<String>
  ) -> [CommandDifference.Change] {
    let removed = only(Array(from), not: Array(to))
    let added = only(Array(to), not: Array(from))
    var changes: [CommandDifference.Change] = []
    changes += removed.filter(isFlag).map { .removedFlag($0) }
    changes += added.filter(isFlag).map { .addedFlag($0) }
    let before = removed.filter { !isFlag($0) }
    let after = added.filter { !isFlag($0) }
    let (oldPaths, newPaths) = (before.filter(isPath), after.filter(isPath))
    let pairs = min(oldPaths.count, newPaths.count)
    changes += zip(oldPaths, newPaths).map { .path(from: $0, to: $1) }
    let old = before.filter { !isPath($0) } + oldPaths.dropFirst(pairs)
    let new = after.filter { !isPath($0) } + newPaths.dropFirst(pairs)
    for index in 0..<max(old.count, new.count) {
      changes.append(
        .argument(from: index < old.count ? old[index] : nil, to: index < new.count ? new[index] : nil))
    }
    return changes
  }

  private static func isFlag(_ word: String) -> Bool {
    word.hasPrefix("-") && word.utf8.count > 1
  }

  /// Has a slash, or ends like a file name.
  private static func isPath(_ word: String) -> Bool {
    let bytes = word.utf8
    if bytes.contains(Byte.space) || bytes.contains(Byte.newline) { return false }
    if bytes.contains(UInt8(ascii: "/")) || bytes.contains(Byte.backslash) || bytes.first == UInt8(ascii: "~") {
      return true
    }
    guard let dot = bytes.lastIndex(of: Byte.dot), dot > bytes.startIndex else { return bytes.first == Byte.dot }
    let suffix = bytes[bytes.index(after: dot)...]
    return !suffix.isEmpty && suffix.count <= 5 && suffix.allSatisfy { Byte.isName($0) }
      && !suffix.allSatisfy { Byte.isDigit($0) }
  }

  /// The words that the other list lacks, each as often as it does.
  private static func only(_ words: [String], not others: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for word in others { counts[word, default: 0] += 1 }
    return words.filter {
      guard let count = counts[$0], count > 0 else { return true }
      counts[$0] = count - 1
      return false
    }
  }

  private static func text(_ words: ArraySlice<String>) -> String {
    words.joined(separator: " ")
  }
}

extension Invocation {
  /// The program as written, and its arguments.
  fileprivate var words: [String] { [programPath] + arguments }
}
