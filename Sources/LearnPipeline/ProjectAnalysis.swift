public import RuleEngine
public import SessionModel

/// All sessions of one project, each call counted once.
public struct ProjectAnalysis: Sendable, Hashable {
  /// The agents whose logs are in it.
  public var agents: [String]
  /// Absolute path of the project; the name of its log folder when no log tells the path.
  public var path: String
  public var sessions: Set<String> { Set(starts.keys) }
  /// When each session began, ISO 8601; empty when its log has no times.
  public var starts: [String: String] = [:]
  /// Calls with a result.
  public var calls: Int = 0
  /// Failed calls and empty searches, in the order of the logs.
  public var observations: [Observation] = []
  /// What the user said that a rule is about, in the order of the logs.
  public var statements: [Observation] = []
  /// In the order of the logs.
  public var refetchLoops: [RefetchLoop] = []
  public var successes = SuccessTally()
  /// What each log brought in, in the order of the observations; only there where `known(by:)` is to be asked.
  private(set) var parts: [Part] = []
  public var issues: [LogIssue] = []
  public var usage = TokenUsage()
  public var givenUp: [String: GivenUpMatch] = [:]
  public var firstSeen = ""
  public var lastSeen = ""

  /// The agents in one word, such as `claude` or `claude+codex`.
  public var agent: String { agents.joined(separator: "+") }
  public var failures: Int { observations.count { $0.failed } }
  public var name: String { Self.name(of: path) }

  static func name(of path: String) -> String { PathText.name(of: path).isEmpty ? path : PathText.name(of: path) }

  init(agent: String, path: String) {
    agents = [agent]
    self.path = path
  }

  /// Puts the files of a project together. Files are taken by time, so that a call which a resumed or forked session
  /// repeats belongs to the session that made it; the result does not depend on the order of `files`.
  /// - Parameter keepsParts: Whether `known(by:)` is going to be asked.
  init(agent: String, path: String, files: [FileAnalysis], keepsParts: Bool = false) {
    self.init(agent: agent, path: path)
    var seen: Set<UInt64> = []
    var heard: Set<UInt64> = []
    var messages: [UInt64: TokenUsage] = [:]
    let ordered = files.sorted { $0.order < $1.order }
    for file in ordered {
      var part = Part(start: file.session.firstSeen, successes: file.successes)
      for observation in file.observations where !seen.contains(observation.key) {
        observations.append(observation)
        part.observations += 1
      }
      for var loop in file.refetchLoops {
        loop.pieces.removeAll { seen.contains($0.key) }
        if loop.pieces.count >= RefetchLoop.threshold { refetchLoops.append(loop) }
      }
      seen.formUnion(file.calls)
      if !file.session.id.isEmpty { starts.merge([file.session.id: file.session.firstSeen], uniquingKeysWith: min) }
      successes.merge(file.successes)
      issues += file.issues
      for said in file.statements where !heard.contains(said.key) {
        statements.append(said)
        part.statements += 1
      }
      if keepsParts { parts.append(part) }
      heard.formUnion(file.statements.map(\.key))
      givenUp.merge(file.givenUp) { $0.merged(with: $1) }
      messages.merge(file.usage) { $0.output >= $1.output ? $0 : $1 }
      if firstSeen.isEmpty || (!file.session.firstSeen.isEmpty && file.session.firstSeen < firstSeen) {
        firstSeen = file.session.firstSeen
      }
      lastSeen = max(lastSeen, file.session.lastSeen)
    }
    calls = seen.count
    for message in messages.values {
      usage.input += message.input
      usage.output += message.output
    }
  }
}

extension ProjectAnalysis {
  /// Puts together what several agents did on the same project, so that one lesson is learned once.
  /// - Returns: nil when there is nothing to put together.
  static func sum(of parts: [ProjectAnalysis]) -> ProjectAnalysis? {
    parts.first.map { first in parts.dropFirst().reduce(first) { $0.adding($1) } }
  }

  private func adding(_ other: ProjectAnalysis) -> ProjectAnalysis {
    var sum = self
    sum.agents += other.agents
    sum.starts.merge(other.starts, uniquingKeysWith: min)
    sum.calls += other.calls
    sum.observations += other.observations
    sum.refetchLoops += other.refetchLoops
    sum.successes.merge(other.successes)
    sum.parts += other.parts
    sum.issues += other.issues
    sum.usage.input += other.usage.input
    sum.usage.output += other.usage.output
    sum.statements += other.statements
    sum.givenUp.merge(other.givenUp) { $0.merged(with: $1) }
    let starts = [firstSeen, other.firstSeen].filter { !$0.isEmpty }
    sum.firstSeen = starts.min() ?? ""
    sum.lastSeen = max(lastSeen, other.lastSeen)
    return sum
  }
}

extension ProjectAnalysis {
  /// One log of the project: when it began, and how many of the project's observations and statements are from it.
  struct Part: Hashable {
    var start: String
    var observations = 0
    var statements = 0
    var successes: SuccessTally
  }

  /// What was known when only the logs that began by then were there, without reading anything again. Needs the parts.
  /// - Parameter time: ISO 8601.
  func known(by time: String) -> ProjectAnalysis {
    var past = self
    past.starts = starts.filter { $0.value <= time }
    past.parts = parts.filter { $0.start <= time }
    (past.observations, past.statements, past.successes) = ([], [], SuccessTally())
    var (observed, said) = (0, 0)
    for part in parts {
      if part.start <= time {
        past.observations += observations[observed..<observed + part.observations]
        past.statements += statements[said..<said + part.statements]
        past.successes.merge(part.successes)
      }
      observed += part.observations
      said += part.statements
    }
    return past
  }
}

extension FileAnalysis {
  /// By time.
  var order: (String, String, String) { (session.firstSeen, file.path, file.session ?? "") }
}

extension ToolCall {
  /// A call whose result was found in another file.
  func joined(with result: ToolCall) -> ToolCall {
    var call = self
    call.output = result.output
    call.outputBytes = result.outputBytes
    call.outcome = result.outcome
    call.feedback = result.feedback
    call.exitStatus = result.exitStatus
    call.resultLine = result.resultLine
    return call
  }
}
