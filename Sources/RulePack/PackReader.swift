internal import PatternEngine
internal import SessionModel
internal import Yams

/// Reads packs from YAML and says everything that is wrong with them.
public struct PackReader {
  public private(set) var rules: [Rule] = []
  public private(set) var faults: [RuleFault] = []

  public init() {}

  /// Reads one pack; its rules and faults are added to those of the files before.
  /// - Parameter file: The name to use in messages.
  public mutating func read(_ text: String, file: String) {
    var reader = PackFileReader(text: text, file: file)
    reader.read()
    for rule in reader.rules {
      if let first = rules.first(where: { $0.id == rule.id }) {
        faults.append(
          RuleFault(
            "rule `\(rule.id)` is defined already at \(first.source.file):\(first.source.line); give one of them another id",
            at: rule.source, excerpt: reader.excerpt(ofLine: rule.source.line)))
      } else {
        rules.append(rule)
      }
    }
    faults += reader.faults.sorted { left, right in
      (left.source.line, left.source.column, left.message) < (right.source.line, right.source.column, right.message)
    }
  }
}

/// One file: turns nodes into rules, and keeps going after a fault so that one run shows all of them.
private struct PackFileReader {
  let text: String
  let file: String
  let lines: [Substring]
  var rules: [Rule] = []
  var faults: [RuleFault] = []

  init(text: String, file: String) {
    self.text = text
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  mutating func read() {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      let (mark, problem) = Self.place(of: error)
      fault("this is not YAML: \(problem)", line: mark?.line ?? 1, column: mark?.column ?? 1)
      return
    } catch {
      fault("this is not YAML: \(error)", line: 1, column: 1)
      return
    }
    guard let root else {
      fault("the file is empty; a pack starts with `pack: NAME`", line: 1, column: 1)
      return
    }
    guard var pack = fields(of: root, known: ["pack", "about", "rules"], what: "a pack") else { return }
    guard let name = text(pack.take("pack")) else {
      fault("a pack needs `pack: NAME`", at: root)
      return
    }
    _ = text(pack.take("about"))
    for node in items(pack.take("rules")) { readRule(node, pack: name) }
  }

