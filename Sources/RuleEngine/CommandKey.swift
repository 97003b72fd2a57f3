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
      !line.invocations[..<place].contains(where: \.setsUpShell)
    else { return nil }
    var digest = QuickDigest()
    digest.add(command.directory.map { PathText.resolved($0, in: workingDirectory) } ?? workingDirectory ?? "")
    for words in [command.wrappers, command.environment, [command.programPath], command.arguments] {
      digest.add(UInt64(words.count))
      for word in words { digest.add(word) }
    }
    return digest.value
  }
}

extension Observation {
  /// Whether another call that writes files writes one that the command names: it is not the same any more.
  func isRewritten(by call: ToolCall) -> Bool {
    if let path = call.input.path { return input.holds(PathText.name(of: path)) }
    return input.split(whereSeparator: \.isWhitespace).map(String.init).contains { word in
      word.dropLast().holds(".") && call.input.text.holds(word)
    }
  }
}
