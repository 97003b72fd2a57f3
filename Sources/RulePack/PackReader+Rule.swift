internal import PatternEngine
internal import SessionModel
internal import Yams

extension Rule {
  /// A harmless match only stands where no other rule explains the call.
  public static let harmlessRank = 20
  /// Rules of at most this rank are taken where no other rule knows a call, and `rules missed` shows the call all the same.
  public static let lastResortRank = 16

  /// What texts may name: the captures of its patterns, and what every call has.
  public var captures: Set<String> {
    var names = Slot.builtin
    for pattern in when.output + when.outputAll + when.input + when.inputAll + when.message
      + (when.after?.patterns ?? [])
    {
      names.formUnion((try? Pattern(pattern.source)).map { Set($0.captureNames.values) } ?? [])
    }
    return names
  }
}

extension PackFileReader {
  mutating func readRule(_ node: Node, pack: String) {
    guard let keys = nodes.fields(of: node, as: RuleLanguage.rule), let idNode = keys["id"], let id = keys.text("id")
    else { return }
    if !id.hasPrefix(pack + "/") {
      let name = id.split(separator: "/").last ?? "name"
      nodes.fault(
        "the id of a rule of this pack starts with `\(pack)/`: write `\(pack)/\(name)`; a rule of another pack is changed"
          + " under `override:`", at: idNode)
    }
    note("id", of: id, at: idNode)
    for name in ["category", "rank", "when", "learn"] { if let node = keys[name] { note(name, of: id, at: node) } }
    // A word that was refused must not pass for `harmless`.
    let word = keys.text("category")
    let category = word.map { Category(rawValue: $0) } ?? .other
    var rule = Rule(
      id: id, category: category, rank: keys.number("rank") ?? category?.defaultRank ?? Rule.harmlessRank,
      masked: keys.word("masked") ?? .never, when: Conditions(), learn: nil, why: keys.text("why"), examples: [],
      source: nodes.source(of: node))
    if let when = keys["when"] {
      rule.when = conditions(when, of: id)
      if rule.when.readsMessages != (category == .preference), let word = keys["category"] {
        nodes.fault("`message` and the category `preference` belong together: give both or neither", at: word)
      }
    }
    if let learn = keys["learn"] { rule.learn = lesson(learn, of: rule) }
    for (index, item) in keys.items("examples").enumerated() {
      note("examples.\(index)", of: id, at: item)
      if let example = example(item, rule) { rule.examples.append(example) }
    }
    if keys["examples"] != nil, keys.items("examples").isEmpty {
      nodes.fault("rule `\(id)` has no examples; give at least one output that it must match", at: idNode)
    }
    layer.rules.append(rule)
  }

  private mutating func note(_ key: String, of id: String, at node: Node) {
    guard notesPlaces else { return }
    let source = nodes.source(of: node)
    places.note(key, of: id, source, nodes.excerpt(of: source.line))
  }

  private mutating func conditions(_ node: Node, of id: String) -> Conditions {
    var when = Conditions()
    guard let keys = nodes.fields(of: node, as: RuleLanguage.when) else { return when }
    when.tools = tools(keys)
    let outcomes = keys.texts("outcome").compactMap(Outcome.init)
    if !outcomes.isEmpty { when.outcomes = outcomes }
    when.exit = keys.items("exit").compactMap(\.int)
    when.program = patterns([keys["program"]], "when.program", of: id).first
    when.last = patterns([keys["last"]], "when.last", of: id).first
    (when.input, when.inputAll) = group(keys["input"], "when.input", of: id)
    (when.output, when.outputAll) = group(keys["output"], "when.output", of: id)
    when.place = keys.word("place") ?? .anywhere
    when.empty = keys.flag("empty")
    when.maxBytes = keys.number("max-bytes")
    when.after = keys["after"].flatMap { earlier($0, of: id) }
    when.repeats = keys.number("repeats")
    when.message = patterns(keys.items("message"), "when.message", of: id)
    for other in keys.nodes.keys.sorted() where keys["message"] != nil && other != "message" {
      if let node = keys[other] { nodes.fault("`message` is about no call: take `\(other)` out of `when`", at: node) }
    }
    when.unless = exclusion(keys["unless"], RuleLanguage.unless, "when.unless", of: id)
    when.doubt = exclusion(keys["doubt"], RuleLanguage.doubt, "when.doubt", of: id)
    let asksNothing =
      ["output", "input", "program", "last", "exit", "empty", "after", "repeats", "message"].allSatisfy {
        keys[$0] == nil
      }
      && when.outcomes == [.failed]
    if asksNothing {
      nodes.fault("`when` has to ask for something in the output, input, program, exit status or outcome", at: node)
    }
    return when
  }

  private mutating func tools(_ keys: NodeReader.Fields) -> [String] {
    keys.items("tool").compactMap { tool in
      guard let name = tool.scalar?.string else { return nil }
      let isAgentName = name.contains { $0.isUppercase || $0 == "_" }
      if !isAgentName, ToolKind(rawValue: name) == nil {
        nodes.fault("unknown tool `\(name)`\(NodeReader.hint(name, ToolKind.allCases.map(\.rawValue)))", at: tool)
      }
      return name
    }
  }

