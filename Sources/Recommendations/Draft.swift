public import RulePack

/// The machine-readable condition that a recommendation guards against.
public struct Trigger: Sendable, Hashable {
  public var category: Category
  /// The slots that name it, such as `module: yaml`; several values of one slot are separated by a comma and a space.
  public var values: [String: String]
}

/// A recommendation as the rules alone write it.
public struct Draft: Sendable {
  public let id: String
  public let ruleID: String
  public let section: String
  public let target: Lesson.Target
  /// One line of Markdown without the bullet.
  public private(set) var text: String
  /// The line without what it may do without, such as the size of a file; lines are put together by these.
  var shortText: String?
  public let trigger: Trigger
  /// What worked instead.
  public let correction: String?
  /// 0 to 1.
  public let confidence: Double
  public let evidence: Evidence
  /// Tokens that the failures cost, spread over all sessions of the project.
  public let tokensPerSession: Int

  /// Tokens of the line itself, at four bytes a token.
  public var cost: Int { Self.cost(of: text) }

  /// With the short line, where there is one.
  var short: Draft? {
    shortText.map { text in
      var draft = self
      draft.text = text
      return draft
    }
  }

  static func cost(of text: String) -> Int { (text.utf8.count + 2 + 3) / 4 }
}

/// A line for a context file. There is no way to one but from a draft, as the rules wrote it or as a refinement of it
/// that was accepted.
public struct Recommendation: Sendable {
  public enum Origin: String, Sendable { case rules, model }

  public let draft: Draft
  /// Further drafts that this line tells.
  public private(set) var others: [Draft] = []
  public let text: String
  public let origin: Origin
  /// What a model wanted to be done with the draft.
  public private(set) var refused: RefusedRefinement?

  public init(_ draft: Draft) {
    self.draft = draft
    text = draft.text
    origin = .rules
  }

  init(_ draft: Draft, refused: RefusedRefinement) {
    self.init(draft)
    self.refused = refused
  }

  /// A refinement that the validator accepted.
  init(_ first: Draft, _ others: [Draft], text: String) {
    draft = first
    self.others = others
    self.text = text
    origin = others.isEmpty && text == first.text ? .rules : .model
  }

  mutating func cover(_ draft: Draft) { others.append(draft) }

  /// All drafts that the line tells.
  public var drafts: [Draft] { [draft] + others }

  /// Tokens of the line itself, at four bytes a token.
  public var cost: Int { Draft.cost(of: text) }

  public var tokensPerSession: Int { drafts.reduce(0) { $0 + $1.tokensPerSession } }

  /// What all its drafts rest on.
  public var evidence: Evidence { others.reduce(draft.evidence) { $0.merge($1.evidence) } }
}

/// A lesson that is not written, and why.
public struct LeftOut: Sendable {
  public enum Reason: Sendable, Hashable {
    /// Seen less often than its rule asks for.
    case tooFew(times: Int, needed: Int)
    case tooFewSessions(sessions: Int, needed: Int)
    /// It is not known what would have worked, and the rule has no line for that.
    case noCorrection
    /// What failed has worked since.
    case contradicted(by: String)
    /// The user said the opposite later.
    case takenBack(by: String)
    /// A value that the line needs is missing or not fit to be written.
    case unfit(slot: String)
    /// The line names something that does not exist in the project.
    case notInProject(path: String)
    /// A program that was missing is there now.
    case installed(program: String)
    case overBudget(tokens: Int)
    /// The line of another lesson names it too.
    case toldBy(id: String)
    /// It would hold in any project, and costs more here than it saves.
    case tooCheap(tokensPerSession: Int, cost: Int)
    /// Its owner does not want it anywhere.
    case forgotten
    /// Its line was deleted or reworded in the file since it was written.
    case removedByHand(file: String)
  }

  public let id: String
  public let key: LessonKey
  public let evidence: Evidence
  public let reason: Reason
  /// The line that would have been written, where there is one.
  public let text: String?

  public init(id: String, key: LessonKey, evidence: Evidence, reason: Reason, text: String?) {
    self.id = id
    self.key = key
    self.evidence = evidence
    self.reason = reason
    self.text = text
  }

  /// A lesson that was fit to be written.
  public init(_ draft: Draft, _ reason: Reason) {
    self.init(id: draft.id, key: draft.evidence.key, evidence: draft.evidence, reason: reason, text: draft.text)
  }
}

extension LeftOut.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooFew(let times, let needed): "seen \(times) of the \(needed) times that its rule asks for"
    case .tooFewSessions(let sessions, let needed):
      "seen in \(sessions) of the \(needed) sessions that its rule asks for"
    case .noCorrection: "nothing was seen that works instead"
    case .contradicted(let what): "\(what) has worked since"
    case .takenBack(let id): "the user said the opposite later, see \(id)"
    case .unfit(let slot): "the value of `\(slot)` is missing or not fit for a context file"
    case .notInProject(let path): "\(path) is not in the project any more"
    case .installed(let program): "`\(program)` is installed on this machine now"
    case .toldBy(let id): "told in one line with \(id)"
    case .tooCheap(let saved, let cost):
      "its line costs \(cost) tokens a session, and what it is about only about \(saved)"
    case .overBudget(let tokens): "over the budget of \(tokens) tokens"
    case .forgotten: "forgotten; `headroom remember` takes it back"
    case .removedByHand(let file): "its line was taken out of \(file) by hand; `headroom remember` takes it back"
    }
  }
}
