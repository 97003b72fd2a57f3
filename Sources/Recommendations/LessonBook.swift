public import RuleEngine
public import RulePack
internal import SessionModel

/// What a machine can say of a project's folder; everything is nil where the folder is not on this machine.
public struct ProjectFacts: Sendable {
  /// Absolute path of the project.
  public var path: String
  /// Whether a path exists; nil when that cannot be known here.
  public var exists: @Sendable (_ absolutePath: String) -> Bool?

  public init(path: String, exists: @escaping @Sendable (String) -> Bool?) {
    self.path = path
    self.exists = exists
  }
}

/// Groups failures into lessons and decides which of them are worth a line.
public struct LessonBook: Sendable {
  private let rules: [String: Rule]
  private let facts: ProjectFacts
  private let successes: SuccessTally
  private let sessions: Int
  private let minimumEvidence: Int?

  /// - Parameters:
  ///   - sessions: How many sessions of the project were looked at.
  ///   - minimumEvidence: Replaces the number of times that each rule asks for.
  public init(rules: [Rule], facts: ProjectFacts, successes: SuccessTally, sessions: Int, minimumEvidence: Int? = nil) {
    self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.facts = facts
    self.successes = successes
    self.sessions = max(1, sessions)
    self.minimumEvidence = minimumEvidence
  }

  /// Every lesson that the observations tell: drafts, and what is left out with the reason.
  public func lessons(from observations: [Observation]) -> (drafts: [Draft], leftOut: [LeftOut]) {
    var rest: [Observation] = []
    var moves: [Observation] = []
    for observation in observations where observation.failed {
      if observation.correction?.kind == .path { moves.append(observation) } else { rest.append(observation) }
    }
    var drafts: [Draft] = []
    var leftOut: [LeftOut] = []
    for group in evidence(of: rest) { sort(judge(group), &drafts, &leftOut) }
    for group in MovedPaths.groups(of: moves, project: facts.path) { sort(judge(group), &drafts, &leftOut) }
    drafts.sort { ($1.tokensPerSession, $0.id) < ($0.tokensPerSession, $1.id) }
    return (drafts, leftOut.sorted { $0.key < $1.key })
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

  private func evidence(of observations: [Observation]) -> [Evidence] {
    var groups: [LessonKey: [Observation]] = [:]
    for observation in observations {
      guard let ruleID = observation.ruleID, let lesson = rules[ruleID]?.learn else { continue }
      let values = lesson.key.map { name in
        let value = observation.slots[name] ?? ""
        return name == "path" ? PathText.resolved(value, in: observation.workingDirectory) : value
      }
      groups[LessonKey(ruleID: ruleID, values: values), default: []].append(observation)
    }
    return groups.sorted { $0.key < $1.key }.map { Evidence(key: $0.key, $0.value) }
  }

  private func judge(_ evidence: Evidence) -> Judgement {
    let id = Self.id(of: evidence.key)
    func out(_ reason: LeftOut.Reason, _ text: String? = nil) -> Judgement {
      .leftOut(LeftOut(id: id, key: evidence.key, evidence: evidence, reason: reason, text: text))
    }
    guard let rule = rules[evidence.key.ruleID], let lesson = rule.learn, let category = rule.category else {
      return out(.noCorrection)
    }
    let needed = minimumEvidence ?? lesson.times
    if evidence.count < needed { return out(.tooFew(times: evidence.count, needed: needed)) }
    if evidence.sessions < lesson.sessions {
      return out(.tooFewSessions(sessions: evidence.sessions, needed: lesson.sessions))
    }
    if let worked = contradiction(of: evidence, category) { return out(.contradicted(by: worked)) }
    // One sighting among many failures may be chance.
    var correction = evidence.correction.flatMap {
      $0.times * 4 >= evidence.count || $0.times > 1 ? $0.correction : nil
    }
    // A wrong path is put right by a path; another command is another matter.
    if category == .wrongPath, correction?.kind != .path { correction = nil }
    guard let template = correction != nil ? lesson.fixed ?? lesson.otherwise : lesson.otherwise else {
      return out(.noCorrection)
    }
    switch LineRenderer(evidence: evidence, fix: correction, lesson: lesson, project: facts.path).line(template) {
    case .unfit(let slot):
      return out(.unfit(slot: slot))
    case .line(let text, let values):
      return .draft(
        Draft(
          id: id, ruleID: rule.id, section: lesson.section, target: lesson.target, text: text,
          trigger: Trigger(category: category, values: values),
          correction: correction.map { SlotValue.shortened($0.text, project: facts.path) },
          confidence: confidence(evidence, correction), evidence: evidence,
          tokensPerSession: max(1, evidence.tokens / sessions)))
    }
  }

  /// A lesson for a folder that is somewhere else than it was looked for.
  private func judge(_ group: MovedPaths.Group) -> Judgement {
    let id = Self.id(of: group.evidence.key)
    func out(_ reason: LeftOut.Reason, _ text: String? = nil) -> Judgement {
      .leftOut(LeftOut(id: id, key: group.evidence.key, evidence: group.evidence, reason: reason, text: text))
    }
    let needed = minimumEvidence ?? 2
    if group.evidence.count < needed { return out(.tooFew(times: group.evidence.count, needed: needed)) }
    if let path = group.contradiction(by: successes) { return out(.contradicted(by: path)) }
    for path in group.rightPaths where facts.exists(path) == false { return out(.notInProject(path: path)) }
    for path in group.wrongPaths where facts.exists(path) == true { return out(.contradicted(by: path)) }
    guard let text = group.line(project: facts.path) else { return out(.unfit(slot: "path")) }
    let surest = group.evidence.observations.compactMap(\.correction?.confidence).max() ?? 0.5
    return .draft(
      Draft(
        id: id, ruleID: group.ruleID, section: "File paths", target: .contextFile, text: text,
        trigger: Trigger(
          category: .wrongPath, values: ["path": PathText.relative(group.from, to: facts.path)]),
        correction: SlotValue.shortened(group.to, project: facts.path),
        confidence: min(0.99, surest * (1 - 0.3 / Double(group.evidence.count))), evidence: group.evidence,
        tokensPerSession: max(1, group.evidence.tokens / sessions)))
  }

  /// What has worked since, so that the lesson no longer holds.
  private func contradiction(of evidence: Evidence, _ category: Category) -> String? {
    let last = evidence.lastSeen
    switch category {
    case .commandNotFound:
      guard let program = evidence.slot("program") else { return nil }
      return worked(program, since: last, moreThan: 1)
    case .blocked, .timeout:
      guard let head = evidence.slot("head"), evidence.key.values.contains(head) else { return nil }
      return worked(head, since: "", moreThan: evidence.count) ?? worked(head, since: last, moreThan: 2)
    case .wrongPath, .tooLarge, .isDirectory:
      guard category == .wrongPath, let path = evidence.key.values.first,
        let count = successes.paths[path], count.lastSeen > last
      else { return nil }
      return PathText.relative(path, to: facts.path)
    default: return nil
    }
  }

  private func worked(_ command: String, since: String, moreThan times: Int) -> String? {
    guard let count = successes.commands[command], count.times >= times, count.lastSeen > since else { return nil }
    return command
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
