public import RuleEngine
public import RulePack
internal import SessionModel

/// What the rules teach, by their id: made once for all projects.
public struct Lessons: Sendable {
  struct Entry: Sendable {
    let category: Category?
    let lesson: Lesson?
  }

  let byRule: [String: Entry]

  public init(of rules: [Rule]) {
    let entries = rules.map { ($0.id, Entry(category: $0.category, lesson: $0.learn)) }
    byRule = Dictionary(entries, uniquingKeysWith: { first, _ in first })
  }
}

/// Groups failures into lessons and decides which of them are worth a line.
public struct LessonBook: Sendable {
  private let rules: [String: Lessons.Entry]
  private let facts: ProjectFacts
  private let successes: SuccessTally
  private let sessions: Int
  private let minimumEvidence: Int?

  private var contradictions: Contradictions { Contradictions(successes: successes, project: facts.path) }

  /// - Parameters:
  ///   - sessions: How many sessions of the project were looked at.
  ///   - minimumEvidence: Replaces the number of times that each rule asks for.
  public init(
    lessons: Lessons, facts: ProjectFacts, successes: SuccessTally, sessions: Int, minimumEvidence: Int? = nil
  ) {
    rules = lessons.byRule
    self.facts = facts
    self.successes = successes
    self.sessions = max(1, sessions)
    self.minimumEvidence = minimumEvidence
  }

  /// Every lesson that the observations tell: drafts, and what is left out with the reason.
  public func lessons(from observations: [Observation]) -> (drafts: [Draft], leftOut: [LeftOut]) {
    var rest: [Observation] = []
    var moves: [Observation] = []
    var remedied: [Remedy.Kind: [Observation]] = [:]
    var escalated: [Observation] = []
    // An empty search is no failure; that it was made in the wrong place can be worth knowing.
    let searches = observations.filter { !$0.failed && $0.correction?.kind == .path }
    for observation in observations where observation.failed || observation.category == .preference {
      let kind = observation.correction?.kind
      // A rule that has a line of its own for what worked says it better.
      if let remedy = Remedy.Kind(kind), lesson(of: observation)?.lesson.fixed == nil {
        remedied[remedy, default: []].append(observation)
      } else if kind == .path {
        moves.append(observation)
      } else if kind == .escalation {
        escalated.append(observation)
      } else {
        rest.append(observation)
      }
    }
    // What has to be installed again and again is a step, where it otherwise takes the place of none.
    let installed = Remedy.groups(of: rest.filter(Self.wasInstalled), .step).filter { $0.evidence.sessions > 1 }
      .flatMap(\.evidence.observations)
    remedied[.step, default: []] += installed
    let told = Set(installed.map(\.callID))
    rest.removeAll { told.contains($0.callID) }
    var drafts: [Draft] = []
    var leftOut: [LeftOut] = []
    let groups = evidence(of: rest)
    let orders = groups.filter { rules[$0.key.ruleID]?.category == .preference }
    for group in groups {
      if let later = orders.first(where: { $0.takesBack(group) }) {
        leftOut.append(
          LeftOut(
            id: Self.id(of: group.key), key: group.key, evidence: group, reason: .takenBack(by: Self.id(of: later.key)),
            text: nil))
      } else {
        sort(judge(group), &drafts, &leftOut)
      }
    }
    for group in MovedPaths.searches(searches) { sort(judge(group), &drafts, &leftOut) }
    for kind in Remedy.Kind.allCases {
      for remedy in Remedy.groups(of: remedied[kind] ?? [], kind) { sort(judge(remedy), &drafts, &leftOut) }
    }
    if let escalation = Escalation(of: escalated) {
      sort(judge(escalation, besides: rest.count(where: Escalation.mayBeOne)), &drafts, &leftOut)
    }
    let uses = contradictions.lastUses(of: Set(moves.compactMap(\.correction?.from)))
    func hasWorkedSince(_ move: Observation) -> Bool {
      (move.correction?.from).flatMap { uses[$0] }.map { $0 > move.timestamp } ?? false
    }
    // A path that worked since says nothing of the others that were looked for in the same place.
    let (outdated, standing) = (moves.filter(hasWorkedSince), moves.filter { !hasWorkedSince($0) })
    for group in MovedPaths.groups(of: standing, project: facts.path, used: successes.paths) {
      sort(judge(group), &drafts, &leftOut)
    }
    let known = Set(drafts.map(\.id) + leftOut.map(\.id))
    for group in MovedPaths.groups(of: outdated, project: facts.path) {
      let id = Self.id(of: group.evidence.key)
      guard !known.contains(id) else { continue }
      let path = PathText.relative(group.wrongPaths.first ?? group.from, to: facts.path)
      leftOut.append(
        LeftOut(id: id, key: group.evidence.key, evidence: group.evidence, reason: .contradicted(by: path), text: nil))
    }
    leaveOutRefusals(&drafts, &leftOut)
    drafts.sort { ($1.tokensPerSession, $0.id) < ($0.tokensPerSession, $1.id) }
    return (drafts, leftOut.sorted { $0.key < $1.key })
  }

