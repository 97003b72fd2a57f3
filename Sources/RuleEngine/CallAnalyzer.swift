internal import RulePack
internal import Secrets
public import SessionModel
internal import ShellSyntax

/// Takes the events of one log file and keeps what is worth knowing of them.
public struct CallAnalyzer: SessionSink {
  private let classifier: Classifier
  private let scratch: ClassifierScratch
  private var correlator = Correlator()
  private var refetches = RefetchTracker()
  private var calls: Set<UInt64> = []
  private var history = CallHistory()
  private var statements: [Observation] = []
  private var givenUp: [String: GivenUpMatch] = [:]

  public init(classifier: Classifier, scratch: ClassifierScratch) {
    self.classifier = classifier
    self.scratch = scratch
  }

  public func reach(intoOutputOf tool: ToolKind, bytes: Int) -> Int {
    switch tool {
    // What was found where is looked for in these.
    case .shell, .grep, .glob, .list: .max
    case .read, .edit, .write, .patch, .web, .subagent, .mcp, .other: classifier.reach(intoOtherSuccessOf: bytes)
    }
  }

  public mutating func accept(_ event: SessionEvent) {
    switch event {
    case .call(let call): accept(call)
    case .message(let message): accept(message)
    }
  }

  private mutating func accept(_ message: UserMessage) {
    for finding in classifier.findings(in: message, scratch: scratch) {
      guard let category = finding.category else { continue }
      var secrets = SecretGuard(scratch.secrets)
      let said = secrets.excerpt(of: message.text, at: finding.offset, limit: 300)
      statements.append(
        Observation(
          // A message that a resumed session repeats has the same time.
          callID: "message \(message.timestamp) \(Digest(of: message.text).value) \(finding.offset)", sessionID: "",
          location: message.location, timestamp: message.timestamp, tool: .other, toolName: "message", input: said,
          failed: false, flagged: false, masked: false, category: category, ruleID: finding.ruleID,
          slots: finding.captures.mapValues { secrets.masked($0) }, origins: finding.captures.mapValues { _ in .user },
          excerpt: said, workingDirectory: nil,
          isSidechain: false, tokens: (message.text.utf8.count + 3) / 4, tokensAreMeasured: false, feedback: nil,
          correction: nil, repetition: 1))
    }
  }

  private mutating func accept(_ call: ToolCall) {
    // What is said in refusing a call counts like any other message.
    if let said = call.feedback {
      accept(UserMessage(text: said, location: call.location, timestamp: call.timestamp))
    }
    calls.insert(Digest(of: call.id).value)
    let subject = CallSubject(call)
    let verdict = classifier.verdict(on: subject, after: history, scratch: scratch)
    history.add(call)
    for rule in verdict.givenUp {
      let found = GivenUpMatch(ruleID: rule.ruleID, reason: rule.reason, first: call.location)
      givenUp.merge([found.id: found]) { $0.merged(with: $1) }
    }
    guard verdict.failed || verdict.category == .noMatches else {
      if subject.printsBadStatus {
        correlator.ended(call, subject.line)
      } else {
        correlator.succeeded(call, subject.line)
      }
      refetches.succeeded(call, subject.line, tokens: Self.tokens(of: call))
      return
    }
    correlator.failed(call, subject.line, observation(of: subject, verdict))
  }

  /// - Parameter summary: What the reader left besides the events.
  public mutating func finish(_ summary: FileSummary, file: LogFile) -> FileAnalysis {
    correlator.finish()
    let secrets = SecretGuard(scratch.secrets)
    let loops = refetches.finish().map { loop in
      var loop = loop
      loop.what = secrets.masked(loop.what)
      return loop
    }
    var successes = correlator.successes
    successes.mask { secrets.masked($0) }
    var analysis = FileAnalysis(
      file: file, session: summary.session, issues: summary.issues, calls: calls,
      observations: correlator.observations, refetchLoops: loops, successes: successes,
      usage: summary.usage, givenUp: givenUp,
      openCalls: summary.openCalls, looseResults: summary.looseResults)
    // What a subagent is told comes from an agent.
    if !file.isSubagent, summary.session.parentID == nil { analysis.statements = statements }
    for index in analysis.statements.indices { analysis.statements[index].sessionID = summary.session.id }
    for index in analysis.observations.indices {
      analysis.observations[index].sessionID = summary.session.id
      // What worked instead comes from another call, which nobody has looked through yet.
      analysis.observations[index].correction = analysis.observations[index].correction.map { secrets.masked($0) }
    }
    return analysis
  }

