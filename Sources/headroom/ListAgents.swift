import ArgumentParser
import LearnPipeline
import SessionModel
import SessionReaders

struct ListAgents: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents", abstract: "List the agents whose logs can be read, and where they were looked for.",
    discussion: "Also says where what is known of each log format comes from.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "How to print: text or json.")
  var format = Format.text

  func run() async throws {
    let survey = AgentSurvey(.real)
    for line in LossReport.lines(of: survey.issues) { Terminal.warn(line) }
    switch format {
    case .json: Terminal.print(try Terminal.json(AgentRecord(schema: 1, agents: survey.agents)))
    case .text: for agent in survey.agents { Terminal.print(Self.text(of: agent)) }
    }
  }

  private static func text(of agent: AgentSurvey.Agent) -> String {
    let found = agent.files == 0 ? "no logs" : "\(agent.files) log file\(agent.files == 1 ? "" : "s")"
    let place = agent.readsNamedLogs ? "reads the files that you name" : "\(found) in \(agent.home)"
    let sources = agent.sources.map(\.rawValue).joined(separator: ", ")
    return "\(agent.name)  \(agent.displayName): \(place) (known from: \(sources))"
  }
}

private struct AgentRecord: Encodable {
  var schema: Int
  var agents: [AgentSurvey.Agent]
}
