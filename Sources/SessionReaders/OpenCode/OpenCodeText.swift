internal import SessionModel

/// The texts that OpenCode itself writes into results.
/// Source: its sources (anomalyco/opencode) and the texts of real logs.
enum OpenCodeText {
  /// How a call ended that has the status `error`.
  static func outcome(ofError text: String) -> Outcome {
    if rejections.contains(where: { text.hasPrefix($0) }) { return .rejected }
    if text.hasPrefix("The user has specified a rule which prevents") { return .blocked }
    return .failed
  }

  private static let rejections = [
    "The user rejected permission", "The user dismissed", "Tool execution aborted", "User aborted",
  ]

  /// Some versions put a word before the error.
  static func error(_ text: String) -> String {
    text.hasPrefix("Error: ") ? String(text.dropFirst("Error: ".count)) : text
  }

  /// A notice at the end of a shell's output, such as that it took too long, taken out of its element.
  static func shellOutput(_ text: String) -> (text: String, notice: String?) {
    for name in ["bash_metadata", "shell_metadata"] {
      guard let open = text.range(of: "<\(name)>", last: true), text.hasSuffix(after: "</\(name)>"),
        let notice = ClaudeText.tag(name, in: String(text[open.lowerBound...]))
      else { continue }
      let inner = notice.split(whereSeparator: \.isNewline).joined(separator: "\n")
      return (text[..<open.lowerBound] + inner, inner)
    }
    return (text, nil)
  }

  static func outcome(ofShell notice: String?, text: String, exitStatus: Int?) -> Outcome {
    if let exitStatus { return exitStatus == 0 ? .succeeded : .failed }
    if notice?.hasPrefix("User aborted") == true { return .rejected }
    let isTimeout =
      notice?.range(of: "exceeding timeout") != nil || text.range(of: "(Command timed out after ", last: true) != nil
    return isTimeout ? .failed : .succeeded
  }

  /// Whether an id was drawn at random. Some models number their calls, and begin anew in every session.
  static func isUnique(_ callID: String) -> Bool {
    callID.utf8.split(whereSeparator: { !isAlphanumeric($0) }).contains { run in
      run.count >= 16 || run.count >= 8 && run.contains { $0 < 58 } && run.contains { $0 > 58 }
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20)
  }
}
