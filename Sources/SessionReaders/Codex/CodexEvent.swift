internal import SessionModel

/// What an event says of the end of a call. Which events a log keeps differs between versions.
struct CodexEvent {
  var outcome: Outcome
  var exitStatus: Int?
  var output: String?

  /// - Returns: nil for events that end no call.
  static func read(_ event: JSONSlice) -> (callID: String, CodexEvent)? {
    switch event["type"]?.string(limit: 64) {
    case "exec_command_end": commandEnd(event, id: event["call_id"])
    case "patch_apply_end":
      result(event, id: event["call_id"], hasFailed: event["success"]?.bool == false, output: event["stderr"])
    case "mcp_tool_call_end":
      result(
        event, id: event["call_id"],
        hasFailed: event["result"]?["Err"] != nil || event["result"]?["Ok"]?["isError"]?.bool == true,
        output: event["result"]?["Err"])
    case "item_completed": event["item"].flatMap { completed($0) }
    default: nil
    }
  }

  /// The events of paginated histories: keys in either spelling.
  private static func completed(_ item: JSONSlice) -> (String, CodexEvent)? {
    let id = item["call_id"] ?? item["callId"] ?? item["id"]
    switch item["type"]?.string(limit: 64) {
    case "CommandExecution", "commandExecution", "command_execution": return commandEnd(item, id: id)
    case "FileChange", "fileChange", "file_change", "McpToolCall", "mcpToolCall", "mcp_tool_call":
      return result(item, id: id, hasFailed: item["error"].map { $0.kind != .null } ?? false, output: item["error"])
    default: return nil
    }
  }

  private static func commandEnd(_ event: JSONSlice, id: JSONSlice?) -> (String, CodexEvent)? {
    let status = (event["exit_code"] ?? event["exitCode"])?.int
    return result(
      event, id: id, hasFailed: (status ?? 0) != 0, exitStatus: status,
      output: event["aggregated_output"] ?? event["aggregatedOutput"])
  }

  private static func result(
    _ event: JSONSlice, id: JSONSlice?, hasFailed: Bool, exitStatus: Int? = nil, output: JSONSlice?
  ) -> (String, CodexEvent)? {
    guard let id = id?.string(limit: 256) else { return nil }
    var outcome = hasFailed ? Outcome.failed : .succeeded
    switch event["status"]?.string(limit: 64) {
    case "failed": outcome = .failed
    case "declined": outcome = .rejected
    default: break
    }
    let text = output.map { OutputText.clean($0.contentText()) } ?? ""
    return (id, CodexEvent(outcome: outcome, exitStatus: exitStatus, output: text.isEmpty ? nil : text))
  }

  func apply(to call: inout ToolCall) {
    // A text that says why the user or the sandbox stopped the call is more exact than a status.
    if call.outcome == .succeeded || call.outcome == .failed { call.outcome = outcome }
    call.exitStatus = exitStatus ?? call.exitStatus
    if call.output.isEmpty, let output {
      call.output = output
      call.outputBytes = output.utf8.count
    }
  }
}

extension CodexEvent: Stored {
  static var blank: CodexEvent { CodexEvent(outcome: .succeeded) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&outcome)
    fields.visit(&exitStatus)
    fields.visit(&output)
  }
}
