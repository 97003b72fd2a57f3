/// A program with its arguments, environment and redirections.
public struct SimpleCommand: Hashable, Sendable {
  /// `NAME=value` before the program; without a program it sets a variable of the shell.
  public struct Assignment: Hashable, Sendable {
    public let name: String
    /// What follows the `=`, after quote removal; an array keeps its parentheses.
    public let value: String
    /// The whole assignment.
    public let word: Word
  }

  enum Part: Hashable, Sendable {
    case assignment(Assignment)
    case word(Word)
    case redirection(Redirection)
  }

  /// In the order of the text, so that rendering cannot change the meaning.
  var parts: [Part]

  /// The assignments before the program.
  public var assignments: [Assignment] {
    parts.compactMap { if case .assignment(let assignment) = $0 { assignment } else { nil } }
  }

  /// The program and its arguments.
  public var words: [Word] {
    var words: [Word] = []
    words.reserveCapacity(parts.count)
    for case .word(let word) in parts { words.append(word) }
    return words
  }

  /// The first of the words: what most questions are about, found without the others.
  var firstWord: Word? {
    for case .word(let word) in parts { return word }
    return nil
  }

  /// The redirections, in the order in which they are written.
  public var redirections: [Redirection] {
    parts.compactMap { if case .redirection(let redirection) = $0 { redirection } else { nil } }
  }
}
