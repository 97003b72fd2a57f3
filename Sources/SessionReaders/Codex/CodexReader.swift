internal import SessionModel

/// Turns the records of one Codex rollout into events.
struct CodexReader: LineByLine {
  private let file: LogFile
  private var summary = FileSummary()
  private var book = CallBook()
  private var messages = TypedMessages()
  /// What events say of a call: more than the text of its output, where they are kept.
  private var events: [String: CodexEvent] = [:]
  /// The commands that still run, by what a later call waits for.
  private var running: [String: ToolCall] = [:]
  private var scripts: [String: [String]] = [:]
  private var hasSession = false
  /// The automatic reviewer of approvals writes rollouts too.
  private var isReviewer = false
  private var workingDirectory: String?
  /// When the session was forked: what its log repeats from before that is not its own time.
  private var forkedAt = ""

  init(file: LogFile) { self.file = file }

  mutating func handle(_ record: JSONSlice, line: Int, into sink: inout some SessionSink) {
    let (type, payload, timestamp) = record.members("type", "payload", "timestamp")
    let time = timestamp?.string(limit: 64) ?? ""
    if time >= forkedAt { summary.session.note(time) }
    guard let type else {
      // The oldest logs start with the bare session, and hold bare items.
      if payload == nil, record["id"] != nil { begin(record) }
      return
    }
    switch type.string(limit: 64) {
    case "session_meta": begin(payload ?? record)
    case "turn_context": workingDirectory = payload?["cwd"]?.string ?? workingDirectory
    case "event_msg": if let payload { event(payload, line: line, time: time, into: &sink) }
    case "response_item": if let payload { item(payload, line: line, time: time, into: &sink) }
    // Older histories stand again in a compaction, and other agents' messages are no calls.
    case "compacted", "world_state", "inter_agent_communication_metadata": break
    default: if payload == nil { item(record, line: line, time: time, into: &sink) }
    }
  }

  /// The first session record says whose log it is: a fork repeats those of its ancestors.
  mutating func begin(_ session: JSONSlice) {
    guard !hasSession else { return }
    hasSession = true
    summary.session.id = session["id"]?.string(limit: 256) ?? ""
    summary.session.workingDirectory = session["cwd"]?.string
    workingDirectory = summary.session.workingDirectory
    let start = session["timestamp"]?.string(limit: 64) ?? ""
    summary.session.note(start)
    if session["forked_from_id"]?.kind == .string { forkedAt = start }
    guard let subagent = session["source"]?["subagent"] else { return }
    if subagent["other"]?.equals("guardian") == true { isReviewer = true }
    let parent = session["parent_thread_id"] ?? subagent["thread_spawn"]?["parent_thread_id"]
    summary.session.parentID = parent?.string(limit: 256) ?? ""
  }

  private mutating func item(_ item: JSONSlice, line: Int, time: String, into sink: inout some SessionSink) {
    switch item["type"]?.string(limit: 64) {
    case "function_call", "custom_tool_call", "local_shell_call": call(item, line: line, time: time)
    case "function_call_output", "custom_tool_call_output": result(item, line: line, time: time, into: &sink)
    case "message" where item["role"]?.equals("user") == true:
      item["content"]?.forEachElement { part in
        guard let text = part["text"]?.string(limit: 64 << 10) else { return }
        if workingDirectory == nil, let folder = CodexText.workingDirectory(in: text) {
          workingDirectory = folder
          summary.session.workingDirectory = folder
        }
        typed(text, isEvent: false, line: line, time: time, into: &sink)
      }
    default: break
    }
  }

  private mutating func call(_ item: JSONSlice, line: Int, time: String) {
    guard let id = (item["call_id"] ?? item["id"])?.string(limit: 256), !isReviewer else { return }
    let name = item["name"]?.string(limit: 256) ?? "local_shell"
    var call = ToolCall(
      id: id, tool: ToolNames.kind(of: name), toolName: name, input: ToolInput(text: ""),
      workingDirectory: workingDirectory, isSidechain: summary.session.parentID != nil,
      location: LogLocation(file: file.path, line: line), timestamp: time)
    if let server = item["namespace"]?.string(limit: 256), !server.isEmpty {
      call.toolName = server + "__" + name
      call.tool = ToolNames.kind(of: call.toolName)
    }
    if let script = item["input"]?.string(limit: 1 << 20) {
      if name == "exec" {
        (call.tool, call.input, scripts[id]) = CodexScript.input(script)
      } else {
        call.input = ToolInputReader.patch(script, digest: Digest(of: script).value)
      }
    } else if let arguments = item["arguments"] ?? item["action"] {
      _ = arguments.readEmbedded { arguments -> Bool? in
        call.input = ToolInputReader.input(of: arguments, tool: call.tool)
        if let folder = (arguments["workdir"] ?? arguments["working_directory"])?.string(limit: 4096) {
          call.workingDirectory = PathText.resolved(folder, in: workingDirectory)
        }
        if let session = arguments["session_id"] ?? arguments["cell_id"] {
          awaited[id] = (name == "wait" ? "cell " : "session ") + (session.string ?? session.int.map(String.init) ?? "")
          if name == "write_stdin" { call.input.text = arguments["chars"]?.string(limit: 4096) ?? "" }
        }
        return true
      }
    }
    book.begin(call)
  }

