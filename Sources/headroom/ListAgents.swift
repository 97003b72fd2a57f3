import ArgumentParser
import LearnPipeline

struct ListAgents: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "List the agents whose logs can be read, and where they were looked for.")

  func run() async throws {
    let world = World.real
    for agent in AgentSurvey.agents(in: world) {
      let found = agent.files == 0 ? "no logs" : "\(agent.files) log file\(agent.files == 1 ? "" : "s")"
      Terminal.print("\(agent.name)  \(agent.displayName): \(found) in \(agent.home)")
    }
  }
}
