import SessionModel
import Testing

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder is a test: `Fixtures/<agent>/<case>/home` is read, and `calls.txt` beside it says what must come of it.
/// `HEADROOM_UPDATE_GOLDEN=1` writes it anew.
@Suite struct GoldenReadTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var agent: String
    var name: String
    var path: String

    var testDescription: String { "\(agent)/\(name)" }
  }

  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures").path

  /// The reader of Claude Code has tests of its own.
  static let cases: [Case] = Agents.all.map(\.name).filter { $0 != "claude" }.flatMap { agent in
    let folder = fixtures + "/" + agent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { Case(agent: agent, name: $0, path: folder + "/" + $0) }
  }

  @Test(arguments: cases)
  func readsAsExpected(_ test: Case) throws {
    let plugin = try #require(Agents.all.first { $0.name == test.agent })
    let variable = plugin.places.first?.variables.first
    let environment = AgentEnvironment(
      variables: variable.map { [$0: test.path + "/home"] } ?? [:],
      home: variable == nil ? test.path + "/home" : "/nobody",
      knownFolders: variable == nil ? [test.path + "/home"] : [],
      namedLogs: plugin.readsNamedLogs ? [test.path + "/home"] : [])
    let read = try ReadHome(plugin, in: environment)
    let text = Self.rendered(read, below: test.path + "/home/").split(
      separator: test.path + "/home", omittingEmptySubsequences: false
    ).joined(separator: "~")
    let expected = test.path + "/calls.txt"
    if ProcessInfo.processInfo.environment["HEADROOM_UPDATE_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(fileURLWithPath: expected))
    }
    let golden = FileManager.default.contents(atPath: expected).map { String(decoding: $0, as: UTF8.self) }
    #expect(text == golden)
  }

  @Test func everyAgentHasACase() {
    let agents = Set(Self.cases.map(\.agent))
    for plugin in Agents.all where plugin.name != "claude" { #expect(agents.contains(plugin.name)) }
  }

  private static func rendered(_ read: ReadHome, below home: String) -> String {
    var lines = read.issues.map { "issue \($0.kind.rawValue) \($0.reason)" }
    for log in read.logs {
      let session = log.summary.session
      let parent = session.parentID.map { " parent=\($0)" } ?? ""
      lines.append("# \(log.file.path.dropFirst(home.count))")
      lines.append("session \(session.id)\(parent) in \(session.workingDirectory ?? log.file.projectHint ?? "?")")
      if !session.firstSeen.isEmpty { lines.append("from \(session.firstSeen) to \(session.lastSeen)") }
      lines += log.messages.map { "\($0.location.line): said \(quoted($0.text))" }
      lines += log.calls.map(rendered)
      lines += log.summary.openCalls.map {
        "\($0.location.line): open \($0.id) \($0.tool.rawValue) \(quoted($0.input.text))"
      }
      lines += log.summary.looseResults.map { "\($0.location.line): loose \($0.id) \(quoted($0.output))" }
      lines += log.summary.issues.map { "issue \($0.kind.rawValue) line \($0.location.line): \($0.reason)" }
      let usage = log.summary.usage.values.reduce(into: TokenUsage()) { sum, usage in
        sum.input += usage.input
        sum.output += usage.output
      }
      if usage != TokenUsage() { lines.append("tokens \(usage.input) in, \(usage.output) out") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func rendered(_ call: ToolCall) -> String {
    let status = call.exitStatus.map { " exit=\($0)" } ?? ""
    let path = call.input.path.map { " path=\($0)" } ?? ""
    let side = (call.isSidechain ? " subagent" : "") + (call.input.leavesSandbox ? " leaves-sandbox" : "")
    return """
      \(call.location.line): \(call.id) \(call.tool.rawValue)/\(call.toolName) \(call.outcome.rawValue)\(status)\(side)
          in \(call.workingDirectory ?? "?")\(path) \(quoted(call.input.text))
          \(quoted(call.output))
      """
  }

  private static func quoted(_ text: String) -> String {
    "`" + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎") + "`"
  }
}
