internal import SessionModel

/// The texts that Codex itself writes into results and messages.
/// Source: its sources (openai/codex) and the texts of real logs.
enum CodexText {
  /// How a call ended whose output has no header.
  static func outcome(ofPlain text: String, tool: ToolKind) -> (Outcome, exitStatus: Int?) {
    let head = text.prefix(2048)
    if rejections.contains(where: { head.hasPrefix($0) }) { return (.rejected, nil) }
    if head.hasPrefix("exec_command failed"), head.range(of: "Rejected(") != nil {
      return (head.range(of: "by user") != nil ? .rejected : .blocked, nil)
    }
    if blocks.contains(where: { head.hasPrefix($0) }) { return (.blocked, nil) }
    if failures.contains(where: { head.hasPrefix($0) }) { return (.failed, exitStatus(in: head)) }
    // Older shells answered with the bare message of a patch that does not fit.
    if [.shell, .patch].contains(tool), head.hasPrefix("error: ") || head.hasPrefix("Failed to ") {
      return (.failed, nil)
    }
    return (.succeeded, nil)
  }

  private static let rejections = [
    "exec command rejected by user", "patch rejected by user", "rejected by user", "aborted by user", "<turn_aborted>",
    "user rejected MCP tool call", "user cancelled MCP tool call", "turn aborted",
  ]

  private static let blocks = [
    "patch rejected: ", "exec command rejected: ", "you cannot ask for escalated permissions",
    "approval policy is ",
  ]

  private static let failures = [
    "apply_patch verification failed", "failed in sandbox", "exec_command failed", "execution error: ",
    "write_stdin failed", "unsupported call", "unsupported custom tool call", "failed to parse function arguments",
    "Failed to create unified exec process", "Command denied by sandbox", "command timed out after",
    "missing command line for unified exec request", "stdin is closed for this session", "Unknown process id",
    "unable to locate image", "unable to read image", "unable to process image", "tool call error: ", "collab ",
    "agent with id ", "Full-history forked agents", "patch detected without explicit call", "invalid patch",
    "shell is not allowed", "failed to spawn", "Script error:",
  ]

  /// `sandbox denied exec error, exit code: 1, stdout: …` and `ExecToolCallOutput { exit_code: 1, …`.
  private static func exitStatus(in text: Substring) -> Int? {
    guard let mark = text.range(of: "exit code: ") ?? text.range(of: "exit_code: ") else { return nil }
    return Int(text[mark.upperBound...].prefix { $0.isNumber || $0 == "-" })
  }

  /// What the command itself printed, where a sentence about the sandbox stands around it. Codex takes most failures in
  /// a sandbox for denials; the command's own words say what it was.
  static func unwrapped(_ text: String) -> String {
    if text.hasPrefix("failed in sandbox") { return sandboxed(text) }
    guard text.hasPrefix("exec_command failed"), text.range(of: "Sandbox") != nil,
      let message = quoted(after: "message: ", in: text)
    else { return text }
    let printed = quoted(after: "stderr: StreamOutput { text: ", in: message) ?? message
    return printed.isEmpty ? text : printed
  }

  private static func sandboxed(_ text: String) -> String {
    guard let out = text.range(of: ", stdout: "), let error = text.range(of: ", stderr: ", last: true),
      out.upperBound <= error.lowerBound
    else {
      let plain = text.dropFirst("failed in sandbox: ".count)
      return text.hasPrefix("failed in sandbox: ") && plain.contains { !$0.isWhitespace } ? String(plain) : text
    }
    let parts = [text[out.upperBound..<error.lowerBound], text[error.upperBound...]]
    let printed = parts.filter { part in part.contains { !$0.isWhitespace } }.joined(separator: "\n")
    return printed.isEmpty ? text : printed
  }

  /// A string literal as Rust's `Debug` writes it.
  private static func quoted(after mark: String, in text: String) -> String? {
    guard let found = text.range(of: mark) else { return nil }
    return JSONSlice.read(Array(text[found.upperBound...].utf8)) { value, _ in value.string }
  }

  /// What a person typed; nil when the agent put the text there.
  static func typed(_ text: String) -> String? {
    let trimmed = text.drop { $0.isWhitespace }
    // The editor puts its context before the request.
    if trimmed.hasPrefix("# Context from"), let mark = trimmed.range(of: "## My request for Codex:") {
      return typed(String(trimmed[mark.upperBound...]))
    }
    guard !trimmed.isEmpty, !injected.contains(where: { trimmed.hasPrefix($0) }) else { return nil }
    return String(trimmed)
  }

  private static let injected = [
    "# AGENTS.md instructions", "<environment_context>", "<user_instructions>", "<permissions instructions>",
    "<subagent_notification>", "<recommended_plugins>", "<skill>", "<turn_aborted>", "# Context from",
    "<user_shell_command>",
    "<collaboration_mode>", "<multi_agent_mode>",
  ]

  /// The folder that the first message of an old session names.
  static func workingDirectory(in text: String) -> String? {
    guard text.range(of: "<environment_context>") != nil else { return nil }
    if let folder = ClaudeText.tag("cwd", in: text) { return folder }
    guard let mark = text.range(of: "Current working directory: ") else { return nil }
    return String(text[mark.upperBound...].prefix { !$0.isNewline })
  }
}
