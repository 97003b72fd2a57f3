internal import RulePack
internal import SessionModel

/// What is asked of a call before anything is matched: its outcome, tool, exit status and size.
struct CallDoor: Hashable, Sendable {
  /// A bit for each outcome, and for each kind of tool.
  private let outcomes: UInt32
  private let tools: UInt32
  /// Names that agents use for their tools.
  private let names: [String]
  private let exit: [Int]
  let maxBytes: Int?
  /// Whether the output of a shell call is believed against a status that says success.
  private let isMasked: Bool

  init(_ rule: Rule) {
    self.init(
      outcomes: rule.when.outcomes, tools: rule.when.tools, exit: rule.when.exit, maxBytes: rule.when.maxBytes,
      isMasked: rule.masked != .never)
  }

  init(_ earlier: Conditions.Earlier) {
    self.init(outcomes: earlier.outcomes.isEmpty ? Outcome.allCases : earlier.outcomes, tools: earlier.tools)
  }

  private init(outcomes: [Outcome], tools: [String], exit: [Int] = [], maxBytes: Int? = nil, isMasked: Bool = false) {
    let kinds = tools.compactMap { ToolKind(rawValue: $0) }
    self.outcomes = outcomes.reduce(0) { $0 | $1.bit }
    self.tools = (tools.isEmpty ? ToolKind.allCases : kinds).reduce(0) { $0 | $1.bit }
    names = tools.filter { ToolKind(rawValue: $0) == nil }
    self.exit = exit
    self.maxBytes = maxBytes
    self.isMasked = isMasked
  }

  @inline(__always)
  func isAbout(_ outcome: Outcome) -> Bool { outcomes & outcome.bit != 0 }

  /// In its caller, where asking it copies no lists.
  @inline(__always)
  func admits(_ call: ToolCall) -> Bool {
    guard isAbout(call.outcome) || (isMasked && call.outcome == .succeeded && call.tool == .shell) else { return false }
    guard tools & call.tool.bit != 0 || (!names.isEmpty && names.contains(call.toolName)) else { return false }
    if let maxBytes, call.outputBytes > maxBytes { return false }
    return exit.isEmpty || call.exitStatus.map(exit.contains) == true
  }

  var admitsFailures: Bool { outcomes & ~Outcome.succeeded.bit != 0 }
  var admitsShellSuccesses: Bool { isMasked || isAbout(.succeeded) }
  var admitsOtherSuccesses: Bool { isAbout(.succeeded) && (tools & ~ToolKind.shell.bit != 0 || !names.isEmpty) }
}

extension Outcome {
  fileprivate var bit: UInt32 {
    switch self {
    case .succeeded: 1
    case .failed: 2
    case .rejected: 4
    case .blocked: 8
    case .cancelled: 16
    case .missing: 32
    }
  }
}

extension ToolKind {
  fileprivate var bit: UInt32 {
    let place: UInt32 =
      switch self {
      case .shell: 0
      case .read: 1
      case .edit: 2
      case .write: 3
      case .patch: 4
      case .grep: 5
      case .glob: 6
      case .list: 7
      case .web: 8
      case .subagent: 9
      case .mcp: 10
      case .other: 11
      }
    return 1 << place
  }
}
