import ArgumentParser

@main
struct Headroom: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "headroom",
    abstract: "Learn from the failed tool calls of coding agents, offline.",
    version: "0.1.0",
    subcommands: [
      Learn.self, Failures.self, Explain.self, Undo.self, Forget.self, Remember.self, Rules.self, ListAgents.self,
    ])
}
