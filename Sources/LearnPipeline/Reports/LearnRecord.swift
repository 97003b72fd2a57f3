internal import ContextFiles
internal import Recommendations
internal import RuleEngine
internal import RulePack
internal import SessionModel

/// What `learn --format json` prints. Fields are only ever added; a change of meaning changes `schema`.
public struct LearnRecord: Encodable, Sendable {
  let schema = 1
  var projects: [Project]
  var issues: [String: Int]

  public init(_ learnings: [ProjectLearning], _ survey: LogSurvey) {
    projects = learnings.map(Project.init)
    issues = Self.counts(survey.issues)
  }

  /// One project of the record by itself, for those who print one after the other.
  public static func project(_ learning: ProjectLearning) -> some Encodable & Sendable { Project(learning) }

  static func counts(_ issues: [LogIssue]) -> [String: Int] {
    Dictionary(issues.map { ($0.kind.rawValue, 1) }, uniquingKeysWith: +)
  }

  struct Project: Encodable, Sendable {
    var agent, name, path: String
    var agents: [String]
    var sessions, calls, failures: Int
    var failureRate: Double
    var explicitFailures, maskedFailures: Int
    var tokens: Tokens
    var firstSeen, lastSeen: String
    var categories: [String: Int]
    var issues: [String: Int]
    var issueList: [Issue]
    var rulesGivenUp: [GivenUp]
    var retryLoops: [Loop]
    var refetchLoops: [Refetch]
    var recommendations: [Line]
    var leftOut: [Left]
    var refinement: Model?
    var files: [File]
    var errors: [String]

    enum CodingKeys: String, CodingKey {
      case agent, agents, name, path, sessions, calls, failures, categories, issues, recommendations, files, errors,
        tokens, refinement
      case failureRate = "failure_rate"
      case explicitFailures = "explicit_failures"
      case maskedFailures = "masked_failures"
      case firstSeen = "first_seen"
      case lastSeen = "last_seen"
      case issueList = "issue_list"
      case rulesGivenUp = "rules_given_up"
      case retryLoops = "retry_loops"
      case refetchLoops = "refetch_loops"
      case leftOut = "left_out"
    }

    init(_ learning: ProjectLearning) {
      let summary = learning.summary
      agent = summary.agent
      agents = summary.agents
      name = summary.name
      path = summary.path
      sessions = summary.sessions
      calls = summary.calls
      failures = summary.failures
      failureRate = calls == 0 ? 0 : (Double(failures) / Double(calls) * 10_000).rounded() / 10_000
      explicitFailures = summary.explicitFailures
      maskedFailures = summary.maskedFailures
      tokens = Tokens(input: summary.usage.input, output: summary.usage.output)
      firstSeen = summary.firstSeen
      lastSeen = summary.lastSeen
      categories = summary.categories
      issues = LearnRecord.counts(summary.issues)
      issueList = summary.issues.map(Issue.init)
      rulesGivenUp = summary.givenUp.values.sorted { $0.id < $1.id }.map(GivenUp.init)
      retryLoops = summary.retryLoops.map(Loop.init)
      refetchLoops = summary.refetchLoops.map(Refetch.init)
      recommendations = learning.recommendations.flatMap { line in line.drafts.map { Line($0, of: line) } }
      refinement = learning.refinement.map(Model.init)
      leftOut = learning.leftOut.map(Left.init)
      files = learning.files.map(File.init)
      errors = learning.faults
    }
  }

  struct Tokens: Encodable, Sendable { var input, output: Int }

  struct Issue: Encodable, Sendable {
    var kind, file, reason: String
    var line: Int

    init(_ issue: LogIssue) {
      kind = issue.kind.rawValue
      file = issue.location.file
      line = issue.location.line
      reason = issue.reason
    }
  }

  /// A rule whose pattern was stopped at its limit.
  struct GivenUp: Encodable, Sendable {
    var rule, reason, file: String
    var line, times: Int

    init(_ match: GivenUpMatch) {
      rule = match.ruleID
      reason = match.reason
      file = match.first.file
      line = match.first.line
      times = match.times
    }
  }

  struct Loop: Encodable, Sendable {
    var what, category: String
    var times, tokens: Int
    var evidence: [Reference]

