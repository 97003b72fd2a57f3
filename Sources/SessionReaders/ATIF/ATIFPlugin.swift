public import SessionModel

/// The trajectory format ATIF of Harbor, versions 1.0 to 1.8: one JSON document for each trajectory. It has no field for
/// failures; the converters for single agents put their word for it into `extra`.
public struct ATIFPlugin: AgentPlugin {
  public let name = "atif"
  public let displayName = "ATIF trajectories"
  public let places: [LogPlace] = []
  public let sources: [FormatSource] = [.sourceCode, .realLogs]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    NamedLogs.discover(in: environment, suffixes: [".json"])
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    let issues = try ListDocument.read(file, list: "steps") { key, value in
      if key.equals("session_id") || key.equals("trajectory_id") { session.begin(id: value.string(limit: 256)) }
    } record: { step, line in
      Self.step(step, line: line, &session, into: &sink)
    }
    return session.finish(issues: issues)
  }

  private static func step(
    _ step: JSONSlice, line: Int, _ session: inout SessionAssembler, into sink: inout some SessionSink
  ) {
    guard step["is_copied_context"]?.bool != true else { return }
    let time = Timestamp.iso(step["timestamp"])
    let extra = step["extra"]
    session.begin(folder: extra?["cwd"]?.string(limit: 4096), time: time)
    if step["source"]?.equals("user") == true {
      let text = String(decoding: (step["message"]?.contentText() ?? []).prefix(64 << 10), as: UTF8.self)
      session.message(text, line: line, time: time, into: &sink)
    }
    var ids: [String] = []
    step["tool_calls"]?.forEachElement { call in
      guard let id = call["tool_call_id"]?.string(limit: 256) else { return }
      ids.append(id)
      session.call(
        id, name: call["function_name"]?.string(limit: 256) ?? "", arguments: call["arguments"], line: line, time: time,
        isSidechain: extra?["is_sidechain"]?.bool == true)
    }
    step["observation"]?["results"]?.forEachElement { result in
      // The result of the only call of a step need not name it.
      let id = result["source_call_id"]?.string(limit: 256) ?? (ids.count == 1 ? ids[0] : nil)
      session.result(of: id, line: line, time: time, into: &sink) { _ in ending(result, id: id ?? "", extra) }
    }
  }

  private static func ending(_ result: JSONSlice, id: String, _ extra: JSONSlice?) -> CallEnding {
    let raw = result["content"]?.contentText() ?? []
    var text = OutputText.clean(raw)
    var hasFailed = extra?["tool_result_is_error"]?.bool == true
    var status = extra?["tool_metadata"]?["exit_code"]?.int
    // The names of the members are the ids of the calls.
    if let details = extra?["tool_call_details"] {
      for (key, call) in details.members where key.string == id {
        status = call["metadata"]?["exit_code"]?.int ?? status
      }
    }
    let own = result["extra"]
    if own?["success"]?.bool == false || own?["is_error"]?.bool == true { hasFailed = true }
    let notice = "[error] tool reported failure"
    if text.hasSuffix(after: notice), let mark = text.range(of: notice, last: true) {
      hasFailed = true
      text = String(text[..<mark.lowerBound])
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    if let mark = text.range(of: "[exit_code] ", last: true), let shown = Int(text[mark.upperBound...]) {
      status = status ?? shown
      text = String(text[..<mark.lowerBound])
      while text.last?.isWhitespace == true { text.removeLast() }
    }
    return CallEnding(raw, outcome: hasFailed ? .failed : .succeeded, exitStatus: status, text: text)
  }
}
