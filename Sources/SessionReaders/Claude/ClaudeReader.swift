internal import SessionModel

/// Turns the records of one Claude Code log into events.
struct ClaudeReader: LineByLine {
  private let file: LogFile
  private var summary = FileSummary()
  private var seen = SeenTimes()
  /// Calls that wait for their result, by a digest of their id, as everything that is told apart by it below.
  private var open: [UInt64: OpenCall] = [:]
  /// The order of the open calls, so that what stays open is reported in the order of the log.
  private var openOrder: [UInt64] = []
  /// Calls that went on in the background: their end comes later, if at all.
  private var background: [String: ToolCall] = [:]
  /// Background tasks by their task id.
  private var tasks: [String: String] = [:]
  private var finished: Set<UInt64> = []
  /// Calls whose result came before they did, or is all that this file has of them.
  private var loose: Set<UInt64> = []
  /// How many calls each of the latest messages made.
  private var callCounts: [UInt64: Int] = [:]

  /// In bytes: real ids have about thirty.
  private static let idLimit = 256

  init(file: LogFile) { self.file = file }

  mutating func handle(_ slice: JSONSlice, line: Int, into sink: inout some SessionSink) {
    let record = Record(slice)
    if summary.session.id.isEmpty, let id = record.sessionID?.string { summary.session.id = id }
    if let time = record.timestamp { seen.note(time, in: &summary.session) }
    if summary.session.workingDirectory == nil, let folder = record.cwd?.string, !folder.isEmpty {
      summary.session.workingDirectory = folder
    }
    guard let type = record.type else { return }
    if type.equals("assistant") {
      assistant(record, line: line)
    } else if type.equals("user") {
      user(record, line: line, into: &sink)
    } else if type.equals("queue-operation") {
      if let content = record.content, content.contains("<task-notification>") {
        notifications(String(decoding: content.contentText(), as: UTF8.self), into: &sink)
      }
    } else if type.equals("attachment") {
      if let prompt = record.attachment?["prompt"], prompt.contains("<task-notification>") {
        notifications(String(decoding: prompt.contentText(), as: UTF8.self), into: &sink)
      }
    }
  }

  private mutating func assistant(_ record: Record, line: Int) {
    guard let message = record.message, record.isAPIError?.bool != true else { return }
    let (messageID, usage, content) = message.members("id", "usage", "content")
    var id: UInt64?
    if let key = messageID?.digest(limit: Self.idLimit), let usage {
      id = key
      let read = TokenUsage(usage)
      // A message is repeated for each of its blocks; the last snapshot has the largest count.
      if read.output >= summary.usage[key]?.output ?? 0 { summary.usage[key] = read }
    }
    content?.forEachElement { block in
      guard block["type"]?.equals("tool_use") == true, let callID = block["id"],
        let key = callID.digest(limit: Self.idLimit)
      else { return }
      guard !finished.contains(key) || loose.contains(key), open[key] == nil else { return }
      let toolName = block["name"]?.string(limit: 256) ?? ""
      let tool = ToolNames.kind(of: toolName)
      open[key] = OpenCall(
        call: ToolCall(
          id: callID.string(limit: Self.idLimit) ?? "", tool: tool, toolName: toolName,
          input: ToolInputReader.input(of: block["input"], tool: tool),
          workingDirectory: record.cwd?.string ?? summary.session.workingDirectory,
          isSidechain: record.isOfSubagent ?? file.isSubagent, location: LogLocation(file: file.path, line: line),
          timestamp: record.timestamp?.string(limit: 64) ?? "", outputTokens: nil),
        message: id)
      openOrder.append(key)
      if let id { callCounts[id, default: 0] += 1 }
    }
    // Earlier messages can get no further calls; their share of tokens is settled when the result comes.
    if callCounts.count > 64 { callCounts = callCounts.filter { $0.key == id } }
  }

