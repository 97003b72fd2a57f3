internal import PatternEngine
internal import Yams

/// Reads YAML nodes as the rule language describes them. What does not fit is a fault and is left out, so that one run
/// shows everything that is wrong.
struct NodeReader {
  let file: String
  let lines: [Substring]
  var faults: [RuleFault] = []
  var named = NamedPatterns()

  init(text: String, file: String) {
    self.file = file
    lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
  }

  /// The fields of a table, each taken once.
  struct Fields {
    var nodes: [String: Node]

    subscript(_ name: String) -> Node? { nodes[name] }
    func text(_ name: String) -> String? { nodes[name]?.scalar?.string }
    func number(_ name: String) -> Int? { nodes[name]?.int }
    func flag(_ name: String) -> Bool? { nodes[name]?.bool }
    func word<Value: RawRepresentable<String>>(_ name: String) -> Value? { text(name).flatMap(Value.init) }
    func items(_ name: String) -> [Node] { nodes[name].map { NodeReader.items($0) } ?? [] }
    func texts(_ name: String) -> [String] { items(name).compactMap(\.scalar?.string) }
  }

  /// The whole file.
  /// - Parameter empty: The fault of a file without anything; none when it is nil.
  mutating func root(of text: String, empty: String?) -> Node? {
    do {
      // What a scalar stands for is known from its key: finding it out by regular expressions costs more than the rest.
      if let root = try Yams.compose(yaml: text, .basic) { return root }
      if let empty { fault(empty, line: 1, column: 1) }
    } catch let error as YamlError {
      let (mark, problem) = Self.place(of: error)
      let line = mark?.line ?? 1
      fault(problem + advice(on: problem, line: line), line: line, column: mark?.column ?? 1)
    } catch {
      fault("this is not YAML: \(error)", line: 1, column: 1)
    }
    return nil
  }

