internal import PatternEngine
internal import SessionModel

/// Finds the rules that may match a call, by the literals in its output and input.
final class RuleIndex: Sendable {
  private let outputFilter: LiteralFilter
  /// The rule of each literal.
  private let outputRules: [Int]
  /// For rules that no literal of an output leads to, but one of the input.
  private let inputFilter: LiteralFilter
  private let inputRules: [Int]
  /// Rules that no literal leads to.
  private let ungated: [Int]
  /// What the rules ask of calls, and how much of an output they look at: each once.
  private let reaches: [Reach]

  private struct Reach: Hashable {
    let door: CallDoor
    let bytes: Int
  }

  /// - Parameter rules: With their places in the classifier.
  init(_ rules: [(offset: Int, element: ReadyRule)]) {
    var output: [(literal: [UInt8], rule: Int)] = []
    var input: [(literal: [UInt8], rule: Int)] = []
    var ungated: [Int] = []
    for (place, rule) in rules {
      output += rule.when.outputGate.map { ($0, place) }
      input += rule.when.inputGate.map { ($0, place) }
      if rule.when.outputGate.isEmpty, rule.when.inputGate.isEmpty { ungated.append(place) }
    }
    outputFilter = LiteralFilter(output.map(\.literal))
    outputRules = output.map(\.rule)
    inputFilter = LiteralFilter(input.map(\.literal))
    inputRules = input.map(\.rule)
    self.ungated = ungated
    reaches = Array(Set(rules.map { Reach(door: $0.element.door, bytes: $0.element.when.reach) }))
  }

  /// How many bytes of the output of a call have to be looked at; nil when no rule is about calls like this one.
  func reach(into call: ToolCall) -> Int? {
    var bytes: Int?
    for reach in reaches where reach.bytes > bytes ?? -1 && reach.door.admits(call) { bytes = reach.bytes }
    return bytes
  }

  /// The places of the rules that may match, in order. Their hits stay in `hits`.
  /// - Parameter bytes: How much of the output is looked at.
  func candidates(
    for subject: CallSubject, within bytes: Int, among rules: [ReadyRule], in hits: RuleHits
  ) -> [Int] {
    let call = subject.call
    outputFilter.scan(subject.output, limit: bytes) { hit in
      let rule = outputRules[hit.literal]
      if rules[rule].door.admits(call) { hits.add(hit.offset, to: rule) }
    }
    var named: Set<Int> = []
    if !inputRules.isEmpty {
      inputFilter.scan(subject.input) { hit in
        let rule = inputRules[hit.literal]
        if rules[rule].door.admits(call) { named.insert(rule) }
      }
    }
    return (ungated.filter { rules[$0].door.admits(call) } + hits.rules + named).sorted()
  }
}

/// Where the literals of each rule stand in the output at hand. One for each thread.
final class RuleHits {
  private(set) var rules: [Int] = []
  private var places: [[Int]] = []

  func add(_ offset: Int, to rule: Int) {
    while places.count <= rule { places.append([]) }
    if places[rule].isEmpty { rules.append(rule) }
    places[rule].append(offset)
  }

  /// nil for a rule that no literal of the output led to.
  func offsets(of rule: Int) -> [Int]? {
    rule < places.count && !places[rule].isEmpty ? places[rule] : nil
  }

  func clear() {
    for rule in rules { places[rule].removeAll(keepingCapacity: true) }
    rules.removeAll(keepingCapacity: true)
  }
}
