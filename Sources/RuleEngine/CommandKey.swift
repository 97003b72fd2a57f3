internal import SessionModel
internal import ShellSyntax

extension CommandLine {
  /// Names a command as it was given: the same one, in the same folder and with the same variables, is the same again.
  /// - Parameters:
  ///   - place: That of the command among those of the line.
  ///   - folder: Where the shell is.
  /// - Returns: nil when the shell was set up for it, or what it runs is not among its words.
  func key(ofCommandAt place: Int, in folder: String?) -> UInt64? {
    let command = invocations[place]
    guard !Interpreters.contains(command.program) || command.arguments.contains(where: { !$0.hasPrefix("-") }),
      !invocations[..<place].contains(where: \.setsUpShell)
    else { return nil }
    var digest = QuickDigest()
    digest.add(command.directory.map { PathText.resolved($0, in: folder) } ?? folder ?? "")
    for words in [command.wrappers, command.environment, [command.programPath], command.arguments] {
      digest.add(UInt64(words.count))
      for word in words { digest.add(word) }
    }
    return digest.value
  }
}
