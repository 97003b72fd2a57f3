/// What one layer of files says: rules of its own, and what it changes of the layers below.
public struct RuleLayer: Sendable {
  public var rules: [Rule] = []
  public var overrides: [RuleOverride] = []
  /// Rules of the layers below to leave out.
  public var disabled: [DisabledRule] = []

  public struct DisabledRule: Sendable, Hashable {
    public var id: String
    public var source: RuleSource
    public var excerpt: String?
  }
}

/// Changes to one rule; what is nil stands as it was.
public struct RuleOverride: Sendable, Hashable {
  public var id: String
  /// Set when the override names a category; nil inside for harmless.
  public var category: Category??
  public var rank: Int?
  public var masked: Rule.Masked?
  public var why: String?
  public var learn: LessonChange?
  public var source: RuleSource
  public var excerpt: String?

  public enum LessonChange: Sendable, Hashable {
    case none
    case change(Fields)
  }

  /// The keys of a lesson that are given.
  public struct Fields: Sendable, Hashable {
    public var key: [String]?
    public var section: String?
    public var target: Lesson.Target?
    public var times: Int?
    public var sessions: Int?
    public var fixed: String?
    public var otherwise: String?
    public var sameAs: String?
    public var until: Lesson.Refutation?
  }
}

extension RuleLayer {
  /// Puts this layer on top of others: a rule takes the place of the one with the same id.
  /// - Returns: The rules, and what is wrong with changes of rules that are not there.
  public func applied(to lower: [Rule]) -> (rules: [Rule], faults: [RuleFault]) {
    var merged = lower
    var places = Dictionary(lower.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    for rule in rules {
      if let index = places[rule.id] {
        merged[index] = rule
      } else {
        places[rule.id] = merged.count
        merged.append(rule)
      }
    }
    var faults: [RuleFault] = []
    for change in overrides {
      guard let index = places[change.id] else {
        faults.append(Self.unknown(change.id, "override", places.keys, change.source, change.excerpt))
        continue
      }
      faults += change.apply(to: &merged[index])
    }
    for rule in rules {
      guard let other = rule.learn?.sameAs, places[other] == nil else { continue }
      faults.append(Self.unknown(other, "learn the same as", places.keys, rule.source, nil))
    }
    for item in disabled where places[item.id] == nil {
      faults.append(Self.unknown(item.id, "disable", places.keys, item.source, item.excerpt))
    }
    let gone = Set(disabled.map(\.id))
    return (merged.filter { !gone.contains($0.id) }, faults)
  }

  private static func unknown(
    _ id: String, _ verb: String, _ known: some Sequence<String>, _ source: RuleSource, _ excerpt: String?
  ) -> RuleFault {
    let nearest = EditDistance.nearest(to: id, among: Array(known))
    let hint = nearest.map { "; did you mean `\($0)`?" } ?? "; `headroom rules list` shows all ids"
    return RuleFault("there is no rule `\(id)` to \(verb)\(hint)", at: source, excerpt: excerpt)
  }
}

extension RuleOverride {
  /// Changes the rule; what does not fit it is said instead.
  func apply(to rule: inout Rule) -> [RuleFault] {
    if let category { rule.category = category }
    if let rank { rule.rank = rank } else if let category { rule.rank = category?.defaultRank ?? Rule.harmlessRank }
    if let masked { rule.masked = masked }
    if let why { rule.why = why }
    switch learn {
    case nil: return []
    case RuleOverride.LessonChange.none?:
      rule.learn = nil
      return []
    case .change(let fields)?: return apply(fields, to: &rule)
    }
  }

  private func apply(_ fields: Fields, to rule: inout Rule) -> [RuleFault] {
    var lesson = rule.learn ?? Lesson()
    lesson.key = fields.key ?? lesson.key
    lesson.section = fields.section ?? lesson.section
    lesson.target = fields.target ?? lesson.target
    lesson.times = fields.times ?? lesson.times
    lesson.sessions = fields.sessions ?? lesson.sessions
    lesson.fixed = fields.fixed ?? lesson.fixed
    lesson.otherwise = fields.otherwise ?? lesson.otherwise
    lesson.sameAs = fields.sameAs ?? lesson.sameAs
    lesson.until = fields.until ?? lesson.until
    var reasons: [String] = []
    if lesson.section.isEmpty { reasons.append("rule `\(id)` has no `learn` yet: give it a `section`") }
    if lesson.fixed == nil, lesson.otherwise == nil, lesson.sameAs == nil {
      reasons.append("rule `\(id)` has no text yet: give `fixed` or `otherwise`")
    }
    let captures = rule.captures
    for (key, names) in [
      ("key", lesson.key), ("fixed", Slot.names(in: lesson.fixed ?? "")),
      ("otherwise", Slot.names(in: lesson.otherwise ?? "")),
    ] {
      for name in names where !captures.contains(name) && !(key == "fixed" && name == "fix") {
        reasons.append(
          "unknown capture `\(name)` in `\(key)`; rule `\(id)` has: \(captures.sorted().joined(separator: ", "))")
      }
    }
    if reasons.isEmpty { rule.learn = lesson }
    return reasons.map { RuleFault($0, at: source, excerpt: excerpt) }
  }
}
