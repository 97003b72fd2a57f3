import Foundation
import Testing

/// What several agents did on one project is learned once, and each reads it in its own file.
struct SeveralAgentsTests {
  private let folder: TemporaryFolder
  private let program: Program

  init() throws {
    folder = try TemporaryFolder()
    var program = try Program(in: folder)
    program.variables["CODEX_HOME"] = folder.path + "/codex"
    program.variables["GEMINI_CLI_HOME"] = folder.path + "/gemini"
    program.variables["XDG_DATA_HOME"] = folder.path + "/data"
    self.program = program
    try folder.write(#"{"scripts":{"typecheck":"tsc"}}"# + "\n", to: "shop/package.json")
    try addLogs()
  }

  /// The same two mistakes by each agent, one of them in both of its forms.
  private func addLogs() throws {
    let shop = folder.path + "/shop"
    let failure = #"npm error Missing script: \"typechek\""#
    var claude = ""
    var codex =
      #"{"timestamp":"2026-03-01T09:00:00Z","type":"session_meta","payload":{"id":"x1","cwd":"\#(shop)"}}"# + "\n"
    var gemini =
      #"{"sessionId":"g1","projectHash":"00","startTime":"2026-03-01T09:00:00Z","directories":["\#(shop)"]}"# + "\n"
    for (number, (command, exit)) in [
      ("npm run typechek", 1), ("npm run typecheck", 0), ("npm run typechek", 1), ("npm run typecheck", 0),
    ].enumerated() {
      let output = exit == 0 ? "checked" : failure
      let time = "2026-03-01T09:0\(number):00Z"
      let common = #""sessionId":"c1","cwd":"\#(shop)","timestamp":"\#(time)""#
      let text = exit == 0 ? output : #"Exit code 1\n\#(output)"#
      claude +=
        #"{"type":"assistant",\#(common),"message":{"content":[{"type":"tool_use","id":"toolu_\#(number)","name":"Bash","input":{"command":"\#(command)"}}]}}"#
        + "\n"
      claude +=
        #"{"type":"user",\#(common),"message":{"content":[{"type":"tool_result","tool_use_id":"toolu_\#(number)","is_error":\#(exit != 0),"content":"\#(text)"}]}}"#
        + "\n"
      let start = #"{"timestamp":"\#(time)","type":"response_item","payload":{"call_id":"call_\#(number)","type":"#
      codex += start + #""function_call","name":"shell_command","arguments":"{\"command\":\"\#(command)\"}"}}"# + "\n"
      codex +=
        start
        + #""function_call_output","output":"Exit code: \#(exit)\nWall time: 0 seconds\nOutput:\n\#(output)"}}"# + "\n"
      let status = exit == 0 ? "" : #"\nExit Code: 1"#
      gemini +=
        #"{"id":"m\#(number)","timestamp":"\#(time)","type":"gemini","content":"","toolCalls":[{"id":"run-\#(number)","name":"run_shell_command","args":{"command":"\#(command)"},"status":"success","result":[{"functionResponse":{"response":{"output":"Output: \#(output)\#(status)\nProcess Group PGID: 7"}}}]}]}"#
        + "\n"
    }
    try folder.write(claude, to: "claude/projects/-shop/c1.jsonl")
    try folder.write(codex, to: "codex/sessions/2026/03/01/rollout-2026-03-01T09-00-00-x1.jsonl")
    try folder.write(gemini, to: "gemini/.gemini/tmp/shop/chats/session-2026-03-01T09-00-aaaaaaaa.jsonl")
  }

  private static let line = "`npm run typecheck`"

  private func lines(in file: String) throws -> Int {
    try folder.text("shop/" + file).split(separator: "\n").count { $0.contains(Self.line) }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/shop/" + name, withDestinationPath: target)
  }

  @Test func oneRunOneProjectOneEvidence() throws {
    let result = try program.run("learn", "--all", "--format", "json")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let record = try decoder.decode(Record.self, from: Data(result.output.utf8))
    #expect(record.projects.map(\.agents) == [["claude", "codex", "gemini"]])
    let learned = record.projects.flatMap(\.recommendations).filter { $0.content.contains(Self.line) }
    #expect(learned.map(\.evidenceCount) == [6])
  }

  @Test func eachFileHoldsTheLineOnce() throws {
    #expect(try program.run("learn", "--all", "--apply").status == 0)
    for file in ["CLAUDE.md", "AGENTS.md", "GEMINI.md"] { #expect(try lines(in: file) == 1, "\(file)") }
    #expect(try program.run("learn", "--all", "--apply").status == 0)
    // One agent alone adds nothing to what all have told.
    for agent in ["claude", "codex", "gemini"] {
      #expect(try program.run("learn", "--all", "--apply", "--agent", agent).status == 0)
    }
    for file in ["CLAUDE.md", "AGENTS.md", "GEMINI.md"] { #expect(try lines(in: file) == 1, "\(file)") }
  }

  @Test(arguments: ["@AGENTS.md\n", "# Shop\n\nSee @AGENTS.md for all.\n", "- @./AGENTS.md\n"])
  func importedFileHoldsItAlone(_ text: String) throws {
    try folder.write(text, to: "shop/CLAUDE.md")
    try link("GEMINI.md", to: "AGENTS.md")
    #expect(try program.run("learn", "--all", "--apply").status == 0)
    #expect(try lines(in: "AGENTS.md") == 1)
    #expect(try folder.text("shop/CLAUDE.md") == text)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/shop/GEMINI.md") == "AGENTS.md")
  }

  /// The block may be that of an agent, or a person, that this run knows nothing of.
  @Test func importedFileWithABlockHoldsItAloneToo() throws {
    try folder.write("@AGENTS.md\n", to: "shop/CLAUDE.md")
    for agent in ["codex", "claude"] {
      #expect(try program.run("learn", "--all", "--apply", "--agent", agent).status == 0)
      #expect(try lines(in: "AGENTS.md") == 1)
      #expect(try folder.text("shop/CLAUDE.md") == "@AGENTS.md\n")
    }
  }

  @Test func chainOfImportsEndsInOneFile() throws {
    try folder.write("@GEMINI.md\n", to: "shop/CLAUDE.md")
    try folder.write("@AGENTS.md\n", to: "shop/GEMINI.md")
    #expect(try program.run("learn", "--all", "--apply").status == 0)
    #expect(try lines(in: "AGENTS.md") == 1)
    #expect(try folder.text("shop/CLAUDE.md") == "@GEMINI.md\n")
    #expect(try folder.text("shop/GEMINI.md") == "@AGENTS.md\n")
  }

  @Test func filesThatImportEachOtherStillHoldIt() throws {
    try folder.write("@GEMINI.md\n", to: "shop/CLAUDE.md")
    try folder.write("@CLAUDE.md\n", to: "shop/GEMINI.md")
    #expect(try program.run("learn", "--all", "--apply").status == 0)
    #expect(try lines(in: "CLAUDE.md") + lines(in: "GEMINI.md") == 1)
    #expect(try lines(in: "AGENTS.md") == 1)
  }

  private struct Record: Decodable {
    struct Line: Decodable {
      var content: String
      var evidenceCount: Int
    }

    struct Project: Decodable {
      var agents: [String]
      var recommendations: [Line]
    }

    var projects: [Project]
  }
}
