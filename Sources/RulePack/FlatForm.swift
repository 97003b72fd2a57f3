internal import PatternEngine
internal import SessionModel

/// Rules as one string of counted fields: what the build embeds, so that no YAML is parsed at start.
public enum FlatForm {
  /// Changes when the order of the fields does: an old form is then refused instead of misread.
  static let version = "8"

  public static func encode(_ rules: [Rule]) -> String {
    var writer = FlatWriter()
    writer.put(version)
    writer.put(rules) { writer, rule in
      writer.put(rule.id)
      writer.put(rule.category?.rawValue)
      writer.put(rule.rank)
      writer.put(rule.masked.rawValue)
      writer.put(rule.why)
      writer.put(rule.source.file)
      writer.put(rule.source.line)
      writer.put(rule.when)
      writer.put(rule.learn.map { [$0] } ?? []) { $0.put($1) }
    }
    // Behind the rules, so that they can be left alone: most runs need none.
    writer.put(rules) { writer, rule in writer.put(rule.examples) { $0.put($1) } }
    return writer.text
  }

  /// - Parameter examples: Whether the rules get theirs, which takes longer than all the rest.
  /// - Returns: nil when the text is not of this version or is damaged.
  public static func decode(_ text: StaticString, examples: Bool = true) -> [Rule]? {
    text.withUTF8Buffer { buffer in unsafe decode(buffer, examples: examples) }
  }

  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, examples: Bool = true) -> [Rule]? {
    var reader = unsafe FlatReader(bytes: bytes)
    guard reader.string() == version else { return nil }
    var rules = reader.array { $0.rule() }
    guard examples else { return reader.isDamaged ? nil : rules }
    let all = reader.array { $0.array { $0.example() } }
    guard !reader.isDamaged, reader.isAtEnd, all.count == rules.count else { return nil }
    for index in rules.indices { rules[index].examples = all[index] }
    return rules
  }
}

private struct FlatWriter {
  var text = ""

  mutating func put(_ value: String) { text += "\(value.utf8.count):\(value)" }
  mutating func put(_ value: Int) { put(String(value)) }

  mutating func put(_ value: String?) {
    put(value == nil ? 0 : 1)
    if let value { put(value) }
  }

  mutating func put<Element>(_ values: [Element], each: (inout FlatWriter, Element) -> Void) {
    put(values.count)
    for value in values { each(&self, value) }
  }

  mutating func put(_ values: [String]) { put(values) { $0.put($1) } }

  mutating func put(_ pattern: PatternText) {
    put(pattern.source)
    put(pattern.literals) {
      // Two characters for how the literal is met, then the literal.
      let before = Character(UnicodeScalar(UInt8(ascii: "0") + $1.before.rawValue))
      $0.put(($1.ignoresCase ? "~" : "=") + String(before) + String(decoding: $1.bytes, as: UTF8.self))
    }
  }

  mutating func put(_ patterns: [PatternText]) { put(patterns) { $0.put($1) } }
  mutating func put(_ pattern: PatternText?) { put(pattern.map { [$0] } ?? []) }

  mutating func put(_ when: Conditions) {
    put(when.tools)
    put(when.outcomes.map(\.rawValue))
    put(when.exit.map(String.init))
    put(when.program)
    put(when.last)
    put(when.input)
    put(when.inputAll)
    put(when.output)
    put(when.outputAll)
    put(when.place.rawValue)
    put(when.empty.map { $0 ? "yes" : "no" })
    put(when.maxBytes.map(String.init))
    put(when.after.map { [$0] } ?? []) { $0.put($1) }
    put(when.repeats.map(String.init))
    put(when.message)
    put(when.unless)
    put(when.doubt)
  }

  mutating func put(_ earlier: Conditions.Earlier) {
    put(earlier.tools)
    put(earlier.outcomes.map(\.rawValue))
    put(earlier.program)
    put(earlier.input)
    put(earlier.output)
    put(earlier.within)
    put(earlier.same?.rawValue)
  }

  mutating func put(_ exclusion: Conditions.Exclusion) {
    put(exclusion.program)
    put(exclusion.last)
    put(exclusion.input)
    put(exclusion.output)
  }

  mutating func put(_ lesson: Lesson) {
    put(lesson.key)
    put(lesson.section)
    put(lesson.target.rawValue)
    put(lesson.times)
    put(lesson.sessions)
    put(lesson.fixed)
    put(lesson.otherwise)
    put(lesson.sameAs)
    put(lesson.until?.rawValue)
  }

  mutating func put(_ example: Example) {
    put(example.tool)
    put(example.input)
    put(example.output)
    put(example.exit.map(String.init))
    put(example.outcome?.rawValue)
    put(example.message)
    put(example.before) { $0.put($1) }
    put(example.matches ? 1 : 0)
    put(example.isGap ? 1 : 0)
    put(example.line)
    put(example.captures.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
  }
}

@safe private struct FlatReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private(set) var isDamaged = false

