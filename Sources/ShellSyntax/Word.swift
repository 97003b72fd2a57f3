/// One word of a command: what stands between unquoted blanks and operators.
public struct Word: Hashable, Sendable {
  /// The word after quote removal. Expansions (`$HOME`, `$(date)`, `<(sort a)`) are kept as they are written.
  public let text: String
  /// The word as it is written, quotes and all.
  public let source: String
  /// Some part of it is quoted or escaped.
  public let isQuoted: Bool
  /// The shell would replace some part of it: a parameter, a command, arithmetic.
  public let hasExpansion: Bool

  init(text: String, source: String, isQuoted: Bool, hasExpansion: Bool) {
    self.text = text
    self.source = source
    self.isQuoted = isQuoted
    self.hasExpansion = hasExpansion
  }

  /// Stands where the syntax asks for a word and the text has none.
  static let missing = Word(text: "", source: "", isQuoted: false, hasExpansion: false)

  /// Neither quoted nor expanded, so that it can be a keyword.
  var isBare: Bool { !isQuoted && !hasExpansion }
}
