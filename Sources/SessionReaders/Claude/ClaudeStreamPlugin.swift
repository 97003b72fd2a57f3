public import SessionModel

/// What `claude --output-format stream-json` prints: the records of a session, under other names here and there.
public struct ClaudeStreamPlugin: AgentPlugin {
  public let name = "claude-stream"
  public let pack = "claude-code"
  public let displayName = "Claude Code stream-json"
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.sourceCode]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    NamedLogs.discover(in: environment, suffixes: [".jsonl"])
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var reader = ClaudeReader(file: file)
    return try reader.read(file, starts: ["{\"type\":"], field: "session_id", into: &sink)
  }
}

extension ClaudeStreamPlugin {
  public func contextFiles(of project: String, in environment: AgentEnvironment) -> ContextFileSet {
    ContextFileSet(context: project + "/CLAUDE.md", personal: project + "/CLAUDE.local.md")
  }
}
