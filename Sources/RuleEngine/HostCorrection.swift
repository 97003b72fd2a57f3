internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds the name or login under which a machine could be reached after another one had failed.
struct HostCorrection {
  private var way: String
  private var programs: Set<String>

  init?(_ observation: Observation) {
    guard observation.tool == .shell, observation.category == .networkError || observation.category == .authError else {
      return nil
    }
    let remote = CommandLine(parsing: observation.input).invocations.filter { $0.remoteShell != nil }
    guard let way = remote.last?.remoteShell else { return nil }
    self.way = way
    programs = Set(remote.map(\.program))
  }

  /// Looks at a shell command that succeeded.
  func look(at call: ToolCall, _ line: CommandLine) -> Correction? {
    for invocation in line.invocations where programs.contains(invocation.program) {
      guard let other = invocation.remoteShell, other != way else { continue }
      return Correction(kind: .command, from: way, text: other, callID: call.id, confidence: 0.8)
    }
    return nil
  }
}

extension HostCorrection: Stored {
  static var blank: HostCorrection { HostCorrection() }

  private init() { (way, programs) = ("", []) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&way)
    fields.visit(&programs)
  }
}

extension Invocation {
  /// `ssh HOST`, where the command runs on another machine.
  fileprivate var remoteShell: String? { wrappers.last { $0.hasPrefix("ssh ") } }
}
