internal import SessionModel

/// The texts that Gemini CLI itself writes into results and messages.
/// Source: its sources (google-gemini/gemini-cli) and the texts of real logs.
enum GeminiText {
  /// How a call ended, by its status and text; nil when it has not ended.
  static func outcome(status: String?, text: String) -> Outcome? {
    switch status {
    case "success": text.hasPrefix("Command was cancelled by user") ? .rejected : .succeeded
    case "error": blocks.contains { text.hasPrefix($0) } ? .blocked : .failed
    case "cancelled": .rejected
    default: nil
    }
  }

  private static let blocks = ["Tool execution denied by policy", "Tool execution was blocked by a hook"]

  /// What one part of a result says; nil for parts without text.
  static func response(in part: JSONSlice) -> [UInt8]? {
    let response = part["functionResponse"]?["response"]
    let value = response?["error"] ?? response?["output"] ?? response?["content"] ?? part["text"]
    return value?.contentText()
  }

  /// Whether a person typed this: commands of the program and contexts come in the same place.
  static func isTyped(_ text: String) -> Bool {
    let text = text.drop { $0.isWhitespace }
    return !text.isEmpty && !["/", "?", "<session_context>", "<hook_context>"].contains { text.hasPrefix($0) }
  }
}

/// What a shell command printed, without the lines that Gemini CLI puts around it.
struct GeminiShellOutput {
  private(set) var text: String
  /// nil when the lines around the output are not there.
  private(set) var exitStatus: Int?
  private(set) var wasKilled = false

  var hasFailed: Bool { (exitStatus ?? 0) != 0 || wasKilled }

  init(_ output: String) {
    var lines = output.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var hasFrame = false
    var signal: Substring?
    while let last = lines.last, let (name, value) = Self.field(last), Self.footers.contains(name) {
      // `Error:` may also be the last word of the command itself.
      if name == "Error", value != "(none)" { break }
      if name == "Exit Code" { exitStatus = Int(value) }
      if name == "Signal", value != "(none)", value != "0" { signal = last }
      hasFrame = true
      lines.removeLast()
    }
    // The notice that the rest is in a file comes before everything else.
    if lines.first?.hasPrefix("Output too large. Showing first ") == true { lines.removeFirst() }
    if lines.first?.hasPrefix("Command: ") == true,
      let folder = lines.firstIndex(where: { $0.hasPrefix("Directory: ") })
    {
      lines = lines[(folder + 1)...]
    }
    if let first = lines.first {
      for name in ["Output: ", "Stdout: "] where first.hasPrefix(name) {
        lines[lines.startIndex] = first.dropFirst(name.count)
        hasFrame = true
      }
    }
    if hasFrame {
      lines.removeAll { $0 == "Stderr: (empty)" || $0 == "(empty)" }
      // New versions leave the line out when the command went well.
      exitStatus = exitStatus ?? (signal != nil || Self.isTimeout(output) ? nil : 0)
    }
    if let signal { lines.append(signal) }
    text = lines.joined(separator: "\n")
    wasKilled = signal != nil || Self.isTimeout(output)
  }

  private static func isTimeout(_ output: String) -> Bool {
    output.hasPrefix("Command was automatically cancelled because it exceeded the timeout")
  }

  private static let footers: Set<Substring> = [
    "Error", "Exit Code", "Signal", "Background PIDs", "Process Group PGID",
  ]

  private static func field(_ line: Substring) -> (name: Substring, value: Substring)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    return (line[..<colon], line[line.index(after: colon)...].drop { $0 == " " })
  }
}