  private func observation(of subject: CallSubject, _ verdict: Verdict) -> Observation {
    let call = subject.call
    var slots: [String: String] = ["tool": call.toolName]
    var folder = call.workingDirectory
    var command: UInt64?
    if let path = call.input.path { slots["path"] = path }
    if let line = subject.line {
      let captures = verdict.cause?.captures ?? [:]
      let named = captures["program"].flatMap { name in line.invocations.first { $0.programNames.contains(name) } }
      let invocation =
        named ?? captures["path"].flatMap { path in line.invocations.first { $0.arguments.contains(path) } }
        ?? line.failing
      slots["program"] = invocation?.program
      slots["head"] = invocation?.head
      slots["command"] = invocation?.beginning
      if named != nil || line.telling.count == 1, !call.writesFiles(line),
        let place = line.invocations.firstIndex(where: { $0 == invocation })
      {
        command = call.key(ofCommandAt: place, of: line)
      }
      // A shell that cannot move says so in many ways, not always with the folder.
      if verdict.category == .wrongPath {
        slots["path"] = line.invocations.compactMap(\.directory).first
        // Where the line moved to before it got to the path.
        if let moved = invocation?.directory, let path = captures["path"], path != moved {
          folder = PathText.resolved(moved, in: folder)
        }
      }
    }
    let typed = slots["program"]
    var origins = slots.mapValues { _ in ValueOrigin.agent }
    for (name, value) in verdict.cause?.captures ?? [:] {
      slots[name] = value
      origins[name] = call.origin(of: value, on: subject.line)
    }
    // A hook may run something else than what was typed, which then speaks of itself; the agent can only change what it
    // types.
    if verdict.category == .badUsage, let typed, !call.input.text.holds(slots["program"] ?? typed) {
      slots["program"] = typed
      origins["program"] = .agent
    }
    // Nor is a flag to blame that came from somewhere else, such as a file of settings.
    if verdict.category == .badUsage, let flag = slots["flag"], subject.line?.gives(flag) == false {
      slots["flag"] = nil
    }
    var secrets = SecretGuard(scratch.secrets)
    // The input and the output first: what is secret in them is secret in the values that were taken from them.
    let input = secrets.input(call.input.text, limit: 2000)
    let excerpt = secrets.excerpt(of: call.output, at: verdict.cause?.offset, limit: 300)
    return Observation(
      callID: call.id, sessionID: "", location: call.location, timestamp: call.timestamp, tool: call.tool,
      toolName: secrets.masked(call.toolName), input: input, failed: verdict.failed,
      flagged: call.outcome != .succeeded, masked: verdict.masked, category: verdict.category ?? .other,
      ruleID: verdict.cause?.ruleID, slots: slots.mapValues { secrets.masked($0) }, origins: origins, excerpt: excerpt,
      workingDirectory: folder, command: command, isSidechain: call.isSidechain, tokens: Self.tokens(of: call),
      tokensAreMeasured: call.outputTokens != nil, feedback: call.feedback.map { secrets.masked($0) }, repetition: 1)
  }

  /// English text and code hold about four bytes to a token.
  private static func tokens(of call: ToolCall) -> Int {
    (call.outputTokens ?? (call.input.text.utf8.count + 3) / 4) + (call.outputBytes + 3) / 4
  }
}

extension ToolCall {
  /// Who wrote a value that was found in the call: the agent what stands in its input, else whoever the output is from.
  fileprivate func origin(of value: String, on line: CommandLine?) -> ValueOrigin {
    if input.text.holds(value) || input.path?.holds(value) == true { return .agent }
    switch tool {
    case .web, .mcp: return .web
    case .shell where line?.invocations.contains { Self.fetchers.contains($0.program) } == true: return .web
    default: return .tool
    }
  }

  private static let fetchers: Set<String> = [
    "curl", "wget", "http", "https", "xh", "lynx", "w3m", "aria2c", "gh", "glab",
  ]
}

