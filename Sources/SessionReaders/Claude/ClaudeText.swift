internal import SessionModel

/// The texts that Claude Code itself writes into results and messages.
/// Source: its public SDK and changelog, and the texts of real logs.
enum ClaudeText {
  /// Takes off what the agent wraps around a result: the error tag and reminders for the model at the end.
  static func unwrapped(_ text: String) -> String {
    var text = text[...]
    while text.hasSuffix(after: "</system-reminder>"), let open = text.range(of: "<system-reminder>", last: true) {
      // A reminder that is the whole result says what happened: it stays.
      guard text[..<open.lowerBound].contains(where: { !$0.isWhitespace }) else { break }
      text = text[..<open.lowerBound]
      while text.last?.isWhitespace == true { text.removeLast() }
    }
    if text.begins(with: "<tool_use_error>") {
      text = text.dropFirst("<tool_use_error>".count)
      if text.hasSuffix("</tool_use_error>") { text = text.dropLast("</tool_use_error>".count) }
    }
    return String(text)
  }

  /// How a result that is flagged as an error came about.
  /// - Parameter denial: The word of the log for a denial (`toolDenialKind`), where it has one.
  static func outcome(of text: String, denial: String?) -> Outcome {
    let head = text.prefix(bytes: 1200)
    if head.begins(with: "The user wants to clarify these questions") { return .succeeded }
    switch denial {
    case "permission-rule", "automode-blocked", "automode-unavailable": return .blocked
    case "user-rejected" where !isAutomaticDenial(head): return .rejected
    case "interrupted": return .rejected
    default: break
    }
    if isAutomaticDenial(head) { return .blocked }
    if rejections.contains(where: { head.begins(with: $0) }) || head.holds("The tool use was rejected") {
      return .rejected
    }
    if cancellations.contains(where: { head.begins(with: $0) }) { return .cancelled }
    return .failed
  }

  private static let rejections = [
    "The user doesn't want to proceed with this tool use", "The user doesn't want to take this action right now",
    "[Request interrupted by user", "User rejected tool use", "User chose to stay in plan mode",
  ]

  private static let cancellations = [
    "Sibling tool call errored", "Cancelled: parallel tool call", "Streaming fallback - tool execution discarded",
  ]

  private static func isAutomaticDenial(_ text: Substring) -> Bool {
    let firstLine = Substring(text.utf8.prefix { $0 != UInt8(ascii: "\n") })
    return blockPrefixes.contains { firstLine.begins(with: $0) } || blockParts.contains { firstLine.holds($0) }
  }

  private static let blockPrefixes = [
    "This command requires approval",
    "This Bash command contains multiple operations. The following part requires approval",
    "Permission to use ", "Permission for this tool use was denied", "Permission for this action was denied",
    "Claude requested permissions to ", "Operation stopped by hook", "Blocked: sleep ", "Output redirection to ",
    "Auto mode could not evaluate this action", "Glob patterns are not allowed in write operations",
    "File is in a directory that is denied by your permission settings",
    "This background session hasn't isolated its changes yet", "This session is now isolated in ",
  ]

  private static let blockParts = [
    " was blocked. For security, Claude Code ", " is blocked. This path is protected ", " hook error: ",
    "is temporarily unavailable, so auto mode cannot determine", "was denied by a built-in Claude Code safety check",
    "but you haven't granted it yet", " which is a sensitive file", "has been denied because Claude Code is running",
    "has been auto-denied",
  ]

  /// What the user said when refusing.
  static func feedback(in text: String) -> String? {
    guard let mark = text.range(of: "the user said:") else { return nil }
    let said = text[mark.upperBound...].drop { $0.isWhitespace }
    return said.isEmpty ? nil : String(said.prefix(2048))
  }

  /// The number of a first line `Exit code N`. Version 1.0 wrote none.
  static func exitStatus(in text: String) -> Int? {
    guard text.begins(with: "Exit code ") else { return nil }
    return Int(text.dropFirst("Exit code ".count).prefix { $0.isNumber || $0 == "-" })
  }

  static func trailingExitStatus(in text: String) -> Int? {
    guard let mark = text.range(of: "exit code ", last: true) else { return nil }
    return Int(text[mark.upperBound...].prefix { $0.isNumber })
  }

  /// The text of an XML-like element.
  static func tag(_ name: String, in text: String) -> String? {
    guard let open = text.range(of: "<\(name)>"), let close = text[open.upperBound...].range(of: "</\(name)>") else {
      return nil
    }
    return String(text[open.upperBound..<close.lowerBound])
  }

  /// Whether a person typed this: commands, hooks, reminders and notices come in the same place.
  static func isTyped(_ text: String) -> Bool {
    let text = text.drop { $0.isWhitespace }
    return !text.isEmpty && !injected.contains { text.begins(with: $0) }
  }

  private static let injected = [
    "<command-name>", "<command-message>", "<local-command-", "<bash-", "<task-notification>", "<teammate-message",
    "<system-reminder>", "<ide_opened_file>", "<ide_selection>", "Stop hook feedback", "Base directory for this skill",
    "Caveat:", "[Request interrupted by user", "This session is being continued",
  ]
}
