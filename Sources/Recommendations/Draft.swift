public import RulePack
public import SessionModel

/// The machine-readable condition that a recommendation guards against.
public struct Trigger: Sendable, Hashable {
  public var category: Category
  /// The slots that name it, such as `module: yaml`; several values of one slot are separated by a comma and a space.
  public var values: [String: String]
}

/// A recommendation as the rules alone write it.
public struct Draft: Sendable {
  public private(set) var id: String
  public private(set) var ruleID: String
  public private(set) var section: String
  public private(set) var target: Lesson.Target
  /// One line of Markdown without the bullet.
  public private(set) var text: String
  /// The line without what it may do without, such as the size of a file; lines are put together by these.
  var shortText: String?
  public private(set) var trigger: Trigger
  /// What worked instead.
  public private(set) var correction: String?
  /// 0 to 1.
  public private(set) var confidence: Double
  public private(set) var evidence: Evidence
  /// Tokens that the failures cost, spread over all sessions of the project.
  public private(set) var tokensPerSession: Int

  /// Tokens of the line itself, at four bytes a token.
  public var cost: Int { Self.cost(of: text) }

  /// With the short line, where there is one.
  var short: Draft? { shortText.map(worded) }

  /// The same with another text.
  func worded(_ text: String) -> Draft {
    var draft = self
    draft.text = text
    return draft
  }

  static func cost(of text: String) -> Int { (text.utf8.count + 2 + 3) / 4 }

  /// Without the texts of the calls that it rests on.
  public var brief: Draft {
    var brief = self
    brief.evidence = evidence.brief
    return brief
  }
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
    /// A bullet that a person wrote says the same.
    case writtenByHand(file: String)
  }

  public private(set) var id: String
  public private(set) var key: LessonKey
  /// How often it was seen.
  public private(set) var times: Int
  /// The calls; none in a brief one.
  public private(set) var evidence: Evidence
  public private(set) var reason: Reason
  /// The line that would have been written, where there is one.
  public private(set) var text: String?

  public init(id: String, key: LessonKey, evidence: Evidence, reason: Reason, text: String?) {
    self.id = id
    self.key = key
    times = evidence.count
    self.evidence = evidence
    self.reason = reason
    self.text = text
  }

  /// A lesson that was fit to be written.
  public init(_ draft: Draft, _ reason: Reason) {
    self.init(id: draft.id, key: draft.evidence.key, evidence: draft.evidence, reason: reason, text: draft.text)
  }

  /// Without the calls.
  public var brief: LeftOut {
    var brief = self
    brief.evidence = Evidence(key: key, [])
    return brief
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
    case .toldBy(let id): "told by the line of \(id)"
    case .tooCheap(let saved, let cost):
      "its line costs \(cost) tokens a session, and what it is about only about \(saved)"
    case .overBudget(let tokens): "over the budget of \(tokens) tokens"
    case .forgotten: "forgotten; `headroom remember` takes it back"
    case .removedByHand(let file): "its line was taken out of \(file) by hand; `headroom remember` takes it back"
    case .writtenByHand(let file): "its line stands in \(file) already, outside of the block"
    }
  }
}

extension Trigger: Stored {
  public static var blank: Trigger { Trigger(category: .other, values: [:]) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&category)
    fields.visit(&values)
  }
}

extension Draft: Stored {
  public static var blank: Draft {
    Draft(
      id: "", ruleID: "", section: "", target: .contextFile, text: "", trigger: .blank, correction: nil, confidence: 0,
      evidence: .blank, tokensPerSession: 0)
  }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&id)
    fields.visit(&ruleID)
    fields.visit(&section)
    fields.visit(&target)
    fields.visit(&text)
    fields.visit(&shortText)
    fields.visit(&trigger)
    fields.visit(&correction)
    fields.visit(&confidence)
    fields.visit(&evidence)
    fields.visit(&tokensPerSession)
  }
}

extension LeftOut: Stored {
  public static var blank: LeftOut {
    LeftOut(id: "", key: .blank, evidence: .blank, reason: .noCorrection, text: nil)
  }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&id)
    fields.visit(&key)
    fields.visit(&times)
    fields.visit(&evidence)
    fields.visit(&reason)
    fields.visit(&text)
  }
}

extension LeftOut.Reason: Stored {
  public static var blank: LeftOut.Reason { .noCorrection }

  public mutating func visit(_ fields: inout StoredFields) {
    var form = form
    fields.visit(&form.kind)
    fields.visit(&form.first)
    fields.visit(&form.second)
    fields.visit(&form.name)
    if fields.changesValues { self = LeftOut.Reason(form) }
  }

  /// What a reason is made of, one place for each kind of value.
  private struct Form {
    enum Kind: CaseIterable {
      case tooFew, tooFewSessions, noCorrection, contradicted, takenBack, unfit, notInProject, installed, overBudget,
        toldBy, tooCheap, forgotten, removedByHand, writtenByHand
    }

    var kind: Kind
    var first = 0
    var second = 0
    var name = ""
  }

  private var form: Form {
    switch self {
    case .tooFew(let times, let needed): Form(kind: .tooFew, first: times, second: needed)
    case .tooFewSessions(let sessions, let needed): Form(kind: .tooFewSessions, first: sessions, second: needed)
    case .noCorrection: Form(kind: .noCorrection)
    case .contradicted(let what): Form(kind: .contradicted, name: what)
    case .takenBack(let id): Form(kind: .takenBack, name: id)
    case .unfit(let slot): Form(kind: .unfit, name: slot)
    case .notInProject(let path): Form(kind: .notInProject, name: path)
    case .installed(let program): Form(kind: .installed, name: program)
    case .overBudget(let tokens): Form(kind: .overBudget, first: tokens)
    case .toldBy(let id): Form(kind: .toldBy, name: id)
    case .tooCheap(let saved, let cost): Form(kind: .tooCheap, first: saved, second: cost)
    case .forgotten: Form(kind: .forgotten)
    case .removedByHand(let file): Form(kind: .removedByHand, name: file)
    case .writtenByHand(let file): Form(kind: .writtenByHand, name: file)
    }
  }

  private init(_ form: Form) {
    self =
      switch form.kind {
      case .tooFew: .tooFew(times: form.first, needed: form.second)
      case .tooFewSessions: .tooFewSessions(sessions: form.first, needed: form.second)
      case .noCorrection: .noCorrection
      case .contradicted: .contradicted(by: form.name)
      case .takenBack: .takenBack(by: form.name)
      case .unfit: .unfit(slot: form.name)
      case .notInProject: .notInProject(path: form.name)
      case .installed: .installed(program: form.name)
      case .overBudget: .overBudget(tokens: form.first)
      case .toldBy: .toldBy(id: form.name)
      case .tooCheap: .tooCheap(tokensPerSession: form.first, cost: form.second)
      case .forgotten: .forgotten
      case .removedByHand: .removedByHand(file: form.name)
      case .writtenByHand: .writtenByHand(file: form.name)
      }
  }
}
