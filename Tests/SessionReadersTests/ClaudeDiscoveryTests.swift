import Foundation
import SessionModel
import Testing

@testable import SessionReaders

@Suite struct ClaudeDiscoveryTests {
  private func touch(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: PathText.folder(of: path), withIntermediateDirectories: true)
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func sessionsAndSubagentsAreFound() throws {
    let home = try TemporaryFile.folder()
    defer { home.remove() }
    let project = home.path + "/projects/-work-shop"
    for name in [
      "/b.jsonl", "/a.jsonl", "/agent-12345678.jsonl", "/a/subagents/agent-9.jsonl",
      "/a/subagents/workflows/w/agent-8.jsonl", "/a/tool-results/x.jsonl",
      "/memory/notes.jsonl", "/a/subagents/agent-9.meta.json", "/notes.txt",
    ] { try touch(project + name) }
    let environment = AgentEnvironment(variables: ["CLAUDE_CONFIG_DIR": home.path], home: "/nowhere")
    let found = ClaudePlugin().discover(in: environment)
    #expect(found.issues.isEmpty)
    let names = found.files.map { String($0.path.dropFirst(project.count)) }
    #expect(
      names == [
        "/a/subagents/agent-9.jsonl", "/a/subagents/workflows/w/agent-8.jsonl", "/a.jsonl", "/agent-12345678.jsonl",
        "/b.jsonl",
      ])
    #expect(found.files.map(\.isSubagent) == [true, true, false, true, false])
    #expect(found.files.allSatisfy { $0.size == 3 && $0.group == project })
  }

  @Test func noHomeIsNoIssue() {
    let found = ClaudePlugin().discover(in: AgentEnvironment(variables: [:], home: "/no/such/home"))
    #expect(found.files.isEmpty && found.issues.isEmpty)
  }

  @Test func theVariableCountsOnlyWhenItIsSet() {
    #expect(ClaudePlugin().home(in: AgentEnvironment(variables: ["CLAUDE_CONFIG_DIR": ""], home: "/h")) == "/h/.claude")
    #expect(ClaudePlugin().home(in: AgentEnvironment(variables: ["CLAUDE_CONFIG_DIR": "/c"], home: "/h")) == "/c")
  }

  @Test func folderNamesAreFoundOnTheDisk() throws {
    let root = try TemporaryFile.folder()
    defer { root.remove() }
    for path in ["/a/b", "/a-b/c", "/a-b/.config/x_y", "/über/z"] {
      try FileManager.default.createDirectory(atPath: root.path + path, withIntermediateDirectories: true)
    }
    var decoder = ClaudeFolderDecoder()
    func decoded(_ path: String) -> String? {
      decoder.folder(named: ClaudeFolderName.encoded(root.path + path)).map { String($0.dropFirst(root.path.count)) }
    }
    #expect(decoded("/a/b") == "/a-b" || decoded("/a/b") == "/a/b")
    #expect(decoded("/a-b/c") == "/a-b/c")
    #expect(decoded("/a-b/.config/x_y") == "/a-b/.config/x_y")
    #expect(decoded("/über/z") == "/über/z")
    #expect(decoded("/gone") == nil)
    #expect(decoder.folder(named: "shop") == nil)
    #expect(decoder.folder(named: "-") == "/")
  }

  @Test func theMemoryOfALongPathIsWhereTheAgentKeepsIt() throws {
    let root = try TemporaryFile.folder()
    defer { root.remove() }
    let environment = AgentEnvironment(variables: ["CLAUDE_CONFIG_DIR": root.path], home: "/h")
    func folder(_ project: String) -> String? {
      let file = ClaudePlugin().contextFiles(of: project, in: environment).memory
      return file.map { String($0.dropFirst((root.path + "/projects/").count).prefix { $0 != "/" }) }
    }
    let long = "/w/" + String(repeating: "a", count: 240)
    let cut = "-w-" + String(repeating: "a", count: 197) + "-"
    #expect(folder("/w/\u{1F600}b.c") == "-w---b-c")
    #expect(folder("/" + String(repeating: "a", count: 199)) == "-" + String(repeating: "a", count: 199))
    let name = cut + "tso4cn"
    #expect(folder(long) == name)
    // Another version of the agent has made one with a hash of its own.
    try FileManager.default.createDirectory(
      atPath: root.path + "/projects/" + cut + "other", withIntermediateDirectories: true)
    #expect(folder(long) == cut + "other")
    try FileManager.default.createDirectory(
      atPath: root.path + "/projects/" + name, withIntermediateDirectories: true)
    #expect(folder(long) == name)
  }
}
