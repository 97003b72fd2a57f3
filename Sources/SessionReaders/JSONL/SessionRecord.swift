public import SessionModel

/// A line of the session format, version 1: sessions of any agent in words of our own, one JSON object a line.
/// Fields are only ever added; a change of meaning changes the version.
public struct SessionRecord: Encodable, Sendable {
  public static let version = 1

  /// What the line is: `session` begins one, and the others belong to the one begun last.
  enum Kind: String, Encodable, Sendable { case session, call, result, message, usage, issue }

  struct Input: Encodable, Sendable {
    var text: String
    var path, pattern, range, digest: String?
    var leavesSandbox: Bool?

    enum CodingKeys: String, CodingKey {
      case text, path, pattern, range, digest
      case leavesSandbox = "leaves_sandbox"
    }
  }

  private(set) var type: Kind
  private(set) var version: Int?
  private(set) var id, agent, parent, project, cwd, file: String?
  private(set) var subagent: Bool?
  private(set) var started, ended: String?
  private(set) var name, tool, status, output, feedback, time: String?
  private(set) var input: Input?
  private(set) var exit, outputBytes, line, resultLine, outputTokens: Int?
  private(set) var sidechain: Bool?
  private(set) var text, message, kind, reason: String?
  private(set) var inputTokens: Int?

  enum CodingKeys: String, CodingKey {
    case type, version, id, agent, parent, project, cwd, file, subagent, started, ended, name, tool, status, output
    case feedback, time, input, exit, line, sidechain, text, message, kind, reason
    case outputBytes = "output_bytes"
    case resultLine = "result_line"
    case outputTokens = "output_tokens"
    case inputTokens = "input_tokens"
  }

  private init(_ type: Kind) { self.type = type }

  /// - Parameters:
  ///   - source: The log that the lines of the session are counted in.
  ///   - project: The project folder, for sessions that do not tell where they worked.
  public static func session(
    _ session: SessionInfo, of file: LogFile, source: String, agent: String, project: String
  ) -> SessionRecord {
    var record = SessionRecord(.session)
    record.version = version
    record.id = session.id
    record.agent = agent
    record.parent = session.parentID
    record.project = project
    record.cwd = session.workingDirectory
    record.file = source
    record.subagent = file.isSubagent ? true : nil
    record.started = session.firstSeen.isEmpty ? nil : session.firstSeen
    record.ended = session.lastSeen.isEmpty ? nil : session.lastSeen
    return record
  }

  /// - Parameter isLoose: Whether this is a result whose call is in another log.
  public static func call(_ call: ToolCall, isLoose: Bool = false) -> SessionRecord {
    var record = SessionRecord(isLoose ? .result : .call)
    record.id = call.id
    record.name = call.toolName
    record.tool = call.tool.rawValue
    record.input = Input(
      text: call.input.text, path: call.input.path, pattern: call.input.pattern, range: call.input.range,
      digest: String(call.input.digest, radix: 16), leavesSandbox: call.input.leavesSandbox ? true : nil)
    record.status = call.outcome.rawValue
    record.exit = call.exitStatus
    record.output = call.outcome == .missing ? nil : call.output
    record.outputBytes = call.outcome == .missing ? nil : call.outputBytes
    record.feedback = call.feedback
    record.cwd = call.workingDirectory
    record.sidechain = call.isSidechain ? true : nil
    record.line = call.location.line
    record.resultLine = call.resultLine
    record.time = call.timestamp.isEmpty ? nil : call.timestamp
    record.outputTokens = call.outputTokens
    return record
  }

  public static func message(_ message: UserMessage) -> SessionRecord {
    var record = SessionRecord(.message)
    record.text = message.text
    record.line = message.location.line
    record.time = message.timestamp.isEmpty ? nil : message.timestamp
    return record
  }

  public static func usage(_ usage: TokenUsage, of message: UInt64) -> SessionRecord {
    var record = SessionRecord(.usage)
    record.message = String(message, radix: 16)
    record.inputTokens = usage.input
    record.outputTokens = usage.output
    return record
  }

  public static func issue(_ issue: LogIssue) -> SessionRecord {
    var record = SessionRecord(.issue)
    record.kind = issue.kind.rawValue
    record.line = issue.location.line
    record.reason = issue.reason
    return record
  }
}