  /// Whether something was installed that can be there for good.
  private static func wasInstalled(_ observation: Observation) -> Bool {
    installable.contains(observation.category) && observation.correction?.kind == .step
  }

  /// What may be put right by something that stays.
  private static let installable: Set<Category> = [.commandNotFound, .missingImport, .badUsage, .permissionDenied]

  /// Nobody has to be asked before a program is run that is not there.
  private func leaveOutRefusals(_ drafts: inout [Draft], _ leftOut: inout [LeftOut]) {
    let missing = drafts.filter { $0.trigger.category == .commandNotFound }
    drafts.removeAll { draft in
      guard draft.trigger.category == .userRejected, let program = draft.evidence.slot("program"),
        let line = missing.first(where: { $0.evidence.slot("program") == program })
      else { return false }
      leftOut.append(LeftOut(draft, .toldBy(id: line.id)))
      return true
    }
  }

  private enum Judgement {
    case draft(Draft)
    case leftOut(LeftOut)
  }

  private func sort(_ judgement: Judgement, _ drafts: inout [Draft], _ leftOut: inout [LeftOut]) {
    switch judgement {
    case .draft(let draft): drafts.append(draft)
    case .leftOut(let lesson): leftOut.append(lesson)
    }
  }

  private func leftOut(_ evidence: Evidence, _ reason: LeftOut.Reason, _ text: String? = nil) -> Judgement {
    .leftOut(
      LeftOut(id: Self.id(of: evidence.key), key: evidence.key, evidence: evidence, reason: reason, text: text))
  }

  private func evidence(of observations: [Observation]) -> [Evidence] {
    var groups: [LessonKey: [Observation]] = [:]
    for observation in observations {
      guard let key = key(of: observation) else { continue }
      groups[key, default: []].append(observation)
    }
    return groups.sorted { $0.key < $1.key }.map { Evidence(key: $0.key, $0.value) }
  }

  /// What the failure tells; nil when its rule teaches nothing.
  private func key(of observation: Observation) -> LessonKey? {
    guard let (ruleID, lesson) = lesson(of: observation) else { return nil }
    let values = lesson.key.map { name in
      let value = observation.slots[name] ?? ""
      return name == "path" ? PathText.resolved(value, in: observation.workingDirectory) : value
    }
    return LessonKey(ruleID: ruleID, values: values)
  }

  /// The lesson that a failure tells, and the rule whose line it is.
  private func lesson(of observation: Observation) -> (ruleID: String, lesson: Lesson)? {
    guard let ruleID = observation.ruleID, let lesson = rules[ruleID]?.lesson else { return nil }
    guard let other = lesson.sameAs else { return (ruleID, lesson) }
    return rules[other]?.lesson.map { (other, $0) }
  }

  /// Whether a line of this book warns of a failure, wherever the failure was seen.
  public func names(_ observation: Observation, in draft: Draft) -> Bool {
    let key = draft.evidence.key
    switch key.ruleID {
    case MovedPaths.key: return MovedPaths.names(observation, from: key.values[0], to: key.values[1])
    case MovedPaths.searchKey: return false
    case let kind where Remedy.Kind(rawValue: kind) != nil:
      // In a container it is told with the way there.
      return observation.category == draft.trigger.category
        && observation.slots["head"].map { key.values[0] == $0 || key.values[0].hasSuffix(" " + $0) } == true
    case Escalation.key: return Escalation.names(observation, of: draft.evidence)
    default:
      guard let own = self.key(of: observation) else { return false }
      return own == key || draft.evidence.observations.contains { self.key(of: $0) == own }
    }
  }

