/// One key of the rule language: the only place that knows its name, type, meaning and an example. The reader, the
/// diagnostics, the JSON Schema and the reference are all made from it.
public struct LanguageKey: Sendable {
  public let name: String
  public let type: KeyType
  public let isRequired: Bool
  /// One sentence for the person who writes a rule, without a full stop.
  public let meaning: String
  /// A value as it would be written.
  public let example: String

  init(_ name: String, _ type: KeyType, required: Bool = false, _ meaning: String, example: String) {
    self.name = name
    self.type = type
    isRequired = required
    self.meaning = meaning
    self.example = example
  }
}

/// What may stand behind a key.
public indirect enum KeyType: Sendable {
  case text
  /// A PCRE2 pattern.
  case pattern
  /// A text with `{slots}`.
  case template
  case number(minimum: Int)
  case boolean
  /// One of a few words.
  case word([LanguageWord])
  /// One value, or a list of them.
  case oneOrMore(KeyType)
  /// A pattern, a list of which one must match, or a table with `any` and `all`.
  case patterns
  /// `name: value` lines with names of the writer's own.
  case values
  case table(LanguageTable)
  /// A table, or the word `none`.
  case tableOrNone(LanguageTable)
  case list(LanguageTable)
}

/// A word that a key takes, with what it means.
public struct LanguageWord: Sendable, Hashable {
  public let name: String
  public let meaning: String

  init(_ name: String, _ meaning: String) {
    self.name = name
    self.meaning = meaning
  }
}

/// Keys that stand together.
public struct LanguageTable: Sendable {
  /// How messages call it: `a rule`, "`when`".
  public let name: String
  public let meaning: String
  public let keys: [LanguageKey]

  init(_ name: String, _ meaning: String, _ keys: [LanguageKey]) {
    self.name = name
    self.meaning = meaning
    self.keys = keys
  }

  public subscript(_ name: String) -> LanguageKey? { keys.first { $0.name == name } }
}

extension KeyType {
  /// The type in words, for messages and the reference.
  public var name: String {
    switch self {
    case .text: "text"
    case .pattern: "pattern"
    case .template: "text with slots"
    case .number(let minimum): "number from \(minimum)"
    case .boolean: "true or false"
    case .word(let words): words.count > 8 ? "word" : words.map { "`\($0.name)`" }.joined(separator: ", ")
    case .oneOrMore(let type): "\(type.name); or a list"
    case .patterns: "pattern; a list, of which one must match; or `any:` and `all:` lists"
    case .values: "`name: value` lines"
    case .table: "table"
    case .tableOrNone: "table, or `none`"
    case .list: "list"
    }
  }
}

extension KeyType {
  /// The words that it takes; nil for other types.
  public var words: [LanguageWord]? {
    switch self {
    case .word(let words): words
    case .oneOrMore(let type): type.words
    default: nil
    }
  }
}