  private mutating func user(_ record: Record, line: Int, into sink: inout some SessionSink) {
    guard let content = record.message?["content"] else { return }
    var texts: [String] = []
    if content.kind == .string {
      texts = [content.string(limit: 64 << 10) ?? ""]
    } else {
      content.forEachElement { block in
        switch block["type"] {
        case let type? where type.equals("tool_result"): result(block, record, line: line, into: &sink)
        case let type? where type.equals("text"): texts.append(block["text"]?.string(limit: 64 << 10) ?? "")
        default: break
        }
      }
    }
    for text in texts {
      if text.holds("<task-notification>") { notifications(text, into: &sink) }
      guard record.isPersonal, ClaudeText.isTyped(text) else { continue }
      let location = LogLocation(file: file.path, line: line)
      sink.accept(
        .message(
          UserMessage(
            text: String(text.prefix(bytes: 4096)), location: location,
            timestamp: record.timestamp?.string(limit: 64) ?? "")))
    }
  }

  private mutating func result(_ block: JSONSlice, _ record: Record, line: Int, into sink: inout some SessionSink) {
    guard let key = block["tool_use_id"]?.digest(limit: Self.idLimit), finished.insert(key).inserted else { return }
    let raw = block["content"]?.contentText() ?? []
    let waiting = open.removeValue(forKey: key)
    let isLoose = waiting == nil
    let isError = block["is_error"]?.bool == true
    var call =
      waiting?.call
      ?? ToolCall(
        id: block["tool_use_id"]?.string(limit: Self.idLimit) ?? "", tool: .other, toolName: "",
        input: ToolInput(text: ""), workingDirectory: record.cwd?.string ?? summary.session.workingDirectory,
        isSidechain: record.isOfSubagent ?? file.isSubagent, location: LogLocation(file: file.path, line: line),
        timestamp: record.timestamp?.string(limit: 64) ?? "")
    let reach = isError || isLoose ? .max : sink.reach(intoOutputOf: call.tool, bytes: raw.count)
    let text = ClaudeText.unwrapped(OutputText.clean(OutputText.head(raw, reach: reach)))
    call.resultLine = line
    call.output = text
    call.outputBytes = raw.count
    call.outputTokens = waiting?.message.flatMap { share(ofMessage: $0) }
    call.outcome =
      isError
      ? ClaudeText.outcome(of: text, denial: record.denial(of: call.id)) : .succeeded
    if call.outcome == .rejected { call.feedback = ClaudeText.feedback(in: text) }
    if call.outcome == .failed, call.tool == .shell || isLoose { call.exitStatus = ClaudeText.exitStatus(in: text) }
    if isLoose {
      loose.insert(key)
      summary.looseResults.append(call)
      return
    }
    if let task = record.toolUseResult?["task"], let taskID = task["task_id"]?.string(limit: 256) {
      backgroundEnded(
        callID: tasks[taskID], status: task["status"]?.string, exit: task["exitCode"]?.int, text, into: &sink)
    }
    if let taskID = record.toolUseResult?["backgroundTaskId"]?.string(limit: 256), call.outcome == .succeeded {
      tasks[taskID] = call.id
      background[call.id] = call
      return
    }
    sink.accept(.call(call))
  }

  /// The tokens of a message, shared evenly between its calls.
  private func share(ofMessage message: UInt64) -> Int? {
    guard let calls = callCounts[message] else { return nil }
    // What was kept of an earlier run may say anything.
    return summary.usage[message].map { $0.output / max(1, calls) }
  }

  /// A notice that a background task ended. It comes as user text, as a queue record and as an attachment: the first one
  /// counts, because the call is then no longer waiting.
  private mutating func notifications(_ text: String, into sink: inout some SessionSink) {
    var rest = text[...]
    while let open = rest.range(of: "<task-notification>") {
      rest = rest[open.upperBound...]
      let end = rest.range(of: "<task-notification>")?.lowerBound ?? rest.endIndex
      notification(String(rest[..<end]), into: &sink)
    }
  }

  private mutating func notification(_ text: String, into sink: inout some SessionSink) {
    let callID = ClaudeText.tag("tool-use-id", in: text) ?? ClaudeText.tag("task-id", in: text).flatMap { tasks[$0] }
    let task = ClaudeText.tag("task-id", in: text).flatMap { tasks[$0] }
    let summary = ClaudeText.tag("summary", in: text) ?? ""
    backgroundEnded(
      callID: callID.flatMap { background[$0] == nil ? nil : $0 } ?? task, status: ClaudeText.tag("status", in: text),
      exit: ClaudeText.trailingExitStatus(in: summary), summary, into: &sink)
  }

