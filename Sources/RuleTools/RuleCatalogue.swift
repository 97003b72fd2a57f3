public import RulePack
internal import SessionModel

/// Rules in words: lists, single rules, the catalogue and the reference of the language.
public enum RuleCatalogue {
  /// One line for each rule.
  public static func list(_ rules: [Rule]) -> String {
    let width = (rules.map(\.id.count).max() ?? 0) + 2
    return rules.map { rule in
      let category = rule.category?.rawValue ?? RuleLanguage.harmless.name
      return
        "\(rule.id.padded(to: width))\(category.padded(to: 20))\((rule.learn == nil ? "-" : "learns").padded(to: 8))\(rule.source.file)"
    }.joined(separator: "\n")
  }

  /// Everything about one rule.
  public static func show(_ rule: Rule) -> String {
    var lines = [
      rule.id, "  defined at \(rule.source.file):\(rule.source.line)",
      "  category   \(rule.category.map { "\($0.rawValue): \($0.meaning)" } ?? "harmless: the call did not fail")",
      "  rank       \(rule.rank)", "  masked     \(rule.masked.rawValue)",
    ]
    if let why = rule.why { lines.append("  why        \(why)") }
    lines += rule.when.lines.map { "  \($0)" }
    if let lesson = rule.learn {
      lines.append(
        "  learn      \(lesson.section), \(lesson.target.rawValue), seen \(lesson.times) times in \(lesson.sessions) sessions"
      )
      if let fixed = lesson.fixed { lines.append("    fixed      \(fixed)") }
      if let otherwise = lesson.otherwise { lines.append("    otherwise  \(otherwise)") }
      if let other = lesson.sameAs { lines.append("    same as    \(other)") }
      if let refutation = lesson.until { lines.append("    until      the \(refutation.rawValue) works") }
    }
    lines.append("  examples")
    for example in rule.examples {
      let kind = example.isGap ? "gap " : example.matches ? "yes " : "no  "
      let input = example.input.isEmpty ? "" : "\(example.input.firstLine) → "
      lines.append("    \(kind)\(input)\(example.output.firstLine)")
    }
    return lines.joined(separator: "\n")
  }

  /// The packs as a page of Markdown.
  public static func markdown(_ rules: [Rule]) -> String {
    var text = "# Rules\n\n\(rules.count) rules. Made by `headroom rules docs`.\n"
    let packs = Dictionary(grouping: rules) { String($0.id.prefix { $0 != "/" }) }
    for (pack, rules) in packs.sorted(by: { $0.key < $1.key }) {
      text += "\n## \(pack)\n\n| rule | category | a call that it explains |\n|---|---|---|\n"
      for rule in rules {
        let shown = rule.examples.first { $0.matches }.map { $0.output.isEmpty ? $0.input : $0.output } ?? ""
        let cell = String(shown.firstLine.prefix(90)).replacing("|", with: "\\|").replacing("`", with: "'")
        let why = rule.why.map { "<br>\($0.replacing("|", with: "\\|"))" } ?? ""
        text +=
          "| `\(rule.id)`\(why) | \(rule.category?.rawValue ?? "harmless") | \(cell.isEmpty ? "" : "`\(cell)`") |\n"
      }
    }
    return text
  }

  /// Every key of the language, as Markdown.
  public static func reference() -> String {
    var text = "# The rule language\n\nMade by `headroom rules docs --language`.\n"
    for table in RuleLanguage.tables {
      text += "\n## \(table.name.prefix(1).uppercased() + table.name.dropFirst())\n\n\(table.meaning)\n\n"
      text += "| key | value | meaning | example |\n|---|---|---|---|\n"
      for key in table.keys {
        let need = key.isRequired ? " (needed)" : ""
        let example = "`\(key.name): \(key.example)`".replacing("|", with: "\\|")
        text +=
          "| `\(key.name)`\(need) | \(key.type.name) | \(key.meaning) | \(key.example.contains("`") ? "" : example) |\n"
      }
      for key in table.keys {
        guard let words = key.type.words else { continue }
        text += "\n`\(key.name)`: " + words.map { "`\($0.name)` \($0.meaning)" }.joined(separator: "; ") + ".\n"
      }
    }
    text += "\n## Slots\n\nNames of captures are types; a value that is not of its type is never written.\n\n"
    text += Slot.types.map { "- `\($0.name)`: \($0.meaning)" }.joined(separator: "\n") + "\n"
    return text
  }
}

extension Conditions {
  fileprivate var lines: [String] {
    var lines: [String] = []
    func add(_ name: String, _ values: [String]) {
      for (index, value) in values.enumerated() { lines.append((index == 0 ? name : "").padded(to: 11) + value) }
    }
    add("tool", tools.isEmpty ? [] : [tools.joined(separator: ", ")])
    add("outcome", [outcomes.map(\.rawValue).joined(separator: ", ")])
    add("exit", exit.isEmpty ? [] : [exit.map(String.init).joined(separator: ", ")])
    add("program", [program].compactMap { $0?.source })
    add("last", [last].compactMap { $0?.source })
    add("input", input.map(\.source))
    add("input all", inputAll.map(\.source))
    add("output", output.map(\.source))
    add("output all", outputAll.map(\.source))
    add("place", place == .anywhere ? [] : [place.rawValue])
    add("empty", [empty].compactMap { $0.map { String($0) } })
    add("max-bytes", [maxBytes].compactMap { $0.map { String($0) } })
    add("unless", unless.patterns.map(\.source))
    add("doubt", doubt.patterns.map(\.source))
    return lines
  }
}

extension String {
  var firstLine: String { split(whereSeparator: \.isNewline).first.map(String.init) ?? "" }
}
