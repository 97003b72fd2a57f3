internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds out that a command failed for the agent's sandbox: right afterwards the same command worked outside of it.
struct SandboxCorrection {
  /// Digests of the whole line, and of the command that failed.
  private var text: UInt64
  private var command: UInt64
  private var head: String
  private var folder: String?
  /// How many more calls are looked at.
  private var left = reach

  private static let reach = 3

  init?(_ call: ToolCall, _ line: CommandLine?, _ observation: Observation) {
    guard !call.input.leavesSandbox, Self.isTypical(observation.category) || Self.isTold(in: call.output),
      let head = observation.slots["head"], let failed = line?.invocations.last(where: { $0.head == head }),
      !failed.isBareInterpreter
    else { return nil }
    text = Digest(of: call.input.text).value
    command = Self.digest(of: failed)
    self.head = head
    folder = call.workingDirectory
  }

  /// What sandboxes cause: code that does not compile, or a test that fails, needs a word of it in the output.
  private static func isTypical(_ category: Category) -> Bool {
    switch category {
    case .permissionDenied, .networkError, .environmentError, .dependencyError, .notFoundRemote, .timeout, .blocked,
      .exitOnly, .other:
      true
    default: false
    }
  }

  private static func isTold(in output: String) -> Bool {
    [
      "EPERM", "EACCES", "peration not permitted", "ermission denied", "ead-only file system", "ENOTFOUND", "EAI_AGAIN",
      "ould not resolve",
    ].contains { output.holds($0) }
  }

  /// What else is on the line may be left away, or come first.
  private static func digest(of command: Invocation) -> UInt64 { Digest(of: command.text).value }

  private func runs(in line: CommandLine?) -> Invocation? {
    line?.invocations.first { Self.digest(of: $0) == command }
  }

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    guard left > 0 else { return nil }
    left -= 1
    if call.input.leavesSandbox {
      // What hid the failure of the very same line would have hidden it before.
      guard call.workingDirectory == folder, let line, let found = runs(in: line),
        call.proves(found, in: line) || Digest(of: call.input.text).value == text
      else { return nil }
      return Correction(
        kind: .escalation, from: head, text: head + " outside the sandbox", callID: call.id, confidence: 0.9)
    }
    // What was changed in between may be what helped.
    if !call.onlyShows(line) { left = 0 }
    return nil
  }

  /// Looks at a call that failed.
  mutating func lookAtFailure(_ call: ToolCall, _ line: CommandLine?) {
    // It fails outside, too, or something was changed.
    if call.input.leavesSandbox ? runs(in: line) != nil : !call.onlyShows(line, besides: head) { left = 0 }
  }
}

extension SandboxCorrection: Stored {
  static var blank: SandboxCorrection { SandboxCorrection() }

  private init() { (text, command, head) = (0, 0, "") }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&text)
    fields.visit(&command)
    fields.visit(&head)
    fields.visit(&folder)
    fields.visit(&left)
  }
}