  private mutating func backgroundEnded(
    callID: String?, status: String?, exit: Int?, _ text: String, into sink: inout some SessionSink
  ) {
    guard let callID, let status, status != "running", var call = background.removeValue(forKey: callID) else { return }
    if status == "failed" {
      call.outcome = .failed
      call.exitStatus = exit
      call.output = text.isEmpty ? call.output : text
    }
    sink.accept(.call(call))
  }

  /// Hands on what is still in the background, and leaves the calls that never got a result.
  mutating func finish(issues: [LogIssue], into sink: inout some SessionSink) -> FileSummary {
    summary.issues = issues
    seen.settle(in: &summary.session)
    for call in background.values.sorted(by: { $0.location < $1.location }) { sink.accept(.call(call)) }
    summary.openCalls = openOrder.compactMap { open[$0]?.call }
    return summary
  }
}

extension ClaudeReader {
  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&summary)
    fields.visit(&seen)
    fields.visit(&open)
    fields.visit(&openOrder)
    fields.visit(&background)
    fields.visit(&tasks)
    fields.visit(&finished)
    fields.visit(&loose)
    fields.visit(&callCounts)
  }
}

/// A call that waits for its result, and a digest of the id of the message that made it.
private struct OpenCall: Stored {
  var call: ToolCall
  var message: UInt64?

  static var blank: OpenCall { OpenCall(call: .blank) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&call)
    fields.visit(&message)
  }
}

extension TokenUsage {
  fileprivate init(_ usage: JSONSlice) {
    var (input, output) = (0, 0)
    for (key, value) in usage.members {
      if key.equals("input_tokens") || key.equals("cache_creation_input_tokens")
        || key.equals("cache_read_input_tokens")
      {
        input += value.int?.asTokens ?? 0
      } else if key.equals("output_tokens") {
        output = value.int?.asTokens ?? 0
      }
    }
    self.init(input: input, output: output)
  }
}

/// The fields of a record that are looked at, found in one pass.
private struct Record {
  var type, message, timestamp, cwd, sessionID, isSidechain, isMeta, isSummary, isTranscriptOnly: JSONSlice?
  var toolUseResult, denial, isAPIError, content, attachment, parentCall, resultNotes: JSONSlice?

  init(_ record: JSONSlice) {
    for (key, value) in record.members { note(key, value) }
  }

  /// Apart from the loop, which would keep all fields in registers otherwise, and move them about.
  @inline(never)
  private mutating func note(_ key: JSONSlice, _ value: JSONSlice) {
    if key.equals("type") {
      type = value
    } else if key.equals("message") {
      message = value
    } else if key.equals("timestamp") {
      timestamp = value
    } else if key.equals("cwd") {
      cwd = value
    } else if key.equals("sessionId") || key.equals("session_id") {
      sessionID = sessionID ?? value
    } else if key.equals("isSidechain") {
      isSidechain = value
    } else if key.equals("isMeta") {
      isMeta = value
    } else if key.equals("isCompactSummary") {
      isSummary = value
    } else if key.equals("isVisibleInTranscriptOnly") {
      isTranscriptOnly = value
    } else if key.equals("toolUseResult") {
      toolUseResult = value
    } else if key.equals("toolDenialKind") {
      denial = value
    } else if key.equals("isApiErrorMessage") {
      isAPIError = value
    } else if key.equals("content") {
      content = value
    } else if key.equals("attachment") {
      attachment = value
    } else if key.equals("parent_tool_use_id") {
      parentCall = value
    } else if key.equals("tool_result_meta") {
      resultNotes = value
    }
  }

  /// Whether a subagent made the record; nil when it does not say.
  var isOfSubagent: Bool? { isSidechain?.bool ?? parentCall.map { $0.kind == .string } }

  /// The word of the log for a call that was not carried out.
  func denial(of callID: String) -> String? {
    var kind = denial?.string(limit: 64)
    resultNotes?.forEachElement { note in
      if note["id"]?.string(limit: 256) == callID { kind = note["non_execution_kind"]?.string(limit: 64) }
    }
    return kind
  }

  /// Whether text in this record may have been typed by a person.
  var isPersonal: Bool {
    isMeta?.bool != true && isSummary?.bool != true && isTranscriptOnly?.bool != true && isOfSubagent != true
  }
}