  private mutating func earlier(_ node: Node, of id: String) -> Conditions.Earlier? {
    guard let keys = nodes.fields(of: node, as: RuleLanguage.after) else { return nil }
    var earlier = Conditions.Earlier()
    earlier.tools = tools(keys)
    earlier.outcomes = keys.texts("outcome").compactMap(Outcome.init)
    earlier.program = patterns([keys["program"]], "when.after.program", of: id).first
    earlier.input = patterns(keys.items("input"), "when.after.input", of: id)
    earlier.output = patterns(keys.items("output"), "when.after.output", of: id)
    if let within = keys.number("within") { earlier.within = within }
    earlier.same = keys.word("same")
    return earlier
  }

  private mutating func group(_ node: Node?, _ key: String, of id: String) -> (any: [PatternText], all: [PatternText]) {
    guard let node else { return ([], []) }
    guard node.mapping != nil else { return (patterns(NodeReader.items(node), key, of: id), []) }
    guard let keys = nodes.fields(of: node, as: RuleLanguage.group) else { return ([], []) }
    return (patterns(keys.items("any"), key, of: id), patterns(keys.items("all"), key + ".all", of: id))
  }

  private mutating func patterns(_ items: [Node?], _ key: String, of id: String) -> [PatternText] {
    var patterns: [PatternText] = []
    for case let item? in items {
      guard let pattern = nodes.pattern(item) else { continue }
      note("\(key).\(patterns.count)", of: id, at: item)
      patterns.append(pattern)
    }
    return patterns
  }

  private mutating func exclusion(
    _ node: Node?, _ table: LanguageTable, _ key: String, of id: String
  ) -> Conditions.Exclusion {
    guard let node, let keys = nodes.fields(of: node, as: table) else { return Conditions.Exclusion() }
    return Conditions.Exclusion(
      program: patterns([keys["program"]], key + ".program", of: id).first,
      last: patterns([keys["last"]], key + ".last", of: id).first,
      input: patterns(keys.items("input"), key + ".input", of: id),
      output: patterns(keys.items("output"), key + ".output", of: id))
  }

  private mutating func lesson(_ node: Node, of rule: Rule) -> Lesson? {
    guard let keys = nodes.fields(of: node, as: RuleLanguage.learn) else { return nil }
    for name in ["section", "target", "fixed", "otherwise"] {
      if let node = keys[name] { note("learn.\(name)", of: rule.id, at: node) }
    }
    let captures = rule.captures
    for item in keys.items("key") {
      if let name = item.scalar?.string, !captures.contains(name) { unknownSlot(name, in: "key", captures, at: item) }
    }
    var lesson = Lesson(
      key: keys.texts("key"), section: keys.text("section") ?? "", target: Self.target(keys) ?? .contextFile)
    if let times = keys.number("times") { lesson.times = times }
    if let sessions = keys.number("sessions") { lesson.sessions = sessions }
    lesson.fixed = template(keys["fixed"], name: "fixed", captures.union(["fix"]))
    lesson.otherwise = template(keys["otherwise"], name: "otherwise", captures)
    lesson.sameAs = keys.text("same_as")
    lesson.until = keys.word("until")
    if keys["fixed"] == nil, keys["otherwise"] == nil, lesson.sameAs == nil {
      nodes.fault("`learn` needs a text: `fixed`, `otherwise` or both", at: node)
    }
    return lesson
  }

  private mutating func template(_ node: Node?, name: String, _ slots: Set<String>) -> String? {
    guard let node, let text = node.scalar?.string else { return nil }
    for slot in Slot.names(in: text) where !slots.contains(slot) { unknownSlot(slot, in: name, slots, at: node) }
    return text
  }

  private mutating func unknownSlot(_ name: String, in key: String, _ known: Set<String>, at node: Node) {
    // The fault is in the name, which may stand far into a text.
    var offset: Int?
    if let scalar = node.scalar, let found = scalar.string.firstRange(of: "{\(name)}") {
      offset = scalar.string.utf8.distance(from: scalar.string.startIndex, to: found.lowerBound) + 1
    }
    let place = offset.flatMap { offset in
      node.scalar.flatMap { ScalarPlace(lines: nodes.lines).place(of: offset, in: $0) }
    }
    let nearest = EditDistance.nearest(to: name, among: known.sorted()).map { "did you mean `\($0)`? " } ?? ""
    nodes.fault(
      "unknown capture `\(name)` in `\(key)`; \(nearest)this rule has: \(known.sorted().joined(separator: ", "))",
      line: place?.line ?? node.mark?.line ?? 1, column: place?.column ?? node.mark?.column ?? 1)
  }

  private func call(_ keys: NodeReader.Fields) -> Example {
    var example = Example()
    example.tool = keys.text("tool")
    example.input = keys.text("input") ?? ""
    example.output = keys.text("output") ?? ""
    example.exit = keys.number("exit")
    example.outcome = keys.word("outcome")
    return example
  }

  private mutating func example(_ node: Node, _ rule: Rule) -> Example? {
    guard let keys = nodes.fields(of: node, as: RuleLanguage.example) else { return nil }
    var example = call(keys)
    example.line = node.mark?.line ?? 0
    example.message = keys.text("message")
    for item in keys.items("before") {
      if let before = nodes.fields(of: item, as: RuleLanguage.earlier) { example.before.append(call(before)) }
    }
    if rule.when.readsMessages, example.message == nil {
      nodes.fault("rule `\(rule.id)` is about messages: its examples need `message`", at: node)
    }
    example.matches = keys.flag("matches") ?? true
    example.isGap = keys.flag("gap") ?? false
    if let captures = keys["captures"]?.mapping {
      for (key, value) in captures { example.captures[key.string ?? ""] = value.scalar?.string ?? "" }
    }
    return example
  }
}