  /// What to write instead where YAML itself stumbles: its own words do not help people who write patterns.
  private func advice(on problem: String, line: Int) -> String {
    let text = lines.indices.contains(line - 1) ? lines[line - 1] : ""
    if text.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
      return "; a tab stands before the text, and YAML is indented with spaces"
    }
    if problem.contains("mapping values are not allowed") {
      return "; a text with `: ` in it stands in single quotes, as in `output: '^error: x'`"
    }
    if problem.contains("unknown escape character") {
      return "; a pattern stands in single quotes, where a backslash is a backslash"
    }
    if problem.contains("cannot start any token") {
      return "; a text that begins like this stands in single quotes"
    }
    if problem.contains("unexpected end of stream") { return "; a quote or a bracket is not closed" }
    if problem.contains("expected key") || problem.contains("block end") || problem.contains("'-' indicator") {
      return "; what belongs together starts in the same column"
    }
    return ""
  }

  private static func place(of error: YamlError) -> (Mark?, String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark, "this is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      (context.mark, "key \(duplicates.map { "`\($0)`" }.joined(separator: ", ")) stands here twice; keep one of them")
    default: (nil, "this is not YAML: \(error)")
    }
  }

  /// - Returns: nil when the node is no table at all.
  mutating func fields(of node: Node, as table: LanguageTable) -> Fields? {
    guard let mapping = node.mapping else {
      fault("\(table.name) is a list of `key: value` lines", at: node)
      return nil
    }
    var nodes: [String: Node] = [:]
    var names: [String] = []
    for (key, value) in mapping {
      let name = key.string ?? ""
      names.append(name)
      if let known = table[name] {
        if let value = fitting(value, known) { nodes[name] = value }
      } else {
        fault("unknown key `\(name)` in \(table.name)\(Self.hint(name, table.keys.map(\.name)))", at: key)
      }
    }
    for key in table.keys where key.isRequired && !names.contains(key.name) {
      fault("\(table.name) needs `\(key.name)`: \(key.meaning); for example `\(key.name): \(key.example)`", at: node)
    }
    return Fields(nodes: nodes)
  }

  /// The value, without the parts of it that do not fit; nil when nothing is left.
  private mutating func fitting(_ node: Node, _ key: LanguageKey) -> Node? {
    switch key.type {
    case .oneOrMore(let type):
      guard let sequence = node.sequence else { return fits(node, type, key) ? node : nil }
      return .sequence(.init(sequence.filter { fits($0, type, key) }, sequence.tag, sequence.style, sequence.mark))
    case .list:
      guard node.sequence != nil else {
        if node.scalar?.string.isEmpty == true { return nil }
        fault("`\(key.name)` is a list: each item starts with a dash", at: node)
        return nil
      }
      return node
    default: return fits(node, key.type, key) ? node : nil
    }
  }

  private mutating func fits(_ node: Node, _ type: KeyType, _ key: LanguageKey) -> Bool {
    switch type {
    case .text, .pattern, .template: return expect(node.scalar != nil, "`\(key.name)` is a text", at: node)
    case .number(let minimum):
      guard let value = node.int else { return expect(false, "`\(key.name)` is a whole number", at: node) }
      return expect(value >= minimum, "`\(key.name)` is at least \(minimum)", at: node)
    case .boolean: return expect(node.bool != nil, "`\(key.name)` is true or false", at: node)
    case .word(let words):
      let name = node.scalar?.string ?? ""
      let known = words.map(\.name)
      guard !known.contains(name) else { return true }
      let list = known.count > 8 ? "unknown \(key.name) `\(name)`\(Self.hint(name, known))" : nil
      fault(list ?? "`\(name)` is not one of \(known.joined(separator: ", "))", at: node)
      return false
    case .values: return expect(node.mapping != nil, "`\(key.name)` is a list of `name: value`", at: node)
    // Tables are checked where their keys are taken.
    case .patterns, .table, .tableOrNone, .list, .oneOrMore: return true
    }
  }

  private mutating func expect(_ holds: Bool, _ message: String, at node: Node) -> Bool {
    if !holds { fault(message, at: node) }
    return holds
  }

  /// A list, or one item without the dashes.
  static func items(_ node: Node) -> [Node] { node.sequence.map { Array($0) } ?? [node] }

  /// A pattern that compiles.
  mutating func pattern(_ node: Node) -> PatternText? {
    guard let source = node.scalar?.string else {
      fault("a text belongs here", at: node)
      return nil
    }
    let expanded = named.expanded(source)
    if let (name, offset) = expanded.unknown {
      let hint = EditDistance.nearest(to: name, among: named.texts.keys.sorted()).map { "did you mean `\($0)`?" }
      let advice = hint ?? "name it under `patterns` of this file"
      fault("there is no pattern `\(name)`; \(advice)", inside: node, at: offset)
      return nil
    }
    do throws(PatternError) {
      try Pattern.check(expanded.text)
    } catch {
      let offset = expanded.writtenOffset(of: error.offset)
      fault("the pattern is wrong at character \(offset + 1): \(error.reason)", inside: node, at: offset)
      return nil
    }
    return PatternText(source: expanded.text, literals: RequiredLiterals.of(expanded.text))
  }

  /// Takes over the named patterns of a file. One that is wrong is left out; where it is used, it is not there.
  mutating func readNamed(_ node: Node?) {
    guard let mapping = node?.mapping else { return }
    for (key, value) in mapping {
      let name = key.string ?? ""
      guard !name.isEmpty, name.utf8.allSatisfy({ $0 == 95 || (48...57).contains($0) || (97...122).contains($0 | 32) })
      else {
        fault("a name of a pattern is made of letters, digits and `_`", at: key)
        continue
      }
      if let pattern = pattern(value) { named.texts[name] = pattern.source }
    }
  }

  func source(of node: Node) -> RuleSource {
    RuleSource(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  func excerpt(of line: Int) -> String? {
    lines.indices.contains(line - 1) && !lines[line - 1].isEmpty ? String(lines[line - 1]) : nil
  }

  mutating func fault(_ message: String, at node: Node) {
    fault(message, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  mutating func fault(_ message: String, line: Int, column: Int) {
    faults.append(
      RuleFault(message, at: RuleSource(file: file, line: line, column: column), excerpt: excerpt(of: line)))
  }

  /// - Parameter offset: Where the fault stands in the text, in bytes.
  mutating func fault(_ message: String, inside node: Node, at offset: Int) {
    let place = node.scalar.flatMap { ScalarPlace(lines: lines).place(of: offset, in: $0) }
    fault(message, line: place?.line ?? node.mark?.line ?? 1, column: place?.column ?? node.mark?.column ?? 1)
  }

  static func hint(_ name: String, _ known: [String]) -> String {
    guard let nearest = EditDistance.nearest(to: name, among: known) else {
      return "; known are: \(known.joined(separator: ", "))"
    }
    return "; did you mean `\(nearest)`?"
  }
}
