public import SessionModel

/// mini-swe-agent: trajectories, `<instance>.traj.json`. The model writes one command into a fenced block of each message;
/// calls are numbered.
public struct MiniSWEAgentPlugin: AgentPlugin {
  public let name = "mini-swe-agent"
  public let displayName = "mini-swe-agent"
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.sourceCode, .inference]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    NamedLogs.discover(in: environment, suffixes: [".traj.json"])
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    let name = String(PathText.name(of: file.path).prefix { $0 != "." })
    session.begin(id: name)
    var number = 0
    var open: String?
    let issues = try ListDocument.read(
      file, list: "messages",
      record: { message, line in
        let text = message["content"].map { String(decoding: $0.contentText(), as: UTF8.self) } ?? ""
        if message["role"]?.equals("assistant") == true {
          guard let command = Self.command(in: text) else { return }
          number += 1
          let id = "\(name)#\(number)"
          open = id
          let input = ToolInput(
            text: String(command.prefix(ToolInputReader.textLimit)), digest: Digest(of: command).value)
          session.call(id, name: "bash", tool: .shell, input: input, line: line)
        } else if let ending = Self.ending(of: message, text) {
          session.result(of: open ?? "\(name)#line\(line)", line: line, into: &sink) { _ in ending }
          open = nil
        }
      })
    return session.finish(issues: issues)
  }

  /// What stands in the first fence.
  private static func command(in text: String) -> String? {
    guard let fence = text.range(of: "```"),
      let start = text[fence.upperBound...].firstIndex(where: \.isNewline),
      let end = text[start...].range(of: "\n```")
    else { return nil }
    let command = text[start..<end.lowerBound].drop { $0.isNewline }
    return command.isEmpty ? nil : String(command)
  }

  /// - Returns: nil for messages that are no result.
  private static func ending(of message: JSONSlice, _ text: String) -> CallEnding? {
    let told = message["extra"]?["returncode"]?.int ?? ClaudeText.tag("returncode", in: text).flatMap { Int($0) }
    guard let told else { return nil }
    var output = ClaudeText.tag("output", in: text) ?? text
    if output.first?.isNewline == true { output.removeFirst() }
    if output.last?.isNewline == true { output.removeLast() }
    return CallEnding(Array(output.utf8), exitStatus: told)
  }
}
