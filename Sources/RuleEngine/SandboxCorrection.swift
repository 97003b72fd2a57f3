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

  init?(_ call: ToolCall, _ observation: Observation) {
    guard call.tool == .shell, !call.input.leavesSandbox, observation.category != .userRejected,
      let head = observation.slots["head"]
    else { return nil }
    command = Digest(of: call.input.text).value
    self.head = head
  }

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    guard left > 0 else { return nil }
    left -= 1
    if call.input.leavesSandbox {
      guard Digest(of: call.input.text).value == command else { return nil }
      return Correction(
        kind: .escalation, from: head, text: head + " outside the sandbox", callID: call.id, confidence: 0.9)
    }
    // What was changed in between may be what helped.
    if !Self.onlyShows(call, line) { left = 0 }
    return nil
  }

  /// Whether a call changes nothing.
  private static func onlyShows(_ call: ToolCall, _ line: CommandLine?) -> Bool {
    switch call.tool {
    case .read, .grep, .glob, .list, .web: true
    case .shell:
      line?.invocations.allSatisfy { ContentPrograms.contains($0) } == true && !call.input.text.holds(">")
        && !call.input.text.holds(" -i")
    case .edit, .write, .patch, .subagent, .mcp, .other: false
    }
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
