internal import PatternEngine
internal import SessionModel

/// Finds the rules that may match a call, by the literals in its output and input.
final class RuleIndex: Sendable {
  private let outputFilter: LiteralFilter
  /// The rule of each literal.
  private let outputRules: [Member]
  /// For rules that no literal of an output leads to, but one of the input.
  private let inputFilter: LiteralFilter
  private let inputRules: [Member]
  /// Rules that no literal leads to.
  private let ungated: [Member]
  private let gates: [Gate]

  /// A rule by its place in the classifier, the gate that it stands behind, and the pattern that a literal leads to.
  private struct Member {
    let rule: Int
    let gate: Int
    var pattern = 0
  }

  /// What rules ask of calls, and how much of an output they look at. Many rules share one.
  private struct Gate: Hashable {
    let door: CallDoor
    let bytes: Int
  }

  /// - Parameter rules: With their places in the classifier.
  init(_ rules: [(offset: Int, element: ReadyRule)]) {
    var output: [(literal: [UInt8], member: Member)] = []
    var input: [(literal: [UInt8], member: Member)] = []
    var ungated: [Member] = []
    var gates: [Gate] = []
    var known: [Gate: Int] = [:]
    for (place, rule) in rules {
      let gate = Gate(door: rule.door, bytes: rule.when.reach)
      let number = known[gate] ?? gates.count
      if number == gates.count {
        known[gate] = number
        gates.append(gate)
      }
      let member = Member(rule: place, gate: number)
      for (pattern, literals) in rule.when.outputGate.enumerated() {
        output += literals.map { ($0, Member(rule: place, gate: number, pattern: pattern)) }
      }
      input += rule.when.inputGate.map { ($0, member) }
      if rule.when.outputGate.isEmpty, rule.when.inputGate.isEmpty { ungated.append(member) }
    }
    outputFilter = LiteralFilter(output.map(\.literal))
    outputRules = output.map(\.member)
    inputFilter = LiteralFilter(input.map(\.literal))
    inputRules = input.map(\.member)
    self.ungated = ungated
    self.gates = gates
  }

  /// The places of the rules that may match, in order. Where their literals stand stays in `hits`.
  func candidates(for subject: CallSubject, in hits: RuleHits) -> [Int] {
    let isOpen = gates.map { $0.door.admits(subject.call) }
    // Where no rule is about calls like this one, nothing has to be looked for in its output.
    guard let bytes = gates.indices.filter({ isOpen[$0] }).map({ gates[$0].bytes }).max() else { return [] }
    outputFilter.scan(subject.output, limit: bytes) { hit in
      let member = outputRules[hit.literal]
      if isOpen[member.gate] { hits.add(LiteralPlace(offset: hit.offset, pattern: member.pattern), to: member.rule) }
    }
    var named: Set<Int> = []
    if !inputRules.isEmpty {
      inputFilter.scan(subject.input) { hit in
        let member = inputRules[hit.literal]
        if isOpen[member.gate] { named.insert(member.rule) }
      }
    }
    return (ungated.filter { isOpen[$0.gate] }.map(\.rule) + hits.rules + named).sorted()
  }
}

/// Where a literal stands in an output, and the place of the pattern that it leads to among those of its rule.
struct LiteralPlace {
  let offset: Int
  let pattern: Int
}

/// Where the literals of each rule stand in the output at hand. One for each thread.
final class RuleHits {
  private(set) var rules: [Int] = []
  private var places: [[LiteralPlace]] = []

  func add(_ place: LiteralPlace, to rule: Int) {
    while places.count <= rule { places.append([]) }
    if places[rule].isEmpty { rules.append(rule) }
    places[rule].append(place)
  }

  /// nil for a rule that no literal of the output led to.
  func places(of rule: Int) -> [LiteralPlace]? {
    rule < places.count && !places[rule].isEmpty ? places[rule] : nil
  }

  func clear() {
    for rule in rules { places[rule].removeAll(keepingCapacity: true) }
    rules.removeAll(keepingCapacity: true)
  }
}
