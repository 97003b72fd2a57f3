internal import SessionModel

/// Turns the messages and parts of one OpenCode session into events, wherever they are stored.
struct OpenCodeReader {
  private let file: LogFile
  private var summary = FileSummary()
  private var book = CallBook()
  private var roles: [String: Role] = [:]
  /// How often a session used an id that models number anew.
  private var repetitions: [String: Int] = [:]

  private struct Role {
    var isUser: Bool
    var time: String
  }

  init(file: LogFile) { self.file = file }

  mutating func begin(id: String, parentID: String?, directory: String?) {
    summary.session.id = id
    summary.session.parentID = parentID
    summary.session.workingDirectory = directory.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The session as the older storage and exports write it.
  mutating func begin(_ info: JSONSlice) {
    begin(
      id: info["id"]?.string(limit: 256) ?? "", parentID: info["parentID"]?.string(limit: 256),
      directory: info["directory"]?.string(limit: 4096))
  }

  mutating func message(_ data: JSONSlice, id: String) {
    let time = data["time"]?["created"]?.int.map { Timestamp.iso(milliseconds: $0) } ?? ""
    summary.session.note(time)
    if let end = data["time"]?["completed"]?.int { summary.session.note(Timestamp.iso(milliseconds: end)) }
    roles[id] = Role(isUser: data["role"]?.equals("user") == true, time: time)
    if let folder = data["path"]?["cwd"]?.string(limit: 4096), summary.session.workingDirectory == nil {
      summary.session.workingDirectory = folder
    }
    guard let tokens = data["tokens"] else { return }
    let cache = tokens["cache"]
    summary.usage[Digest(of: id).value] = TokenUsage(
      input: tokens.tokens("input") + (cache?.tokens("read") ?? 0) + (cache?.tokens("write") ?? 0),
      output: tokens.tokens("output") + tokens.tokens("reasoning"))
  }

  mutating func part(_ data: JSONSlice, message: String, line: Int, into sink: inout some SessionSink) {
    switch data["type"]?.string(limit: 64) {
    case "tool": tool(data, message: message, line: line, into: &sink)
    case "text":
      // What the program adds to a message is marked.
      guard let role = roles[message], role.isUser, data["synthetic"]?.bool != true, data["ignored"]?.bool != true,
        summary.session.parentID == nil, let text = data["text"]?.string(limit: 64 << 10),
        text.contains(where: { !$0.isWhitespace })
      else { return }
      let location = LogLocation(file: file.path, line: line)
      sink.accept(
        .message(UserMessage(text: String(text.prefix(bytes: 4096)), location: location, timestamp: role.time)))
    default: break
    }
  }

  private mutating func tool(_ data: JSONSlice, message: String, line: Int, into sink: inout some SessionSink) {
    guard let callID = data["callID"]?.string(limit: 256), let state = data["state"] else { return }
    let name = data["tool"]?.string(limit: 256) ?? ""
    let kind = Self.kind(of: name)
    let start = state["time"]?["start"]?.int.map { Timestamp.iso(milliseconds: $0) } ?? ""
    var call = ToolCall(
      id: uniqueID(callID), tool: kind, toolName: name, input: ToolInputReader.input(of: state["input"], tool: kind),
      workingDirectory: workingDirectory(of: state["input"]), isSidechain: summary.session.parentID != nil,
      location: LogLocation(file: file.path, line: line), timestamp: start.isEmpty ? roles[message]?.time ?? "" : start)
    book.begin(call)
    switch state["status"]?.string(limit: 64) {
    case "completed": completed(&call, state)
    case "error": failed(&call, state)
    // Pending or running: the session ended first.
    default: return
    }
    guard case .call = book.end(call.id) else { return }
    call.resultLine = line
    sink.accept(.call(call))
  }

  private func completed(_ call: inout ToolCall, _ state: JSONSlice) {
    let raw = state["output"]?.contentText() ?? []
    call.outputBytes = raw.count
    call.output = OutputText.clean(raw)
    // Stands for a call that could not be understood.
    call.outcome = call.toolName == "invalid" ? .failed : .succeeded
    guard call.tool == .shell else { return }
    let shell = OpenCodeText.shellOutput(call.output)
    call.output = shell.text
    call.exitStatus = state["metadata"]?["exit"]?.int
    call.outcome = OpenCodeText.outcome(ofShell: shell.notice, text: shell.text, exitStatus: call.exitStatus)
  }

  private func failed(_ call: inout ToolCall, _ state: JSONSlice) {
    let raw = state["error"]?.contentText() ?? []
    call.outputBytes = raw.count
    call.output = OpenCodeText.error(OutputText.clean(raw))
    call.outcome = OpenCodeText.outcome(ofError: call.output)
  }

  private func workingDirectory(of input: JSONSlice?) -> String? {
    let folder = summary.session.workingDirectory
    return input?["workdir"]?.string(limit: 4096).map { PathText.resolved($0, in: folder) } ?? folder
  }

  private mutating func uniqueID(_ callID: String) -> String {
    if OpenCodeText.isUnique(callID) { return callID }
    repetitions[callID, default: 0] += 1
    let count = repetitions[callID] ?? 1
    return "\(summary.session.id)/\(callID)" + (count > 1 ? "#\(count)" : "")
  }

  /// Tools of MCP servers are named `server_tool`.
  private static func kind(of name: String) -> ToolKind {
    let kind = ToolNames.kind(of: name)
    return kind == .other && name.contains("_") && !name.hasPrefix("plan_") ? .mcp : kind
  }

  mutating func finish(issues: [LogIssue]) -> FileSummary {
    summary.issues = issues
    summary.openCalls = book.unfinished
    return summary
  }
}
