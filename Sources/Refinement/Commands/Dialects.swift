internal import Recommendations

/// Claude Code.
struct ClaudeDialect: CommandDialect {
  let program = "claude"
  let help = ["--help"]
  let needed = ["--tools", "--setting-sources", "--no-session-persistence", "--strict-mcp-config"]

  func call(_ prompt: RefinementPrompt, _ model: String, _ folder: String, _ variables: [String: String]) -> CommandCall
  {
    let schema = String(decoding: ReplyFormat.schema(for: prompt).bytes, as: UTF8.self)
    let chosen = model.isEmpty ? [] : ["--model", model]
    return CommandCall(
      arguments: ["-p", "--output-format", "stream-json", "--verbose"] + chosen + [
        "--tools", "", "--safe-mode", "--strict-mcp-config", "--setting-sources", "", "--no-session-persistence",
        "--permission-prompts", "none", "--disable-slash-commands", "--json-schema", schema, "--system-prompt",
        prompt.instructions,
      ], input: prompt.message, variables: ["CLAUDE_CODE_MAX_RETRIES": "2"])
  }

  func text(of result: CommandRun.Result) throws(RefinementFailure) -> String {
    // Errors are in the result line too, and standard error stays empty.
    guard let line = events(in: result.output).last(where: { $0["type"]?.text == "result" }) else {
      throw failure(nil, result)
    }
    if line["is_error"]?.isTrue == true || result.status != 0 { throw failure(line["result"]?.text, result) }
    if line["stop_reason"]?.text == "max_tokens" { throw .truncated }
    if let answer = line["structured_output"], answer != .null { return String(decoding: answer.bytes, as: UTF8.self) }
    guard let text = line["result"]?.text else { throw failure(nil, result) }
    return text
  }
}

/// Codex CLI.
struct CodexDialect: CommandDialect {
  let program = "codex"
  let help = ["exec", "--help"]
  let needed = ["--ephemeral", "--sandbox", "--ignore-user-config", "--output-schema"]

  func call(_ prompt: RefinementPrompt, _ model: String, _ folder: String, _ variables: [String: String]) -> CommandCall
  {
    let chosen = model.isEmpty ? [] : ["--model", model]
    return CommandCall(
      arguments: ["exec", "--json", "--ephemeral", "--ignore-user-config", "--ignore-rules", "--skip-git-repo-check"]
        + ["--sandbox", "read-only", "--output-schema", folder + "/schema.json"] + chosen + ["-"],
      input: prompt.instructions + "\n\nDo not run any command or tool.\n\n" + prompt.message,
      files: ["schema.json": String(decoding: ReplyFormat.schema(for: prompt).bytes, as: UTF8.self)])
  }

  func text(of result: CommandRun.Result) throws(RefinementFailure) -> String {
    let events = events(in: result.output)
    let failed = events.last { $0["type"]?.text == "turn.failed" } ?? events.last { $0["type"]?.text == "error" }
    if failed != nil || result.status != 0 {
      throw failure(failed?["error"]?["message"]?.text ?? failed?["message"]?.text, result)
    }
    let messages = events.compactMap { $0["item"] }.filter { $0["type"]?.text == "agent_message" }
    guard let text = messages.last?["text"]?.text else { throw failure(nil, result) }
    return text
  }
}

/// Gemini CLI. It has no option that leaves session files, settings and extensions out: it gets a home of its own, to
/// which only its login is linked.
struct GeminiDialect: CommandDialect {
  let program = "gemini"
  let help = ["--help"]
  let needed = ["--output-format"]
  let reportsProgress = false

  func call(_ prompt: RefinementPrompt, _ model: String, _ folder: String, _ variables: [String: String]) -> CommandCall
  {
    let chosen = model.isEmpty ? [] : ["--model", model]
    let home = (variables["GEMINI_CLI_HOME"] ?? variables["HOME"] ?? "") + "/.gemini/"
    let hasKey = !(variables["GEMINI_API_KEY"] ?? "").isEmpty
    let settings: JSON = [
      "tools": ["core": []], "hooksConfig": ["enabled": false], "privacy": ["usageStatisticsEnabled": false],
      "security": ["auth": ["selectedType": hasKey ? "gemini-api-key" : "oauth-personal"]],
    ]
    return CommandCall(
      arguments: ["--output-format", "json"] + chosen + ["-p", prompt.instructions], input: prompt.message,
      files: ["settings.json": String(decoding: settings.bytes, as: UTF8.self)],
      links: Dictionary(
        ["oauth_creds.json", "google_accounts.json"].map { (".gemini/" + $0, home + $0) },
        uniquingKeysWith: { first, _ in first }),
      variables: ["GEMINI_CLI_HOME": folder, "GEMINI_CLI_SYSTEM_SETTINGS_PATH": folder + "/settings.json"])
  }

  func text(of result: CommandRun.Result) throws(RefinementFailure) -> String {
    let object = result.output.firstIndex(of: "{").flatMap { JSON(Array(result.output[$0...].utf8)) }
    let message = object?["error"]?["message"]?.text
    guard result.status == 0, message == nil, let text = object?["response"]?.text else {
      throw failure(message, result)
    }
    return text
  }
}
