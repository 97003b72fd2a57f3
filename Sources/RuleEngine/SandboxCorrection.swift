internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds out that a command failed for the agent's sandbox: right afterwards the same command worked outside of it.
struct SandboxCorrection {
  private var command: UInt64
  private var head: String
  /// How many more calls are looked at.
  private var left = reach

  private static let reach = 3

  init?(_ call: ToolCall, _ line: CommandLine?, _ observation: Observation) {
    guard !call.input.leavesSandbox, observation.category != .userRejected, let head = observation.slots["head"],
      let failed = line?.invocations.last(where: { $0.head == head })
    else { return nil }
    command = Self.digest(of: failed)
    self.head = head
  }

  /// What else is on the line may be left away, or come first.
  private static func digest(of command: Invocation) -> UInt64 { Digest(of: command.text).value }

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    guard left > 0 else { return nil }
    left -= 1
    if call.input.leavesSandbox {
      guard line?.invocations.contains(where: { Self.digest(of: $0) == command }) == true else { return nil }
      return Correction(
        kind: .escalation, from: head, text: head + " outside the sandbox", callID: call.id, confidence: 0.9)
    }
    // What was changed in between may be what helped.
    if !call.onlyShows(line) { left = 0 }
    return nil
  }
}

extension SandboxCorrection: Stored {
  static var blank: SandboxCorrection { SandboxCorrection() }

  private init() { (command, head) = (0, "") }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&command)
    fields.visit(&head)
    fields.visit(&left)
  }
}