  private func judge(_ evidence: Evidence) -> Judgement {
    let id = Self.id(of: evidence.key)
    func out(_ reason: LeftOut.Reason, _ text: String? = nil) -> Judgement { leftOut(evidence, reason, text) }
    guard let rule = rules[evidence.key.ruleID], let lesson = rule.lesson, let category = rule.category else {
      return out(.noCorrection)
    }
    let needed = minimumEvidence ?? lesson.times
    if evidence.count < needed { return out(.tooFew(times: evidence.count, needed: needed)) }
    // What happens again and again in one session need not be seen in another.
    if evidence.sessions < lesson.sessions, evidence.count < 3 * needed {
      return out(.tooFewSessions(sessions: evidence.sessions, needed: lesson.sessions))
    }
    // One sighting among many failures may be chance.
    var correction = evidence.correction.flatMap {
      $0.times * 4 >= evidence.count || $0.times > 1 ? $0.correction : nil
    }
    // What is blocked in one form and works in another has worked, and the lesson says so.
    let isTold = category == .blocked && correction != nil && lesson.fixed != nil
    if let worked = contradictions.success(against: evidence, lesson, isTold ? nil : category) {
      return out(.contradicted(by: worked))
    }
    if category == .commandNotFound, let program = evidence.slot("program"), facts.isInstalled(program) == true {
      return out(.installed(program: program))
    }
    if let script = correction.flatMap({ lostScript(in: $0, evidence) }) {
      return out(.notInProject(path: "the script `\(script)`"))
    }
    if category == .commandNotFound {
      let detour = evidence.slot("program").flatMap { successes.detour(to: $0) }
      correction = detour ?? correction.flatMap { proven($0, evidence) }
    }
    // What installs a program or a module takes the place of none.
    if Self.installable.contains(category), correction?.kind == .step { correction = nil }
    // A wrong path is put right by a path; another command is another matter.
    if category == .wrongPath, correction?.kind != .path { correction = nil }
    // What the line does not tell is no correction of it.
    if lesson.fixed == nil { correction = nil }
    guard let template = correction != nil ? lesson.fixed : lesson.otherwise else {
      return out(.noCorrection)
    }
    let renderer = LineRenderer(evidence: evidence, lesson: lesson, project: facts.path, successes: successes)
    var result = renderer.line(template, fix: correction)
    // A program that was found is not missing, even where nobody can be told how.
    let isFound = category == .commandNotFound && correction.map { isWay($0, to: evidence.slot("program")) } == true
    if case .unfit("fix") = result, !isFound, let otherwise = lesson.otherwise {
      correction = nil
      result = renderer.line(otherwise, fix: nil)
    }
    switch result {
    case .unfit(let slot):
      return out(.unfit(slot: slot))
    case .line(let text, let values):
      var draft = Draft(
        id: id, ruleID: evidence.key.ruleID, section: lesson.section, target: lesson.target, text: text,
        trigger: Trigger(category: category, values: values),
        correction: correction.map { SlotValue.shortened($0.text, project: facts.path) },
        confidence: confidence(evidence, correction), evidence: evidence,
        tokensPerSession: max(1, evidence.tokens / sessions))
      draft.shortText = renderer.shortLine(template: correction != nil ? template : lesson.otherwise, fix: correction)
      if category != .preference, !pays(draft) {
        return out(.tooCheap(tokensPerSession: draft.tokensPerSession, cost: draft.cost), text)
      }
      return .draft(draft)
    }
  }

  private func isWay(_ correction: Correction, to program: String?) -> Bool {
    correction.text.split(separator: " ").last.map { PathText.name(of: String($0)) } == program
  }

  /// Whether what the failures cost is worth the line. A token that a model writes costs several times one that it reads,
  /// and each failure costs a turn in which everything so far is read again.
  private func pays(_ draft: Draft) -> Bool {
    (draft.evidence.tokens + draft.evidence.count * Self.turn) * 4 / sessions >= draft.cost
  }

  /// Tokens: what a turn costs at the least.
  private static let turn = 100

  /// A program that took another's place with hardly an argument in common has to have done so in two sessions.
  private func proven(_ correction: Correction, _ evidence: Evidence) -> Correction? {
    let seen = evidence.observations.filter { $0.correction?.text == correction.text }
    return correction.confidence > 0.5 || Set(seen.map(\.sessionID)).count > 1 ? correction : nil
  }

  /// A lesson for a command that fails without something.
  private func judge(_ remedy: Remedy) -> Judgement {
    let evidence = remedy.evidence
    let id = Self.id(of: evidence.key)
    func out(_ reason: LeftOut.Reason) -> Judgement { leftOut(evidence, reason) }
    let needed = minimumEvidence ?? 2
    if evidence.count < needed { return out(.tooFew(times: evidence.count, needed: needed)) }
    // What fails now and then works the next time with whatever was added.
    if remedy.kind == .option, evidence.sessions < 2 {
      return out(.tooFewSessions(sessions: evidence.sessions, needed: 2))
    }
    if let worked = contradictions.success(against: remedy) { return out(.contradicted(by: worked)) }
    let isVague = remedy.kind == .step && Remedy.isVague(remedy.command, before: remedy.text)
    let command = isVague ? evidence.command ?? remedy.command : remedy.command
    guard let head = SlotValue.checked(command, slot: "head", from: .agent, project: facts.path) else {
      return out(.unfit(slot: "head"))
    }
    let toRoot = "cd \(facts.path)"
    let text = remedy.text.hasPrefix(toRoot + " && ") ? toRoot : remedy.text
    guard let fix = SlotValue.checked(text, slot: "fix", from: .agent, project: facts.path) else {
      return out(.unfit(slot: "fix"))
    }
    return .draft(
      Draft(
        id: id, ruleID: remedy.ruleID, section: "Commands", target: .contextFile,
        text: remedy.line(head: head, fix: fix), trigger: Trigger(category: remedy.category, values: ["head": head]),
        correction: fix, confidence: 0.7 * (1 - 0.5 / Double(evidence.count)), evidence: evidence,
        tokensPerSession: max(1, evidence.tokens / sessions)))
  }

