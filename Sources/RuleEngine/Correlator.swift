internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Joins each failure with what came after it. Works on a stream of calls and remembers a bounded number of open
/// failures, so that its memory does not grow with the session.
struct Correlator {
  private(set) var observations: [Observation] = []
  private(set) var successes = SuccessTally()
  private var open: [OpenFailure] = []
  private var repetitions: [UInt64: Int] = [:]
  private var shellCalls = 0
  private var calls = 0
  /// The folder that the session began in.
  private var start: String?

  struct OpenFailure {
    var observation: Int
    var resultLine: Int
    /// Numbers of calls and shell calls when it failed.
    var calls: Int
    var shellCalls: Int
    var path: PathCorrection?
    var command: CommandCorrection?
    var search: SearchCorrection?
    var file: FileCorrection?
    var host: HostCorrection?
    var sandbox: SandboxCorrection?
    var addition: AdditionCorrection?

    var isOpen: Bool {
      path != nil || command != nil || search != nil || file != nil || host != nil || sandbox != nil || addition != nil
    }

    /// - Parameter shellCalls: How many there were up to this call.
    mutating func correction(by call: ToolCall, _ line: CommandLine?, shellCalls now: Int) -> Correction? {
      // A call that was made before the failure was known cannot be its correction.
      guard call.location.line > resultLine else { return nil }
      if let correction = sandbox?.look(at: call, line) ?? addition?.look(at: call, line) { return correction }
      if let found = path?.look(at: call, line) {
        return Correction(
          kind: .path, from: path?.absolute ?? "", text: found.path, callID: call.id, confidence: found.confidence)
      }
      if let correction = search?.look(at: call) { return correction }
      if let correction = file?.look(at: call, line) { return correction }
      if command?.asksForChanges == true, line.map(call.writesFiles) ?? !call.onlyShows(nil) { command?.noticeChange() }
      // What works outside of the sandbox puts nothing right that was wrong with the command.
      guard let line, now - shellCalls <= Correlator.shellReach, !call.input.leavesSandbox else { return nil }
      if let correction = host?.look(at: call, line) { return correction }
      return command?.look(at: call, line)
    }
  }

  /// How many later calls may correct a failure.
  private static let reach = 40
  private static let findings: Set<Category> = [.testFailure, .lintFailure, .compileError]
  fileprivate static let shellReach = 12
  private static let openLimit = 48

  mutating func failed(_ call: ToolCall, _ line: CommandLine?, _ observation: Observation) {
    calls += 1
    noticeTry(call, line)
    start = start ?? call.workingDirectory
    if let line {
      shellCalls += 1
      successes.addUses(of: line.invocations, call.timestamp)
      // What found fault with the code was there to do so.
      if Self.findings.contains(observation.category) { successes.addFound(call, line, countsRuns: false) }
    }
    var observation = observation
    if observation.failed {
      let signature = Self.signature(of: observation)
      repetitions[signature, default: 0] += 1
      observation.repetition = repetitions[signature] ?? 1
    }
    observations.append(observation)
    let isPathFailure = observation.category == .wrongPath || observation.category == .isDirectory
    // What another machine or a container lacks is not looked for here.
    let isHere = isPathFailure && line?.invocations.last { $0.head == observation.slots["head"] }?.runsElsewhere != true
    let path = isHere ? observation.slots["path"] : nil
    let failure = OpenFailure(
      observation: observations.count - 1, resultLine: call.resultLine ?? call.location.line, calls: calls,
      shellCalls: shellCalls,
      path: path.flatMap { PathCorrection(path: $0, workingDirectory: observation.workingDirectory) },
      command: CommandCorrection(observation), search: SearchCorrection(call, observation.category),
      file: FileCorrection(call, observation.category), host: HostCorrection(observation),
      sandbox: SandboxCorrection(call, line, observation), addition: AdditionCorrection(call, line, observation))
    guard failure.isOpen else { return }
    let isWhereTheShellWas = observation.workingDirectory == call.workingDirectory
    if let path = failure.path, let folder = path.whereItWas, isWhereTheShellWas, hasMoved(call) {
      observations[failure.observation].correction = Correction(
        kind: .path, from: path.absolute, text: folder, callID: call.id, confidence: 0.85)
      return
    }
    open.append(failure)
    if open.count > Self.openLimit { close(open.removeFirst()) }
  }

