public import RuleEngine
public import SessionModel

/// What reports say of a project beside its lessons: without the calls, of which there may be many.
public struct ProjectSummary: Sendable {
  /// The agents whose logs are in it.
  public var agents: [String]
  /// Absolute path of the project; the name of its log folder when no log tells the path.
  public var path: String
  public var sessions: Int
  /// Calls with a result.
  public var calls: Int
  public var failures: Int
  /// By the log's own word.
  public var explicitFailures: Int
  /// The output shows what the status hides.
  public var maskedFailures: Int
  /// How often each category occurs, failures only.
  public var categories: [String: Int]
  /// The dearest first, the calls in brief.
  public var retryLoops: [RetryLoop]
  /// In the order of the logs.
  public var refetchLoops: [RefetchLoop]
  public var issues: [LogIssue]
  public var usage: TokenUsage
  public var givenUp: [String: GivenUpMatch]
  public var firstSeen: String
  public var lastSeen: String

  /// The agents in one word, such as `claude` or `claude+codex`.
  public var agent: String { agents.joined(separator: "+") }
  public var name: String { ProjectAnalysis.name(of: path) }

  init(_ analysis: ProjectAnalysis) {
    agents = analysis.agents
    path = analysis.path
    sessions = analysis.sessions.count
    calls = analysis.calls
    failures = analysis.failures
    explicitFailures = analysis.observations.count { $0.flagged }
    maskedFailures = analysis.observations.count { $0.masked }
    categories = analysis.categories
    retryLoops = analysis.retryLoops.map(\.brief)
    refetchLoops = analysis.refetchLoops
    issues = analysis.issues
    usage = analysis.usage
    givenUp = analysis.givenUp
    firstSeen = analysis.firstSeen
    lastSeen = analysis.lastSeen
  }
}

extension ProjectSummary: Stored {
  public static var blank: ProjectSummary { ProjectSummary(ProjectAnalysis(agent: "", path: "")) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&agents)
    fields.visit(&path)
    fields.visit(&sessions)
    fields.visit(&calls)
    fields.visit(&failures)
    fields.visit(&explicitFailures)
    fields.visit(&maskedFailures)
    fields.visit(&categories)
    fields.visit(&retryLoops)
    fields.visit(&refetchLoops)
    fields.visit(&issues)
    fields.visit(&usage)
    fields.visit(&givenUp)
    fields.visit(&firstSeen)
    fields.visit(&lastSeen)
  }
}
