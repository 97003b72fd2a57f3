internal import RulePack

/// The rule language as JSON Schema, for editors.
public enum RuleSchema {
  /// The schema as JSON text.
  public static func json() -> String {
    var text = object(RuleLanguage.pack, depth: 0)
    text.replaceSubrange(
      text.startIndex...text.startIndex,
      with: "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"headroom rules\",")
    return text
  }

  private static func object(_ table: LanguageTable, depth: Int) -> String {
    let indent = String(repeating: "  ", count: depth + 1)
    let keys = table.keys.map { key in
      "\(indent)  \(quoted(key.name)): {\"description\": \(quoted(key.meaning)), \(type(key.type, depth: depth + 1))}"
    }
    let required = table.keys.filter(\.isRequired).map { quoted($0.name) }
    let needs = required.isEmpty ? "" : "\n\(indent)\"required\": [\(required.joined(separator: ", "))],"
    return
      "{\n\(indent)\"type\": \"object\",\n\(indent)\"additionalProperties\": false,\(needs)\n\(indent)\"properties\": {\n"
      + keys.joined(separator: ",\n") + "\n\(indent)}\n\(indent.dropLast(2))}"
  }

  /// The members of a schema for a type, without braces.
  private static func type(_ type: KeyType, depth: Int) -> String {
    func one(_ inner: KeyType) -> String { "{\(Self.type(inner, depth: depth + 1))}" }
    switch type {
    case .text: return "\"type\": [\"string\", \"number\"]"
    case .pattern: return "\"type\": \"string\", \"format\": \"regex\""
    case .template: return "\"type\": \"string\""
    case .number(let minimum): return "\"type\": \"integer\", \"minimum\": \(minimum)"
    case .boolean: return "\"type\": \"boolean\""
    case .word(let words): return "\"enum\": [\(words.map { quoted($0.name) }.joined(separator: ", "))]"
    case .oneOrMore(let inner): return "\"anyOf\": [\(one(inner)), {\"type\": \"array\", \"items\": \(one(inner))}]"
    case .patterns:
      let list = "{\"type\": \"array\", \"items\": \(one(.pattern))}"
      return "\"anyOf\": [\(one(.pattern)), \(list), \(object(RuleLanguage.group, depth: depth + 1))]"
    case .values:
      return "\"type\": \"object\", \"additionalProperties\": {\"type\": [\"string\", \"number\", \"boolean\"]}"
    case .table(let table): return members(of: object(table, depth: depth))
    case .tableOrNone(let table): return "\"anyOf\": [{\"enum\": [\"none\"]}, \(object(table, depth: depth + 1))]"
    case .list(let table): return "\"type\": \"array\", \"items\": \(object(table, depth: depth))"
    }
  }

  private static func members(of object: String) -> String { String(object.dropFirst().dropLast()) }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