  /// Whether the shell is in a folder below the one that the session began in.
  private func hasMoved(_ call: ToolCall) -> Bool {
    guard let start, let folder = call.workingDirectory else { return false }
    return folder.hasPrefix(start + "/")
  }

  /// A call that failed may have changed something before it did.
  private mutating func noticeTry(_ call: ToolCall, _ line: CommandLine?) {
    for index in open.indices where open[index].sandbox != nil || open[index].addition != nil {
      open[index].sandbox?.lookAtFailure(call, line)
      open[index].addition?.lookAtFailure(call, line)
    }
  }

  /// Takes note of a shell call of which nobody can say whether it worked.
  mutating func ended(_ call: ToolCall, _ line: CommandLine?) {
    calls += 1
    noticeTry(call, line)
    shellCalls += 1
    successes.addUses(of: line?.invocations ?? [], call.timestamp)
  }

  mutating func succeeded(_ call: ToolCall, _ line: CommandLine?) {
    calls += 1
    start = start ?? call.workingDirectory
    if call.tool == .shell { shellCalls += 1 }
    let writes = line.map(call.writesFiles) ?? [.edit, .write, .patch].contains(call.tool)
    successes.add(call, line, writes: writes)
    if writes { noticeChange(call) }
    if repetitions.count > 512 { repetitions.removeAll() }
    if repetitions.isEmpty {
      // Nothing failed that could have worked now.
    } else if let line {
      for head in line.invocations.map(\.head).distinct { repetitions[Self.signature(head: head)] = nil }
    } else {
      repetitions[Self.signature(tool: call.tool, path: call.input.path)] = nil
    }
    var index = 0
    while index < open.count {
      if calls - open[index].calls > Self.reach {
        close(open.remove(at: index))
      } else if let correction = open[index].correction(by: call, line, shellCalls: shellCalls) {
        observations[open.remove(at: index).observation].correction = correction
      } else {
        index += 1
      }
    }
  }

  /// A program that was written anew may do without what it lacked.
  private mutating func noticeChange(_ call: ToolCall) {
    let file = call.input.path.map(PathText.name)
    for index in observations.indices.suffix(Self.openLimit)
    where observations[index].command != nil && observations[index].isRewritten(file, by: call.input.text) {
      observations[index].command = nil
    }
  }

  private mutating func close(_ failure: OpenFailure) {
    guard let path = failure.path?.unusedHit else { return }
    observations[failure.observation].correction = Correction(
      kind: .path, from: failure.path?.absolute ?? "", text: path, origin: .tool, callID: "", confidence: 0.6)
  }

  mutating func finish() {
    for failure in open { close(failure) }
    open = []
  }

  /// What makes two failures the same thing tried again.
  private static func signature(of observation: Observation) -> UInt64 {
    if observation.tool == .shell, let head = observation.slots["head"] { return signature(head: head) }
    return signature(tool: observation.tool, path: observation.slots["path"])
  }

  private static func signature(head: String) -> UInt64 { Digest(of: "shell " + head).value }

  private static func signature(tool: ToolKind, path: String?) -> UInt64 {
    Digest(of: "\(tool.rawValue) \(path ?? "")").value
  }
}

extension Correlator: Stored {
  static var blank: Correlator { Correlator() }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&observations)
    fields.visit(&successes)
    fields.visit(&open)
    fields.visit(&repetitions)
    fields.visit(&shellCalls)
    fields.visit(&calls)
    fields.visit(&start)
  }
}

extension Correlator.OpenFailure: Stored {
  static var blank: Correlator.OpenFailure {
    Correlator.OpenFailure(observation: 0, resultLine: 0, calls: 0, shellCalls: 0)
  }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&observation)
    fields.visit(&resultLine)
    fields.visit(&calls)
    fields.visit(&shellCalls)
    fields.visit(&path)
    fields.visit(&command)
    fields.visit(&search)
    fields.visit(&file)
    fields.visit(&host)
    fields.visit(&sandbox)
    fields.visit(&addition)
  }
}