  init(bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = bytes }

  var isAtEnd: Bool { unsafe position == bytes.count }

  mutating func string() -> String { unsafe String(decoding: bytesOfField(), as: UTF8.self) }

  /// Empty where the form is damaged.
  private mutating func bytesOfField() -> UnsafeBufferPointer<UInt8> {
    var count = 0
    while unsafe position < bytes.count, case let digit = unsafe bytes[position], (48...57).contains(digit) {
      count = count * 10 + Int(digit - 48)
      position += 1
      if count > 1 << 30 { break }
    }
    guard unsafe position < bytes.count, unsafe bytes[position] == UInt8(ascii: ":"),
      unsafe position + 1 + count <= bytes.count
    else {
      isDamaged = true
      return unsafe UnsafeBufferPointer(start: nil, count: 0)
    }
    position += 1
    defer { position += count }
    return unsafe UnsafeBufferPointer(rebasing: bytes[position..<(position + count)])
  }

  mutating func int() -> Int {
    guard let value = Int(string()) else {
      isDamaged = true
      return 0
    }
    return value
  }

  mutating func optional() -> String? { int() == 1 ? string() : nil }

  mutating func array<Element>(_ each: (inout FlatReader) -> Element) -> [Element] {
    let count = int()
    var values: [Element] = []
    values.reserveCapacity(max(0, min(count, 1000)))
    while values.count < count, !isDamaged { values.append(each(&self)) }
    return values
  }

  mutating func strings() -> [String] { array { $0.string() } }

  mutating func patterns() -> [PatternText] {
    array { PatternText(source: $0.string(), literals: $0.array { $0.literal() }) }
  }

  private mutating func literal() -> Literal {
    let bytes = unsafe bytesOfField()
    guard bytes.count >= 2 else {
      isDamaged = true
      return Literal([])
    }
    return unsafe Literal(
      Array(UnsafeBufferPointer(rebasing: bytes[2...])), ignoresCase: bytes[0] == UInt8(ascii: "~"),
      before: ByteKinds(rawValue: bytes[1] &- UInt8(ascii: "0")))
  }

  mutating func rule() -> Rule {
    Rule(
      id: string(), category: optional().flatMap(Category.init), rank: int(),
      masked: Rule.Masked(rawValue: string()) ?? .never,
      when: Conditions(), learn: nil, why: optional(), examples: [], source: RuleSource(file: string(), line: int())
    ).filled { rule in
      rule.when = conditions()
      rule.learn = array { $0.lesson() }.first
    }
  }

  mutating func conditions() -> Conditions {
    var when = Conditions()
    when.tools = strings()
    when.outcomes = strings().compactMap(Outcome.init)
    when.exit = strings().compactMap(Int.init)
    when.program = patterns().first
    when.last = patterns().first
    when.input = patterns()
    when.inputAll = patterns()
    when.output = patterns()
    when.outputAll = patterns()
    when.place = Conditions.Place(rawValue: string()) ?? .anywhere
    when.empty = optional().map { $0 == "yes" }
    when.maxBytes = optional().flatMap { Int($0) }
    when.after = array { $0.earlier() }.first
    when.repeats = optional().flatMap { Int($0) }
    when.message = patterns()
    when.unless = exclusion()
    when.doubt = exclusion()
    return when
  }

  mutating func earlier() -> Conditions.Earlier {
    var earlier = Conditions.Earlier()
    earlier.tools = strings()
    earlier.outcomes = strings().compactMap(Outcome.init)
    earlier.program = patterns().first
    earlier.input = patterns()
    earlier.output = patterns()
    earlier.within = int()
    earlier.same = optional().flatMap(Conditions.Earlier.Same.init)
    return earlier
  }

  mutating func exclusion() -> Conditions.Exclusion {
    Conditions.Exclusion(program: patterns().first, last: patterns().first, input: patterns(), output: patterns())
  }

  mutating func lesson() -> Lesson {
    Lesson(
      key: strings(), section: string(), target: Lesson.Target(rawValue: string()) ?? .contextFile, times: int(),
      sessions: int(), fixed: optional(), otherwise: optional(), sameAs: optional(),
      until: optional().flatMap(Lesson.Refutation.init))
  }

  mutating func example() -> Example {
    var example = Example()
    example.tool = optional()
    example.input = string()
    example.output = string()
    example.exit = optional().flatMap { Int($0) }
    example.outcome = optional().flatMap(Outcome.init)
    example.message = optional()
    example.before = array { $0.example() }
    example.matches = int() == 1
    example.isGap = int() == 1
    example.line = int()
    let captures = strings()
    for index in stride(from: 0, to: captures.count - 1, by: 2) {
      example.captures[captures[index]] = captures[index + 1]
    }
    return example
  }
}

extension Rule {
  fileprivate func filled(_ fill: (inout Rule) -> Void) -> Rule {
    var rule = self
    fill(&rule)
    return rule
  }
}
