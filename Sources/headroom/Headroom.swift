import ArgumentParser

@main
struct Headroom: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headroom",
    abstract: "Learn from the failed tool calls of coding agents.",
    version: "0.1.0",
    subcommands: [
      Learn.self, Failures.self, Explain.self, ForesightCommand.self, Undo.self, Forget.self, Remember.self, Rules.self,
      Sessions.self,
      ListAgents.self,
    ])

  /// Runs the command. A call that is wrong in itself ends with 2, where ArgumentParser would say 64.
  static func main() async {
    // Setting up all commands takes longer than this answer.
    if CommandLine.arguments.dropFirst().elementsEqual(["--version"]) { return Terminal.print(configuration.version) }
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      Terminal.complain(fullMessage(for: error))
      exit(withError: ExitCode(2))
    }
  }
}
