internal import SessionModel
internal import ShellSyntax

extension ToolCall {
  /// Names a command as it was given: the same one, in the same folder and with the same variables, is the same again.
  /// - Parameters:
  ///   - place: That of the command among those of the line.
  ///   - line: One that writes no files: it may write what the command runs.
  /// - Returns: nil when the shell was set up for it, or nobody can see what it runs.
  func key(ofCommandAt place: Int, of line: CommandLine) -> UInt64? {
    let command = line.invocations[place]
    guard !Interpreters.contains(command.program) || command.arguments.contains(where: { !$0.hasPrefix("-") }),
      !line.invocations[..<place].contains(where: \.changesShell)
    else { return nil }
    var digest = QuickDigest()
    digest.add(command.directory.map { PathText.resolved($0, in: workingDirectory) } ?? workingDirectory ?? "")
    for words in [
      command.wrappers.filter { !CommandLine.passedOver.contains($0) }, command.environment, [command.programPath],
      command.arguments,
    ] {
      digest.add(UInt64(words.count))
      for word in words { digest.add(word) }
    }
    return digest.value
  }
}

extension Observation {
  /// Whether a call that writes files writes one that the command names: it is not the same any more.
  /// - Parameters:
  ///   - file: The name of the file, where the call has one.
  ///   - text: The input of the call.
  func isRewritten(_ file: String?, by text: String) -> Bool {
    if let file { return input.holds(file) }
    return input.split(whereSeparator: \.isWhitespace).map(String.init).contains { word in
      word.dropLast().holds(".") && text.holds(word)
    }
  }
}
