/// What a tool does, whatever the agent calls it.
public enum ToolKind: String, Sendable, Codable, CaseIterable {
  case shell, read, edit, write, patch, grep, glob, list, web, subagent, mcp, other
}

/// How a tool call ended, by the word of the log.
public enum Outcome: String, Sendable, Codable, CaseIterable {
  case succeeded
  case failed
  /// The user said no, interrupted, or answered instead.
  case rejected
  /// A permission system, sandbox, hook or policy stopped it.
  case blocked
  /// Cancelled because another call of the same batch failed.
  case cancelled
  /// The log holds no result: the session ended or was cut first.
  case missing
}

/// What a tool was called with.
public struct ToolInput: Sendable, Hashable {
  /// What the call is about, in one string: the command of a shell, the path of a read or edit, the pattern of a
  /// search, the address of a fetch. Empty when the tool has none of them.
  public var text: String
  /// The path that the call names, as it was given; nil when it names none.
  public var path: String?
  /// What is searched for, for grep and glob.
  public var pattern: String?
  /// Where the first and last line of a partial read stand in the input (`offset`, `limit`), as written.
  public var range: String?
  /// Whether it asks to be run outside of the agent's sandbox.
  public var leavesSandbox: Bool
  /// A 64-bit digest of the whole input, to tell equal calls from similar ones.
  public var digest: UInt64

  public init(
    text: String, path: String? = nil, pattern: String? = nil, range: String? = nil, leavesSandbox: Bool = false,
    digest: UInt64 = 0
  ) {
    self.text = text
    self.path = path
    self.pattern = pattern
    self.range = range
    self.leavesSandbox = leavesSandbox
    self.digest = digest
  }
}

/// One call of a tool together with its result.
public struct ToolCall: Sendable {
  /// The agent's own id of the call, unique in a project.
  public var id: String
  public var tool: ToolKind
  /// The name that the agent uses, such as `Bash` or `mcp__github__get_issue`.
  public var toolName: String
  public var input: ToolInput
  /// What the agent saw, without wrappers and terminal escapes. Long outputs keep their head and tail.
  public var output: String
  /// Size of the whole output as the log holds it, in bytes of UTF-8.
  public var outputBytes: Int
  public var outcome: Outcome
  /// The exit status, where the log tells it.
  public var exitStatus: Int?
  /// What the user answered when the call was refused.
  public var feedback: String?
  /// The folder that the call ran in.
  public var workingDirectory: String?
  /// Set when the call was made by a subagent.
  public var isSidechain: Bool
  /// Where the call stands.
  public var location: LogLocation
  /// Line of the result, in the same file unless the log says otherwise; nil without a result.
  public var resultLine: Int?
  /// ISO 8601, as the log writes it; empty when unknown.
  public var timestamp: String
  /// Tokens that the model spent on the message holding this call, by the log's own usage, shared evenly between the
  /// calls of the message; nil when the log does not say.
  public var outputTokens: Int?

  public init(
    id: String, tool: ToolKind, toolName: String, input: ToolInput, output: String = "", outputBytes: Int = 0,
    outcome: Outcome = .missing, exitStatus: Int? = nil, feedback: String? = nil, workingDirectory: String? = nil,
    isSidechain: Bool = false, location: LogLocation, resultLine: Int? = nil, timestamp: String = "",
    outputTokens: Int? = nil
  ) {
    self.id = id
    self.tool = tool
    self.toolName = toolName
    self.input = input
    self.output = output
    self.outputBytes = outputBytes
    self.outcome = outcome
    self.exitStatus = exitStatus
    self.feedback = feedback
    self.workingDirectory = workingDirectory
    self.isSidechain = isSidechain
    self.location = location
    self.resultLine = resultLine
    self.timestamp = timestamp
    self.outputTokens = outputTokens
  }
}