  /// A lesson for commands that work only outside of the sandbox.
  /// - Parameter others: How many more failures the sandbox may have caused.
  private func judge(_ all: Escalation, besides others: Int) -> Judgement {
    // What works inside as often need not leave.
    guard let escalation = all.excluding(where: { contradictions.worked($0, atLeast: $1) }) else {
      return leftOut(all.evidence, .contradicted(by: all.commands.first?.name ?? ""))
    }
    let evidence = escalation.evidence
    let needed = minimumEvidence ?? 2
    // They count where the one that is certain is of the kind.
    let count = evidence.observations.contains(where: Escalation.isOfTheKind) ? evidence.count + others : evidence.count
    if count < needed { return leftOut(evidence, .tooFew(times: evidence.count, needed: needed)) }
    let heads = escalation.commands.compactMap {
      SlotValue.checked($0.name, slot: "head", from: .agent, project: facts.path)
    }
    guard !heads.isEmpty else { return leftOut(evidence, .unfit(slot: "head")) }
    return .draft(
      Draft(
        id: Self.id(of: evidence.key), ruleID: escalation.ruleID, section: "Permissions", target: .memoryFile,
        text: Escalation.line(of: heads), trigger: Trigger(category: escalation.category, values: ["head": heads[0]]),
        correction: nil, confidence: 0.9 * (1 - 0.5 / Double(evidence.count)), evidence: evidence,
        tokensPerSession: max(1, evidence.tokens / sessions)))
  }

  /// A lesson for a folder that is somewhere else than it was looked for.
  private func judge(_ group: MovedPaths.Group) -> Judgement {
    let id = Self.id(of: group.evidence.key)
    func out(_ reason: LeftOut.Reason) -> Judgement { leftOut(group.evidence, reason) }
    let needed = minimumEvidence ?? 2
    if group.evidence.count < needed { return out(.tooFew(times: group.evidence.count, needed: needed)) }
    for path in group.rightPaths where facts.exists(path) == false {
      return out(.notInProject(path: PathText.relative(path, to: facts.path)))
    }
    // A folder that other searches found something in is no wrong one.
    if group.kind == .search, successes.paths[group.from] != nil {
      return out(.contradicted(by: PathText.relative(group.from, to: facts.path)))
    }
    for path in group.wrongPaths where group.kind != .search && facts.exists(path) == true {
      return out(.contradicted(by: PathText.relative(path, to: facts.path)))
    }
    guard let text = group.line(project: facts.path) else { return out(.unfit(slot: "path")) }
    let surest = group.evidence.observations.compactMap(\.correction?.confidence).max() ?? 0.5
    return .draft(
      Draft(
        id: id, ruleID: group.ruleID, section: "File paths", target: .contextFile, text: text,
        trigger: Trigger(
          category: group.kind == .search ? .noMatches : .wrongPath,
          values: ["path": SlotValue.shortened(group.from, project: facts.path)]),
        correction: SlotValue.shortened(group.to, project: facts.path),
        confidence: min(0.99, surest * (1 - 0.3 / Double(group.evidence.count))), evidence: group.evidence,
        tokensPerSession: max(1, group.evidence.tokens / sessions)))
  }

  /// A script that a correction runs and that no `package.json` near the failures holds any more.
  private func lostScript(in correction: Correction, _ evidence: Evidence) -> String? {
    let words = correction.text.split(separator: " ").map(String.init)
    guard words.count > 2, words[1] == "run", ["npm", "pnpm", "yarn", "bun"].contains(words[0]) else { return nil }
    let folders = Set(evidence.observations.compactMap(\.workingDirectory) + [facts.path])
    let known = folders.compactMap { facts.scripts($0) }
    return known.isEmpty || known.contains { $0.contains(words[2]) } ? nil : words[2]
  }

  private func confidence(_ evidence: Evidence, _ correction: Correction?) -> Double {
    let seen = 1 - 0.5 / Double(evidence.count)
    return min(0.99, seen * (correction.map { 0.5 + $0.confidence / 2 } ?? 0.8))
  }

  static func id(of key: LessonKey) -> String {
    let digest = Digest(of: ([key.ruleID] + key.values).joined(separator: "\u{1F}")).value
    let hex = String(digest & 0xFF_FFFF, radix: 16)
    return "r-" + String(repeating: "0", count: 6 - hex.count) + hex
  }
}