  /// What calls wait for, by call id.
  private var awaited: [String: String] = [:]

  private mutating func result(_ item: JSONSlice, line: Int, time: String, into sink: inout some SessionSink) {
    guard let id = item["call_id"]?.string(limit: 256), let output = item["output"], !isReviewer else { return }
    switch book.end(id) {
    case .repeated: return
    case .loose:
      var call = ToolCall(
        id: id, tool: .other, toolName: "", input: ToolInput(text: ""), workingDirectory: workingDirectory,
        isSidechain: summary.session.parentID != nil, location: LogLocation(file: file.path, line: line),
        timestamp: time)
      finish(&call, CodexResult(output, tool: .other), line: line)
      summary.looseResults.append(call)
    case .call(var call):
      let result = CodexResult(output, tool: call.tool)
      if let key = awaited.removeValue(forKey: id) {
        // A poll reports the end of a command: that command is what ended.
        if result.running == nil, let command = running.removeValue(forKey: key) {
          call.input = command.input
          call.tool = command.tool
          call.workingDirectory = command.workingDirectory
          scripts[id] = scripts.removeValue(forKey: command.id)
        }
      } else if let key = result.running {
        running[key] = call
      }
      finish(&call, result, line: line)
      sink.accept(.call(call))
    }
  }

  private mutating func finish(_ call: inout ToolCall, _ result: CodexResult, line: Int) {
    call.resultLine = line
    call.output = result.text
    call.outputBytes = result.bytes
    call.outcome = result.outcome
    call.exitStatus = result.exitStatus
    events.removeValue(forKey: call.id)?.apply(to: &call)
    if result.running == nil, let commands = scripts.removeValue(forKey: call.id), !commands.isEmpty,
      commands.count == result.scriptStatuses.count, result.outcome == .failed
    {
      // Only those that failed are to be explained.
      let failed = zip(commands, result.scriptStatuses).filter { $0.1 != 0 }.map(\.0)
      call.input.text = failed.joined(separator: "\n")
    }
  }

  private mutating func event(_ event: JSONSlice, line: Int, time: String, into sink: inout some SessionSink) {
    switch event["type"]?.string(limit: 64) {
    case "user_message":
      if let text = event["message"]?.string(limit: 64 << 10) {
        typed(text, isEvent: true, line: line, time: time, into: &sink)
      }
    case "token_count":
      guard let usage = event["info"]?["total_token_usage"] else { return }
      // The counts are of the whole session so far.
      let total = TokenUsage(input: usage.tokens("input_tokens"), output: usage.tokens("output_tokens"))
      summary.usage[Digest(of: summary.session.id).value] = total
    default:
      guard let (id, result) = CodexEvent.read(event), book.isOpen(id) else { return }
      events[id] = result
    }
  }

  private mutating func typed(
    _ text: String, isEvent: Bool, line: Int, time: String, into sink: inout some SessionSink
  ) {
    guard summary.session.parentID == nil, let text = CodexText.typed(text),
      messages.isNew(text, isEvent: isEvent)
    else { return }
    let location = LogLocation(file: file.path, line: line)
    sink.accept(.message(UserMessage(text: String(text.prefix(bytes: 4096)), location: location, timestamp: time)))
  }

  mutating func finish(issues: [LogIssue], into sink: inout some SessionSink) -> FileSummary {
    summary.issues = issues
    if isReviewer {
      return FileSummary(session: SessionInfo(workingDirectory: summary.session.workingDirectory), issues: issues)
    }
    for var call in book.unfinished {
      // The session ended between the event and the output.
      guard let event = events[call.id] else {
        summary.openCalls.append(call)
        continue
      }
      call.outcome = .succeeded
      event.apply(to: &call)
      sink.accept(.call(call))
    }
    return summary
  }
}

extension CodexReader {
  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&summary)
    fields.visit(&book)
    fields.visit(&messages)
    fields.visit(&events)
    fields.visit(&running)
    fields.visit(&scripts)
    fields.visit(&hasSession)
    fields.visit(&isReviewer)
    fields.visit(&workingDirectory)
    fields.visit(&forkedAt)
    fields.visit(&awaited)
  }
}

/// Messages are kept as items, as events, or as both: each counts once, however often a person says the same.
private struct TypedMessages: Stored {
  /// How many more items than events of a text there were.
  private var lead: [UInt64: Int] = [:]

  static var blank: TypedMessages { TypedMessages() }

  mutating func visit(_ fields: inout StoredFields) { fields.visit(&lead) }

  mutating func isNew(_ text: String, isEvent: Bool) -> Bool {
    let step = isEvent ? -1 : 1
    let key = Digest(of: text.prefix(512).trimmingSpace).value
    let before = lead[key, default: 0]
    lead[key] = before + step
    return before * step >= 0
  }
}

extension StringProtocol {
  fileprivate var trimmingSpace: SubSequence {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return self[..<end]
  }
}