extension CommandLine {
  /// Whether a flag stands on the line, with others behind one dash, or with a value.
  fileprivate func gives(_ flag: String) -> Bool {
    let name = flag.drop { $0 == "-" }
    return invocations.lazy.flatMap(\.arguments).contains { word in
      name.utf8.count > 1 || !word.hasPrefix("--") && word.hasPrefix("-") ? word.holds(String(name)) : word == flag
    }
  }

  /// The commands that do something.
  fileprivate var telling: [Invocation] {
    invocations.filter { $0.role == .producer && !ContentPrograms.contains($0) && !$0.isPreparation }
  }

  /// The command that most likely failed when the call did: the last one that does something, those first whose status
  /// counts. Moving about, showing files and filtering are passed over where there is anything else.
  fileprivate var failing: Invocation? {
    let telling = telling
    let found = invocations
    return telling.last { !$0.hidesStatus } ?? telling.last ?? found.last { $0.role == .producer } ?? found.last
  }
}

extension Invocation {
  /// The program and the plain words behind it, as far as a line can show them.
  fileprivate var beginning: String {
    let plain = arguments.prefix(4).prefix { word in
      !word.isEmpty
        && word.unicodeScalars.allSatisfy {
          $0.isLetterOrDigit || "-_./:@+=".unicodeScalars.contains($0)
        }
    }
    return ([programPath] + plain).joined(separator: " ")
  }

  fileprivate var isPreparation: Bool {
    ["source", ".", "set", "mkdir", "rm", "touch", "cp", "mv", "chmod"].contains(program)
  }
}

/// All that is kept of one log file. Small, and independent of every other file.
public struct FileAnalysis: Sendable {
  public var file: LogFile
  public var session: SessionInfo
  public var issues: [LogIssue]
  /// Digests of the ids of all calls with a result.
  public var calls: Set<UInt64>
  public var observations: [Observation]
  /// What the user said that a rule is about.
  public var statements: [Observation] = []
  public var refetchLoops: [RefetchLoop]
  public var successes: SuccessTally
  public var usage: [UInt64: TokenUsage]
  /// Rules whose pattern was stopped at its limit, by rule and reason.
  public var givenUp: [String: GivenUpMatch]
  public var openCalls: [ToolCall]
  public var looseResults: [ToolCall]
}

extension FileAnalysis: Stored {
  public static var blank: FileAnalysis {
    FileAnalysis(
      file: LogFile(path: "", size: 0, group: ""), session: SessionInfo(), issues: [], calls: [], observations: [],
      refetchLoops: [], successes: SuccessTally(), usage: [:], givenUp: [:], openCalls: [], looseResults: [])
  }

  /// The file itself is not stored: it is what the rest is looked up by. Of calls and results without their other half
  /// only the ids are, because they are as the log has them: whoever needs them reads the log.
  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&session)
    fields.visit(&issues)
    fields.visit(&calls)
    fields.visit(&observations)
    fields.visit(&statements)
    fields.visit(&refetchLoops)
    fields.visit(&successes)
    fields.visit(&usage)
    fields.visit(&givenUp)
    Self.visit(&openCalls, &fields)
    Self.visit(&looseResults, &fields)
  }

  private static func visit(_ calls: inout [ToolCall], _ fields: inout StoredFields) {
    var ids = calls.map(\.id)
    fields.visit(&ids)
    guard fields.changesValues else { return }
    calls = ids.map { id in
      var call = ToolCall.blank
      call.id = id
      return call
    }
  }
}

extension CallAnalyzer {
  /// Everything that was learned so far, for going on when the log has grown. It holds parts of the log as they were.
  public mutating func state() -> [UInt8] {
    var fields = StoredFields(.writing)
    visit(&fields)
    return fields.written
  }

  /// Goes on from a state; without a result when it is not one.
  public mutating func restore(_ state: [UInt8]) -> Bool {
    var fields = StoredFields(reading: state)
    visit(&fields)
    return fields.isReadWell
  }

  /// The rules and the room to match them in are not of the log.
  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&correlator)
    fields.visit(&refetches)
    fields.visit(&calls)
    fields.visit(&history)
    fields.visit(&statements)
    fields.visit(&givenUp)
  }
}
