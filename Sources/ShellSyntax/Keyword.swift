/// The reserved words of a shell.
enum Keyword {
  static let all: Set<String> = [
    "if", "then", "elif", "else", "fi", "for", "while", "until", "select", "do", "done", "case", "esac", "function",
    "{", "}", "!", "[[", "time",
  ]

  /// What a reserved word opens, when that is all there is to it.
  static func opening(_ word: String) -> Opening.Kind? {
    switch word {
    case "if": .ifWord
    case "then": .thenWord
    case "elif": .elifWord
    case "else": .elseWord
    case "while": .whileWord
    case "until": .untilWord
    case "do": .doWord
    case "{": .group
    case "!": .negation
    default: nil
    }
  }

  static func closing(_ word: String) -> Closing.Kind? {
    word == ")" ? nil : Closing.Kind(rawValue: word)
  }
}
