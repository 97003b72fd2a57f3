internal import RulePack
public import SessionModel
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
  }

  /// How many later calls may correct a failure.
  private static let reach = 40
  private static let shellReach = 12
  private static let openLimit = 48

  mutating func failed(_ call: ToolCall, _ observation: Observation) {
    calls += 1
    start = start ?? call.workingDirectory
    if call.tool == .shell { shellCalls += 1 }
    var observation = observation
    if observation.failed {
      let signature = Self.signature(of: observation)
      repetitions[signature, default: 0] += 1
      observation.repetition = repetitions[signature] ?? 1
    }
    observations.append(observation)
    let isPathFailure = observation.category == .wrongPath || observation.category == .isDirectory
    let path = isPathFailure ? observation.slots["path"] : nil
    let failure = OpenFailure(
      observation: observations.count - 1, resultLine: call.resultLine ?? call.location.line, calls: calls,
      shellCalls: shellCalls,
      path: path.flatMap { PathCorrection(path: $0, workingDirectory: call.workingDirectory) },
      command: CommandCorrection(observation), search: SearchCorrection(call, observation.category))
    guard failure.path != nil || failure.command != nil || failure.search != nil else { return }
    if let path = failure.path, let folder = path.whereItWas, hasMoved(call) {
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

  mutating func succeeded(_ call: ToolCall) {
    calls += 1
    start = start ?? call.workingDirectory
    let line = call.tool == .shell ? CommandLine(parsing: call.input.text) : nil
    if call.tool == .shell { shellCalls += 1 }
    successes.add(call, line)
    if repetitions.count > 512 { repetitions.removeAll() }
    if let line {
      for head in Set(line.invocations.map(\.head)) { repetitions[Self.signature(head: head)] = nil }
    } else {
      repetitions[Self.signature(tool: call.tool, path: call.input.path)] = nil
    }
    var still: [OpenFailure] = []
    for var failure in open {
      if calls - failure.calls > Self.reach {
        close(failure)
        continue
      }
      // A call that was made before the failure was known cannot be its correction.
      guard call.location.line > failure.resultLine else {
        still.append(failure)
        continue
      }
      if let correction = correction(by: call, line, for: &failure) {
        observations[failure.observation].correction = correction
      } else {
        still.append(failure)
      }
    }
    open = still
  }

  private func correction(by call: ToolCall, _ line: CommandLine?, for failure: inout OpenFailure) -> Correction? {
    if let found = failure.path?.look(at: call, line) {
      return Correction(
        kind: .path, from: failure.path?.absolute ?? "", text: found.path, callID: call.id, confidence: found.confidence
      )
    }
    if let correction = failure.search?.look(at: call) { return correction }
    guard let line, shellCalls - failure.shellCalls <= Self.shellReach else { return nil }
    return failure.command?.look(at: call, line)
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
  }
}

/// How often programs, commands and paths worked: a lesson that a later success contradicts is not one.
public struct SuccessTally: Sendable {
  public struct Count: Sendable, Hashable {
    public var times: Int
    /// ISO 8601; empty when the log has no times.
    public var lastSeen: String
  }

  /// Counts by name. Only digests of the names are kept: nobody asks for the names, and they come from logs.
  public struct Names: Sendable, Hashable {
    private var counts: [UInt64: Count] = [:]

    /// Enough for any project; bounded because logs are not ours.
    private static let limit = 50_000

    public subscript(_ name: String) -> Count? { counts[Digest(of: name).value] }

    fileprivate mutating func add(_ name: String, _ time: String) {
      let key = Digest(of: name).value
      let known = counts[key]
      if known == nil, counts.count >= Self.limit { return }
      counts[key] = Count(times: (known?.times ?? 0) + 1, lastSeen: max(known?.lastSeen ?? "", time))
    }

    fileprivate mutating func merge(_ other: Names) {
      counts.merge(other.counts) { left, right in
        Count(times: left.times + right.times, lastSeen: max(left.lastSeen, right.lastSeen))
      }
    }
  }

  /// By program (`python3`) and by head (`npm run build`).
  public private(set) var commands = Names()
  /// By absolute path.
  public private(set) var paths = Names()

  public init() {}

  mutating func add(_ call: ToolCall, _ line: CommandLine?) {
    if let path = call.input.path {
      paths.add(PathText.resolved(path, in: call.workingDirectory), call.timestamp)
    }
    guard let line else { return }
    var names: Set<String> = []
    for invocation in line.invocations where !invocation.hidesStatus && !invocation.runsElsewhere {
      names.insert(invocation.program)
      names.insert(invocation.head)
    }
    for name in names { commands.add(name, call.timestamp) }
  }

  /// Adds the counts of another file: in any order, with the same result.
  public mutating func merge(_ other: SuccessTally) {
    commands.merge(other.commands)
    paths.merge(other.paths)
  }
}

extension SuccessTally: Stored {
  public static var blank: SuccessTally { SuccessTally() }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&commands)
    fields.visit(&paths)
  }
}

extension SuccessTally.Count: Stored {
  public static var blank: SuccessTally.Count { SuccessTally.Count(times: 0, lastSeen: "") }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&times)
    fields.visit(&lastSeen)
  }
}

extension SuccessTally.Names: Stored {
  public static var blank: SuccessTally.Names { SuccessTally.Names() }

  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&counts) }
}
