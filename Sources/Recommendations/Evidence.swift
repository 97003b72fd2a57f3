public import RuleEngine
internal import RulePack
public import SessionModel

/// What makes two failures tell the same lesson.
public struct LessonKey: Hashable, Sendable, Comparable {
  public var ruleID: String
  public var values: [String]

  public init(ruleID: String, values: [String]) {
    self.ruleID = ruleID
    self.values = values
  }

  public static func < (left: LessonKey, right: LessonKey) -> Bool {
    if left.ruleID != right.ruleID { return left.ruleID < right.ruleID }
    return left.values.lexicographicallyPrecedes(right.values)
  }
}

/// Failures that tell the same lesson. `merge` is associative, commutative and idempotent: files, threads and machines can
/// be put together in any order, and a call that is seen twice counts once.
public struct Evidence: Sendable {
  public private(set) var key: LessonKey
  /// By the digest of the call's id.
  private var byCall: [UInt64: Observation]

  public init(key: LessonKey, _ observations: [Observation]) {
    self.key = key
    byCall = Dictionary(observations.map { ($0.key, $0) }, uniquingKeysWith: Self.earlier)
  }

  public func merge(_ other: Evidence) -> Evidence {
    var merged = self
    merged.byCall.merge(other.byCall, uniquingKeysWith: Self.earlier)
    return merged
  }

  private static func earlier(_ left: Observation, _ right: Observation) -> Observation {
    (left.timestamp, left.location) <= (right.timestamp, right.location) ? left : right
  }

  /// In the order of time.
  public var observations: [Observation] {
    byCall.values.sorted { ($0.timestamp, $0.location, $0.callID) < ($1.timestamp, $1.location, $1.callID) }
  }

  public var count: Int { byCall.count }
  public var sessions: Int { Set(byCall.values.map(\.sessionID)).count }
  public var tokens: Int { byCall.values.reduce(0) { $0 + $1.tokens } }
  public var firstSeen: String { observations.first?.timestamp ?? "" }
  public var lastSeen: String { observations.last?.timestamp ?? "" }

  /// The correction that was seen most often, with how often, how sure it is, and who wrote it at best.
  var correction: (correction: Correction, times: Int)? {
    let found = observations.compactMap(\.lastingCorrection)
    let byText = Dictionary(grouping: found) { $0.text }
    let best = byText.max { left, right in
      (left.value.count, right.key) < (right.value.count, left.key)
    }
    guard let best, var surest = best.value.max(by: { $0.confidence < $1.confidence }) else { return nil }
    surest.origin = best.value.map(\.origin).max() ?? surest.origin
    return (surest, best.value.count)
  }

  /// The words that the failed commands begin with, or at least two thirds of them.
  var command: String? {
    let commands = byCall.values.compactMap { $0.slots["command"]?.split(separator: " ") }
    guard let most = slot("command")?.split(separator: " "), !most.isEmpty else { return slot("head") }
    let shared = (1...most.count).last { length in
      commands.count { $0.starts(with: most.prefix(length)) } * 3 >= commands.count * 2
    }
    return shared.map { most.prefix($0).joined(separator: " ") } ?? slot("head")
  }

  /// Whether this is the opposite of an earlier order: "use a, not b" after "use b, not a".
  func takesBack(_ other: Evidence) -> Bool {
    key.ruleID == other.key.ruleID && key.values.count == 2 && key.values != other.key.values
      && key.values == other.key.values.reversed() && lastSeen > other.lastSeen
  }

  /// The value of a slot that was seen most often.
  func slot(_ name: String) -> String? {
    let values = byCall.values.compactMap { $0.slots[name] }
    return Dictionary(grouping: values) { $0 }.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
  }

  /// Who wrote the value of a slot at best: what a stranger says is trusted when the agent says it too.
  func origin(of value: String, in slot: String) -> ValueOrigin {
    byCall.values.lazy.filter { $0.slots[slot] == value }.compactMap { $0.origins[slot] }.max() ?? .tool
  }
}

extension Evidence {
  /// Without what only those need who show the calls: enough for counts, times and places.
  public var brief: Evidence {
    var brief = self
    brief.byCall = byCall.mapValues(\.brief)
    return brief
  }
}

extension Observation {
  /// What worked instead, as it will work again: a formatter is run on the files of the day; the next day it is others.
  var lastingCorrection: Correction? {
    guard category == .lintFailure, var correction, correction.kind == .step else { return correction }
    var words = correction.text.split(separator: " ")
    while words.count > 1, let last = words.last, !last.hasPrefix("-"), last != ".",
      last.contains("/") || last.contains(".")
    {
      words.removeLast()
    }
    correction.text = words.joined(separator: " ")
    return correction
  }

  /// Without the texts of the call.
  public var brief: Observation {
    var brief = self
    (brief.input, brief.excerpt, brief.toolName) = ("", "", "")
    (brief.slots, brief.origins) = ([:], [:])
    (brief.workingDirectory, brief.feedback, brief.correction) = (nil, nil, nil)
    return brief
  }
}

extension LessonKey: Stored {
  public static var blank: LessonKey { LessonKey(ruleID: "", values: []) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&ruleID)
    fields.visit(&values)
  }
}

extension Evidence: Stored {
  public static var blank: Evidence { Evidence(key: .blank, []) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&key)
    fields.visit(&byCall)
  }
}
