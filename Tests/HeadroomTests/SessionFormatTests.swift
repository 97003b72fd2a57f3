import Foundation
import LearnPipeline
import SessionModel
import Testing

/// Sessions that were written and read again are the same sessions.
struct SessionFormatTests {
  @Test(arguments: FixtureTests.cases)
  func readsBackWhatItWrote(_ name: String) async throws {
    let fixture = Fixture(name)
    let folder = try TemporaryFolder()
    let file = try folder.write(try Self.written(fixture.selection, fixture.world), to: "sessions.jsonl")
    let (first, _) = await Learner(world: fixture.world).learn(fixture.selection)
    let again = Selection(agents: ["jsonl"], logs: [file.path])
    let (second, _) = await Learner(world: fixture.world).learn(again)
    let analyzer = SessionAnalyzer(rules: .builtin, world: fixture.world)
    #expect(try await Self.findings(analyzer.analyze(again).projects) == Self.findings(fixture.projects))
    #expect(second.map(\.summary.calls) == first.map(\.summary.calls))
    #expect(second.map(\.summary.sessions) == first.map(\.summary.sessions))
    #expect(second.map(\.recommendations.count) == first.map(\.recommendations.count))
    // What is written from what was read is the same once more, but for the name of the agent.
    #expect(
      try Self.lines(of: Self.written(again, fixture.world))
        == Self.lines(of: Self.written(fixture.selection, fixture.world)))
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(separator: "\n").filter { !$0.contains(#""type":"session""#) }
  }

  private static func written(_ selection: Selection, _ world: World) throws -> String {
    var text = ""
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    _ = try SessionExport(world: world).export(selection) { record in
      text += String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
    }
    return text
  }

  /// Every finding as it is printed, without the name of the agent.
  private static func findings(_ projects: [ProjectAnalysis]) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try projects.flatMap { project in
      try project.observations.map { observation in
        var record = FailureRecord(observation, of: project)
        record.agent = ""
        return String(decoding: try encoder.encode(record), as: UTF8.self)
      }
    }.sorted()
  }

  @Test func readsFilesFoldersAndStandardInput() throws {
    let folder = try TemporaryFolder()
    let program = try Program(in: folder)
    let home = Repository.fixtures.appending(path: "jsonl/two-sessions/home")
    let file = home.appending(path: "sessions.jsonl")
    let expected = try program.run("failures", "--agent", "jsonl", file.path)
    #expect(expected.status == 0 && expected.output.contains("npm run tets"))
    #expect(try program.run("failures", "--agent", "jsonl", home.path).output == expected.output)
    var shell = program
    shell.file = URL(filePath: "/bin/sh")
    let piped = try shell.run("-c", "'\(program.file.path)' failures --agent jsonl - < '\(file.path)'")
    #expect(piped.output == expected.output.replacing(file.path, with: "-"))
    #expect(piped.status == 0)
  }

  @Test func newerVersionIsAWarning() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"type":"session","version":7,"id":"s"}"# + "\n", to: "new.jsonl")
    let result = try Program(in: folder).run("learn", "--agent", "jsonl", file.path)
    #expect(result.status == 0)
    #expect(result.errors.contains("version 7 of the session format; this program knows version 1"))
  }

  @Test(arguments: [
    ["learn", "--agent", "jsonl"], ["learn", "file.jsonl"], ["failures", "--agent", "claude", "file.jsonl"],
    ["sessions", "--agent", "atif"],
  ])
  func namedLogsAndTheirAgentsBelongTogether(_ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let result = try Program(in: folder).run(arguments)
    #expect(result.status == 2, "\(result)")
    #expect(result.errors.contains("Usage:"))
  }

  @Test func missingFileIsNamed() throws {
    let folder = try TemporaryFolder()
    let result = try Program(in: folder).run("learn", "--agent", "atif", "/nowhere/run.json")
    #expect(result.status == 0)
    #expect(result.errors.contains("/nowhere/run.json: it does not exist"))
  }

  @Test func secretsAreMasked() throws {
    let folder = try TemporaryFolder()
    let key = "ghp_" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
    let lines = [
      #"{"type":"session","version":1,"id":"s","cwd":"/home/dev/shop"}"#,
      #"{"type":"call","id":"c","name":"bash","input":"curl -H 'Authorization: Bearer \#(key)'","exit":1,"output":"\#(key)"}"#,
      #"{"type":"call","id":"d","name":"bash","input":"PGPASSWORD=hunter22 psql","exit":1,"output":"login hunter22 failed"}"#,
    ]
    let file = try folder.write(lines.joined(separator: "\n") + "\n", to: "a.jsonl")
    let result = try Program(in: folder).run("sessions", "--agent", "jsonl", file.path)
    #expect(result.status == 0 && result.output.contains(#""type":"call""#))
    #expect(!result.output.contains(key) && !result.output.contains("hunter22"))
  }
}
