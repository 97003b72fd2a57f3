internal import PatternEngine
internal import SessionModel

/// Finds the rules that may match a call, by the literals in its output and input.
final class RuleIndex: Sendable {
  private let outputFilter: LiteralFilter
  /// The rules of each literal: many share a word such as `error:`, which is looked for once.
  private let outputRules: [[Member]]
  /// The literals of an output that lead to each rule, by its place in the classifier, and the pattern that each is of.
  private let leads: [[(literal: Int, pattern: Int)]]
  /// For rules that no literal of an output leads to, but one of the input.
  private let inputFilter: LiteralFilter
  private let inputRules: [Member]
  /// Rules that no literal leads to, but the name of a program that they ask for.
  private let named: [String: [Member]]
  /// Rules that nothing leads to.
  private let ungated: [Member]
  private let gates: [Gate]

  /// A rule by its place in the classifier, and the gate that it stands behind.
  private struct Member {
    let rule: Int
    let gate: Int
  }

  /// What rules ask of calls, and how much of an output they look at. Many rules share one.
  private struct Gate: Hashable {
    let door: CallDoor
    let needsProducer: Bool
    let bytes: Int

    func admits(_ subject: CallSubject) -> Bool {
      door.admits(subject.call) && (!needsProducer || subject.call.outcome != .succeeded || subject.hasProducer)
    }
  }

  /// - Parameter rules: With their places in the classifier.
  init(_ rules: [(offset: Int, element: ReadyRule)]) {
    var literals: [[UInt8]] = []
    var outputRules: [[Member]] = []
    var numbers: [[UInt8]: Int] = [:]
    var leads = [[(literal: Int, pattern: Int)]](repeating: [], count: (rules.last?.offset ?? -1) + 1)
    var input: [(literal: [UInt8], member: Member)] = []
    var named: [String: [Member]] = [:]
    var ungated: [Member] = []
    var gates: [Gate] = []
    var known: [Gate: Int] = [:]
    for (place, rule) in rules {
      let gate = Gate(door: rule.door, needsProducer: rule.needsProducer, bytes: rule.when.reach)
      let number = known[gate] ?? gates.count
      if number == gates.count {
        known[gate] = number
        gates.append(gate)
      }
      let member = Member(rule: place, gate: number)
      for (pattern, texts) in rule.when.outputGate.enumerated() {
        for text in texts {
          let folded = LiteralFilter.folded(text)
          let literal = numbers[folded] ?? literals.count
          if literal == literals.count {
            numbers[folded] = literal
            literals.append(folded)
            outputRules.append([])
          }
          if outputRules[literal].last?.rule != place { outputRules[literal].append(member) }
          leads[place].append((literal, pattern))
        }
      }
      input += rule.when.inputGate.map { ($0, member) }
      guard rule.when.outputGate.isEmpty, rule.when.inputGate.isEmpty else { continue }
      if let names = rule.when.program?.listed ?? rule.when.last?.listed {
        for name in names { named[name, default: []].append(member) }
      } else {
        ungated.append(member)
      }
    }
    outputFilter = LiteralFilter(literals)
    self.outputRules = outputRules
    self.leads = leads
    inputFilter = LiteralFilter(input.map(\.literal))
    inputRules = input.map(\.member)
    self.named = named
    self.ungated = ungated
    self.gates = gates
  }

  /// How many bytes of an output are looked at at the most.
  var reach: Int { gates.map(\.bytes).max() ?? 0 }

  /// The places of the rules that may match, each once and in no order. Where the literals of an output stand stays in
  /// `hits`.
  func candidates(for subject: CallSubject, in hits: LiteralHits) -> [Int] {
    let isOpen = gates.map { $0.admits(subject) }
    // Where no rule is about calls like this one, nothing has to be looked for in its output.
    guard let bytes = gates.indices.filter({ isOpen[$0] }).map({ gates[$0].bytes }).max() else { return [] }
    var rules = ungated.filter { isOpen[$0.gate] }.map(\.rule)
    if !named.isEmpty {
      for name in subject.programNames {
        for member in named[name] ?? [] where isOpen[member.gate] && hits.mark(member.rule) {
          rules.append(member.rule)
        }
      }
    }
    outputFilter.scan(subject.output, limit: bytes) { hits.add($0) }
    for literal in hits.literals {
      for member in outputRules[literal] where isOpen[member.gate] && hits.mark(member.rule) {
        rules.append(member.rule)
      }
    }
    if !inputRules.isEmpty {
      inputFilter.scan(subject.input) { hit in
        let member = inputRules[hit.literal]
        if isOpen[member.gate], hits.mark(member.rule) { rules.append(member.rule) }
      }
    }
    return rules
  }

  /// Where the literals stand that lead to a rule; nil when none of the output does.
  func places(of rule: Int, in hits: LiteralHits) -> [LiteralPlace]? {
    var places: [LiteralPlace] = []
    for lead in leads[rule] {
      places += hits.offsets(of: lead.literal).map { LiteralPlace(offset: $0, pattern: lead.pattern) }
    }
    return places.isEmpty ? nil : places
  }
}

/// Where a literal stands in an output, and the place of the pattern that it leads to among those of its rule.
struct LiteralPlace {
  let offset: Int
  let pattern: Int
}

/// Where literals stand in the output at hand, and which rules that was told of. One for each thread.
final class LiteralHits {
  /// Those that were found.
  private(set) var literals: [Int] = []
  private var offsets: [[Int]] = []
  private var marked: [Int] = []
  private var isMarked: [Bool] = []

  func add(_ hit: LiteralFilter.Hit) {
    while offsets.count <= hit.literal { offsets.append([]) }
    if offsets[hit.literal].isEmpty { literals.append(hit.literal) }
    offsets[hit.literal].append(hit.offset)
  }

  func offsets(of literal: Int) -> [Int] { literal < offsets.count ? offsets[literal] : [] }

  /// - Returns: Whether the rule was not marked before.
  func mark(_ rule: Int) -> Bool {
    while isMarked.count <= rule { isMarked.append(false) }
    guard !isMarked[rule] else { return false }
    isMarked[rule] = true
    marked.append(rule)
    return true
  }

  func clear() {
    for literal in literals { offsets[literal].removeAll(keepingCapacity: true) }
    literals.removeAll(keepingCapacity: true)
    for rule in marked { isMarked[rule] = false }
    marked.removeAll(keepingCapacity: true)
  }
}
