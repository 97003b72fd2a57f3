internal import PatternEngine
internal import SessionModel

/// Finds the rules that may match a call, by the literals in its output and input.
final class RuleIndex: Sendable {
  private let outputFilter: LiteralFilter
  /// The rules of each literal: many share a word such as `error:`, which is looked for once.
  private let outputRules: Lists<Member>
  /// The literals of an output that lead to each rule, by its place in the classifier, and the pattern that each is of.
  private let leads: Lists<(literal: Int, pattern: Int)>
  /// For rules that no literal of an output leads to, but one of the input.
  private let inputFilter: LiteralFilter
  private let inputRules: [Member]
  /// Rules that no literal leads to, but the name of a program that they ask for.
  private let named: [String: [Member]]
  /// Rules that nothing leads to.
  private let ungated: [Member]
  private let gates: [Gate]

  /// A rule by its place in the classifier, and the gate that it stands behind.
  private struct Member: Sendable {
    let rule: Int
    let gate: Int
  }

  /// What rules ask of calls, and how much of an output they look at. Many rules share one.
  private struct Gate: Hashable {
    let door: CallDoor
    let bytes: Int
  }

  /// - Parameters:
  ///   - rules: With their places in the classifier.
  ///   - known: The literals of all rules, by the numbers that the rules have for them.
  init(_ rules: [(offset: Int, element: ReadyRule)], _ known: [Literal]) {
    var literals: [Literal] = []
    var outputRules: [[Member]] = []
    var places = [Int?](repeating: nil, count: known.count)
    var leads = [[(literal: Int, pattern: Int)]](repeating: [], count: (rules.last?.offset ?? -1) + 1)
    var input: [(literal: Literal, member: Member)] = []
    var named: [String: [Member]] = [:]
    var ungated: [Member] = []
    var gates: [Gate] = []
    var gateNumbers: [Gate: Int] = [:]
    for (place, rule) in rules {
      let gate = Gate(door: rule.door, bytes: rule.reach)
      let gateNumber = gateNumbers[gate] ?? gates.count
      if gateNumber == gates.count {
        gateNumbers[gate] = gateNumber
        gates.append(gate)
      }
      let member = Member(rule: place, gate: gateNumber)
      for (pattern, numbers) in rule.outputGate.enumerated() {
        for number in numbers {
          let literal = places[number] ?? literals.count
          if literal == literals.count {
            places[number] = literal
            literals.append(known[number])
            outputRules.append([])
          }
          if outputRules[literal].last?.rule != place { outputRules[literal].append(member) }
          leads[place].append((literal, pattern))
        }
      }
      input += rule.inputGate.map { (known[$0], member) }
      guard rule.outputGate.isEmpty, rule.inputGate.isEmpty else { continue }
      if let names = rule.programs {
        for name in names { named[name, default: []].append(member) }
      } else {
        ungated.append(member)
      }
    }
    outputFilter = LiteralFilter(literals)
    self.outputRules = Lists(outputRules)
    self.leads = Lists(leads)
    inputFilter = LiteralFilter(input.map(\.literal))
    inputRules = input.map(\.member)
    self.named = named
    self.ungated = ungated
    self.gates = gates
  }

  /// How many bytes of an output of this length are looked at at the most.
  func reach(into bytes: Int) -> Int {
    gates.reduce(0) { $1.door.maxBytes.map { $0 < bytes } == true ? $0 : max($0, $1.bytes) }
  }

  /// The places of the rules that may match, each once and in order. Where the literals of an output stand stays in
  /// `hits`.
  func candidates(for subject: CallSubject, in hits: inout LiteralHits) -> [Int] {
    hits.clear()
    // Where no rule is about calls like this one, nothing has to be looked for in its output.
    var bytes = -1
    // A gate that is taken out of the list costs more than the question.
    for index in gates.indices {
      let isOpen = gates[index].door.admits(subject.call)
      hits.open.append(isOpen)
      if isOpen { bytes = max(bytes, gates[index].bytes) }
    }
    guard bytes >= 0 else { return [] }
    for member in ungated { hits.take(member.rule, behind: member.gate) }
    if !named.isEmpty {
      for name in subject.programNames {
        for member in named[name] ?? [] { hits.take(member.rule, behind: member.gate) }
      }
    }
    outputFilter.scan(subject.output, limit: bytes) { hits.add($0) }
    for literal in hits.literals {
      for member in outputRules[literal] { hits.take(member.rule, behind: member.gate) }
    }
    if !inputRules.isEmpty {
      inputFilter.scan(subject.input) { hit in
        let member = inputRules[hit.literal]
        hits.take(member.rule, behind: member.gate)
      }
    }
    return hits.rulesInOrder()
  }

  /// Where the literals stand that lead to a rule.
  /// - Returns: Whether any of the output does.
  func find(_ rule: Int, in hits: LiteralHits, into places: inout [LiteralPlace]) -> Bool {
    for lead in leads[rule] {
      hits.forEachOffset(of: lead.literal) { places.append(LiteralPlace(offset: $0, pattern: lead.pattern)) }
    }
    return !places.isEmpty
  }
}

/// Many lists, one behind the other.
private struct Lists<Element: Sendable>: Sendable {
  private let elements: [Element]
  /// Where each list begins, and behind the last one the end.
  private let starts: [Int]

  init(_ lists: [[Element]]) {
    elements = lists.flatMap(\.self)
    starts = lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  subscript(list: Int) -> ArraySlice<Element> { elements[starts[list]..<starts[list + 1]] }
}

/// Where a literal stands in an output, and the place of the pattern that it leads to among those of its rule.
struct LiteralPlace {
  let offset: Int
  let pattern: Int
}

/// Where literals stand in the output at hand, and which rules that leads to. One for each thread.
struct LiteralHits {
  /// Which gates are open to the call at hand.
  var open: [Bool] = []
  /// The literals that were found, and the rules that they lead to, each once.
  private(set) var literals: [Int] = []
  private(set) var rules: [Int] = []
  private var hits: [Hit] = []
  /// The number of the last hit of each literal, counted from 1; 0 for none.
  private var last: [Int] = []
  private var isTaken: [Bool] = []

  private struct Hit {
    let offset: Int
    /// The number of the one before it of the same literal.
    let previous: Int
  }

  mutating func add(_ hit: LiteralFilter.Hit) {
    while last.count <= hit.literal { last.append(0) }
    if last[hit.literal] == 0 { literals.append(hit.literal) }
    hits.append(Hit(offset: hit.offset, previous: last[hit.literal]))
    last[hit.literal] = hits.count
  }

  /// Shows where a literal stands, in no certain order.
  func forEachOffset(of literal: Int, _ body: (Int) -> Void) {
    var number = literal < last.count ? last[literal] : 0
    while number > 0 {
      let hit = hits[number - 1]
      body(hit.offset)
      number = hit.previous
    }
  }

  mutating func take(_ rule: Int, behind gate: Int) {
    guard open[gate] else { return }
    while isTaken.count <= rule { isTaken.append(false) }
    guard !isTaken[rule] else { return }
    isTaken[rule] = true
    rules.append(rule)
  }

  mutating func rulesInOrder() -> [Int] {
    rules.sort()
    return rules
  }

  mutating func clear() {
    open.removeAll(keepingCapacity: true)
    for literal in literals { last[literal] = 0 }
    literals.removeAll(keepingCapacity: true)
    hits.removeAll(keepingCapacity: true)
    for rule in rules { isTaken[rule] = false }
    rules.removeAll(keepingCapacity: true)
  }
}