    init(_ loop: RetryLoop) {
      what = loop.what
      category = loop.category.rawValue
      times = loop.observations.count
      tokens = loop.tokens
      evidence = loop.observations.map(Reference.init)
    }
  }

  struct Refetch: Encodable, Sendable {
    var what, tool: String
    var times, tokens: Int

    init(_ loop: RefetchLoop) {
      what = loop.what
      tool = loop.tool.rawValue
      times = loop.pieces.count
      tokens = loop.tokens
    }
  }

  struct Line: Encodable, Sendable {
    var id, rule, target, section, content, origin: String
    var trigger: [String: String]
    var correction: OrNull<String>
    var confidence: Double
    var evidenceCount, sessions: Int
    var firstSeen, lastSeen: String
    var tokensSaved: Int
    var tokensWasted: Int
    var tokensMeasured: Bool
    var evidence: [Reference]
    /// Other lessons that the same line of the file tells.
    var toldWith: [String]
    var refused: Refused?

    enum CodingKeys: String, CodingKey {
      case id, rule, target, section, content, origin, trigger, correction, confidence, sessions, evidence, refused
      case toldWith = "told_with"
      case evidenceCount = "evidence_count"
      case firstSeen = "first_seen"
      case lastSeen = "last_seen"
      case tokensSaved = "estimated_tokens_saved"
      case tokensWasted = "tokens_wasted"
      case tokensMeasured = "tokens_measured"
    }

    init(_ draft: Draft, of recommendation: Recommendation) {
      id = draft.id
      rule = draft.ruleID
      target = draft.target.rawValue
      section = draft.section
      content = "- " + recommendation.text
      origin = recommendation.origin.rawValue
      trigger = draft.trigger.values.merging(["category": draft.trigger.category.rawValue]) { value, _ in value }
      correction = OrNull(draft.correction)
      confidence = (draft.confidence * 100).rounded() / 100
      evidenceCount = draft.evidence.count
      sessions = draft.evidence.sessions
      firstSeen = draft.evidence.firstSeen
      lastSeen = draft.evidence.lastSeen
      tokensSaved = draft.tokensPerSession
      tokensWasted = draft.evidence.tokens
      tokensMeasured = draft.evidence.observations.allSatisfy(\.tokensAreMeasured)
      evidence = draft.evidence.observations.map(Reference.init)
      toldWith = recommendation.drafts.map(\.id).filter { $0 != draft.id }
      refused = recommendation.refused.map(Refused.init)
    }
  }

  /// What a model made of the drafts.
  struct Model: Encodable, Sendable {
    var model, failure: String?
    var refused: [Refused]

    init(_ outcome: RefinementOutcome) {
      model = outcome.model
      failure = outcome.failure?.description
      refused = outcome.refused.map(Refused.init)
    }
  }

  struct Refused: Encodable, Sendable {
    var action, text, reason: String
    var ids: [String]

    init(_ refused: RefusedRefinement) {
      action = refused.refinement.action.rawValue
      text = refused.refinement.text
      ids = refused.refinement.ids
      reason = refused.reason.description
    }
  }

  struct Left: Encodable, Sendable {
    var id, rule, reason: String
    var content: String?
    var times: Int

    init(_ lesson: LeftOut) {
      id = lesson.id
      rule = lesson.key.ruleID
      reason = lesson.reason.description
      content = lesson.text.map { "- " + $0 }
      times = lesson.times
    }
  }

  struct Reference: Encodable, Sendable {
    var session, file, callID: String
    var line: Int

    enum CodingKeys: String, CodingKey {
      case session, file, line
      case callID = "call_id"
    }

    init(_ observation: Observation) {
      session = observation.sessionID
      file = observation.location.file
      line = observation.location.line
      callID = observation.callID
    }
  }

  struct File: Encodable, Sendable {
    var path, action, content, diff: String
    var warnings: [String]

    init(_ file: PlannedFile) {
      path = file.path
      action = file.action.rawValue
      content = String(decoding: file.content, as: UTF8.self)
      diff = file.diff.joined(separator: "\n")
      warnings = file.warnings
    }
  }
}