  private static func place(of error: YamlError) -> (Mark?, String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark, problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      (context.mark, duplicates.map { "`\($0)`" }.joined(separator: ", ") + " is given twice in one place")
    default: (nil, "\(error)")
    }
  }

  private static let ruleKeys = ["id", "category", "rank", "masked", "why", "since", "references", "when", "learn", "examples"]

  private mutating func readRule(_ node: Node, pack: String) {
    guard var keys = fields(of: node, known: Self.ruleKeys, what: "a rule") else { return }
    guard let idNode = keys.take("id"), let id = text(idNode) else {
      fault("a rule needs `id: \(pack)/NAME`", at: node)
      return
    }
    if !id.hasPrefix(pack + "/") { fault("the id of a rule of this pack starts with `\(pack)/`", at: idNode) }
    var category: Category?
    if let categoryNode = keys.take("category") {
      let name = text(categoryNode) ?? ""
      category = Category(rawValue: name)
      if category == nil, name != "harmless" {
        let known = Category.allCases.map(\.rawValue) + ["harmless"]
        fault("unknown category `\(name)`\(Self.hint(name, known))", at: categoryNode)
      }
    } else {
      fault("rule `\(id)` needs a `category`, or `category: harmless` for calls that did not fail", at: node)
    }
    let rank = number(keys.take("rank"))
    let masked = choice(keys.take("masked"), of: Rule.Masked.self) ?? .never
    let why = text(keys.take("why"))
    _ = keys.take("since")
    _ = keys.take("references")
    guard let whenNode = keys.take("when") else {
      fault("rule `\(id)` needs `when`: what a call must show to match", at: node)
      return
    }
    let when = conditions(whenNode)
    var captures = Slot.builtin
    for pattern in when.output + when.input { captures.formUnion(captureNames(of: pattern)) }
    let learn = keys.take("learn").flatMap { lesson($0, captures: captures) }
    let examples = items(keys.take("examples")).compactMap { example($0) }
    if examples.isEmpty {
      fault("rule `\(id)` has no examples; give at least one output that it must match", at: idNode)
    }
    rules.append(
      Rule(
        id: id, category: category, rank: rank ?? category?.defaultRank ?? Self.harmlessRank, masked: masked, when: when,
        learn: learn, why: why, examples: examples, source: source(of: node)))
  }

  /// A harmless match only stands where no other rule explains the call.
  private static let harmlessRank = 20

  private static let conditionKeys = ["tool", "outcome", "exit", "program", "last", "input", "output", "place", "unless"]

  private mutating func conditions(_ node: Node) -> Conditions {
    var when = Conditions()
    guard var keys = fields(of: node, known: Self.conditionKeys, what: "`when`") else { return when }
    for tool in items(keys.take("tool")) {
      guard let name = text(tool) else { continue }
      let isAgentName = name.first.map { $0.isUppercase || name.contains("_") } ?? false
      if !isAgentName, ToolKind(rawValue: name) == nil {
        fault("unknown tool `\(name)`\(Self.hint(name, ToolKind.allCases.map(\.rawValue)))", at: tool)
      }
      when.tools.append(name)
    }
    let outcomes = items(keys.take("outcome"))
    if !outcomes.isEmpty { when.outcomes = outcomes.compactMap { choice($0, of: Outcome.self) } }
    when.exit = items(keys.take("exit")).compactMap { number($0) }
    when.program = keys.take("program").flatMap { pattern($0) }
    when.last = keys.take("last").flatMap { pattern($0) }
    when.input = items(keys.take("input")).compactMap { pattern($0) }
    when.output = items(keys.take("output")).compactMap { pattern($0) }
    when.place = choice(keys.take("place"), of: Conditions.Place.self) ?? .anywhere
    if let unless = keys.take("unless"),
      var keys = fields(of: unless, known: ["program", "last", "input", "output"], what: "`unless`")
    {
      when.unless.program = keys.take("program").flatMap { pattern($0) }
      when.unless.last = keys.take("last").flatMap { pattern($0) }
      when.unless.input = items(keys.take("input")).compactMap { pattern($0) }
      when.unless.output = items(keys.take("output")).compactMap { pattern($0) }
    }
    if when.output.isEmpty, when.input.isEmpty, when.program == nil, when.last == nil, when.exit.isEmpty,
      when.outcomes == [.failed]
    {
      fault("`when` has to ask for something in the output, input, program, exit status or outcome", at: node)
    }
    return when
  }

  private static let lessonKeys = ["key", "section", "target", "times", "sessions", "fixed", "otherwise"]

  private mutating func lesson(_ node: Node, captures: Set<String>) -> Lesson? {
    guard var keys = fields(of: node, known: Self.lessonKeys, what: "`learn`") else { return nil }
    var lesson = Lesson()
    for key in items(keys.take("key")) {
      guard let name = text(key) else { continue }
      if !captures.contains(name) { unknownSlot(name, in: "key", captures, at: key) }
      lesson.key.append(name)
    }
    if let section = text(keys.take("section")) { lesson.section = section } else { fault("`learn` needs a `section`", at: node) }
    if let target = keys.take("target") {
      switch text(target) {
      case "context": lesson.target = .contextFile
      case "memory": lesson.target = .memoryFile
      case let other: fault("`target` is `context` or `memory`, not `\(other ?? "")`", at: target)
      }
    }
    if let times = number(keys.take("times")) { lesson.times = times }
    if let sessions = number(keys.take("sessions")) { lesson.sessions = sessions }
    lesson.fixed = template(keys.take("fixed"), name: "fixed", captures.union(["fix"]))
    lesson.otherwise = template(keys.take("otherwise"), name: "otherwise", captures)
    if lesson.fixed == nil, lesson.otherwise == nil { fault("`learn` needs a text: `fixed`, `otherwise` or both", at: node) }
    return lesson
  }

  private mutating func template(_ node: Node?, name: String, _ slots: Set<String>) -> String? {
    guard let node, let text = text(node) else { return nil }
    for slot in Slot.names(in: text) where !slots.contains(slot) { unknownSlot(slot, in: name, slots, at: node) }
    return text
  }

  private mutating func unknownSlot(_ name: String, in key: String, _ known: Set<String>, at node: Node) {
    fault("unknown capture `\(name)` in `\(key)`; this rule has: \(known.sorted().joined(separator: ", "))", at: node)
  }

  private mutating func example(_ node: Node) -> Example? {
    let known = ["tool", "input", "output", "exit", "outcome", "matches", "captures"]
    guard var keys = fields(of: node, known: known, what: "an example") else { return nil }
    var example = Example()
    example.line = node.mark?.line ?? 0
    example.tool = text(keys.take("tool"))
    example.input = text(keys.take("input")) ?? ""
    example.output = text(keys.take("output")) ?? ""
    example.exit = number(keys.take("exit"))
    example.outcome = choice(keys.take("outcome"), of: Outcome.self)
    if let matches = keys.take("matches") {
      if let value = matches.bool { example.matches = value } else { fault("`matches` is true or false", at: matches) }
    }
    if let captures = keys.take("captures") {
      guard let mapping = captures.mapping else {
        fault("`captures` is a list of `name: value`", at: captures)
        return example
      }
      for (key, value) in mapping { example.captures[key.string ?? ""] = value.scalar?.string ?? "" }
    }
    return example
  }
}

