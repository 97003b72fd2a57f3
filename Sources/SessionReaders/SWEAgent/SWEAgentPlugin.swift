public import SessionModel

/// SWE-agent: trajectories, `<instance>.traj`. A step has neither an id nor a status: calls are numbered, and failures are
/// told by what the agent itself says, or by the rules.
public struct SWEAgentPlugin: AgentPlugin {
  public let name = "swe-agent"
  public let displayName = "SWE-agent"
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.sourceCode]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    NamedLogs.discover(in: environment, suffixes: [".traj"])
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    let name = String(PathText.name(of: file.path).prefix { $0 != "." })
    session.begin(id: name)
    var number = 0
    let issues = try ListDocument.read(
      file, list: "trajectory",
      record: { step, line in
        number += 1
        guard let action = step["action"]?.string(limit: ToolInputReader.textLimit), !action.isEmpty else { return }
        let id = "\(name)#\(number)"
        session.begin(folder: Self.folder(of: step["state"]))
        let input = ToolInput(text: action, digest: Digest(of: action).value)
        session.call(id, name: "bash", tool: .shell, input: input, line: line)
        guard let observation = step["observation"] else { return }
        session.result(of: id, line: line, into: &sink) { _ in
          let raw = observation.contentText()
          let text = OutputText.clean(raw)
          return CallEnding(raw, outcome: Self.hasFailed(text) ? .failed : .succeeded, text: text)
        }
      })
    return session.finish(issues: issues)
  }

  private static func hasFailed(_ text: String) -> Bool {
    let head = text.prefix(400)
    return failures.contains { head.contains($0) }
  }

  private static let failures = [
    "Your bash command contained syntax errors and was NOT executed.",
    "Your proposed edit has introduced new syntax error(s).", "No replacement was performed",
    "is not supported by this environment.", "does not exist. Please provide a valid path.",
    "Cannot overwrite files using command `create`.", "Invalid `view_range`",
  ]

  /// The state is a record, or the text of one.
  private static func folder(of state: JSONSlice?) -> String? {
    state?.readEmbedded { $0["working_dir"]?.string(limit: 4096) }
  }
}