extension PackFileReader {
  /// The fields of a mapping, each taken once.
  struct Fields {
    var nodes: [String: Node]

    mutating func take(_ name: String) -> Node? { nodes.removeValue(forKey: name) }
  }

  mutating func fields(of node: Node, known: [String], what: String) -> Fields? {
    guard let mapping = node.mapping else {
      fault("\(what) is a list of `key: value` lines", at: node)
      return nil
    }
    var nodes: [String: Node] = [:]
    for (key, value) in mapping {
      let name = key.string ?? ""
      if known.contains(name) {
        nodes[name] = value
      } else {
        fault("unknown key `\(name)` in \(what)\(Self.hint(name, known))", at: key)
      }
    }
    return Fields(nodes: nodes)
  }

  /// A list, or one item without the dashes.
  func items(_ node: Node?) -> [Node] {
    guard let node else { return [] }
    return node.sequence.map { Array($0) } ?? [node]
  }

  mutating func text(_ node: Node?) -> String? {
    guard let node else { return nil }
    guard let scalar = node.scalar else {
      fault("a text belongs here", at: node)
      return nil
    }
    return scalar.string
  }

  mutating func number(_ node: Node?) -> Int? {
    guard let node else { return nil }
    guard let value = node.int else {
      fault("a whole number belongs here", at: node)
      return nil
    }
    return value
  }

  mutating func choice<Value>(
    _ node: Node?, of type: Value.Type
  ) -> Value? where Value: RawRepresentable<String> & CaseIterable {
    guard let node, let name = text(node) else { return nil }
    if let value = Value(rawValue: name) { return value }
    let known = Value.allCases.map(\.rawValue)
    fault("`\(name)` is not one of \(known.joined(separator: ", "))", at: node)
    return nil
  }

  mutating func pattern(_ node: Node) -> PatternText? {
    guard let source = text(node) else { return nil }
    do throws(PatternError) {
      _ = try Pattern(source)
    } catch {
      fault("the pattern is wrong at character \(error.offset + 1): \(error.reason)", at: node, shift: error.offset)
      return nil
    }
    return PatternText(source: source, literals: RequiredLiterals.of(source))
  }

  func captureNames(of pattern: PatternText) -> Set<String> {
    (try? Pattern(pattern.source)).map { Set($0.captureNames.values) } ?? []
  }

  func source(of node: Node) -> RuleSource {
    RuleSource(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  mutating func fault(_ message: String, at node: Node, shift: Int = 0) {
    let mark = node.mark
    // A quoted scalar starts with its quote.
    let quoted = node.scalar.map { $0.style == .doubleQuoted || $0.style == .singleQuoted } ?? false
    let column = (mark?.column ?? 1) + (shift > 0 ? shift + (quoted ? 1 : 0) : 0)
    fault(message, line: mark?.line ?? 1, column: column)
  }

  mutating func fault(_ message: String, line: Int, column: Int) {
    faults.append(
      RuleFault(message, at: RuleSource(file: file, line: line, column: column), excerpt: excerpt(ofLine: line)))
  }

  func excerpt(ofLine line: Int) -> String? {
    lines.indices.contains(line - 1) && !lines[line - 1].isEmpty ? String(lines[line - 1]) : nil
  }

  static func hint(_ name: String, _ known: [String]) -> String {
    guard let nearest = EditDistance.nearest(to: name, among: known) else {
      return "; known are: \(known.joined(separator: ", "))"
    }
    return "; did you mean `\(nearest)`?"
  }
}
