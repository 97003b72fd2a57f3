import RulePack
import SessionModel
import Testing

@testable import RuleEngine

/// Rules from the inside of a pack: each entry is the text of one rule without `examples`.
func rules(_ bodies: String...) throws -> [Rule] {
  let text = bodies.map { body in
    let lines = body.split(separator: "\n").map { "    \($0)\n" }.joined()
    return "  -\n" + lines + "    examples: [{ output: x }]\n"
  }
  var reader = PackReader()
  reader.read("pack: demo\nrules:\n" + text.joined(), file: "demo.yaml")
  try #require(reader.faults.isEmpty, "\(reader.faults.map(\.description))")
  return reader.rules
}

/// Makes calls as a reader would hand them on, one line of the log after another.
struct CallMaker {
  private(set) var line = 0
  var folder = "/work/shop"

  mutating func shell(
    _ command: String, _ outcome: Outcome = .succeeded, _ output: String = "", exit: Int? = nil, id: String? = nil
  ) -> ToolCall {
    make(.shell, "Bash", ToolInput(text: command), outcome, output, exit: exit, id: id)
  }

  mutating func tool(
    _ tool: ToolKind, _ path: String?, _ outcome: Outcome = .succeeded, _ output: String = "", pattern: String? = nil
  ) -> ToolCall {
    make(
      tool, tool.rawValue.prefix(1).uppercased() + tool.rawValue.dropFirst(),
      ToolInput(text: path ?? pattern ?? "", path: path, pattern: pattern), outcome, output, exit: nil, id: nil)
  }

  private mutating func make(
    _ tool: ToolKind, _ name: String, _ input: ToolInput, _ outcome: Outcome, _ output: String, exit: Int?, id: String?
  ) -> ToolCall {
    line += 2
    return ToolCall(
      id: id ?? "call\(line)", tool: tool, toolName: name, input: input, output: output, outputBytes: output.utf8.count,
      outcome: outcome,
      exitStatus: exit, workingDirectory: folder, location: LogLocation(file: "/log", line: line), resultLine: line + 1,
      timestamp: "2026-03-01T10:00:\(10 + line % 50)Z")
  }
}

func analysis(_ rules: [Rule], _ calls: [ToolCall]) -> FileAnalysis {
  var analyzer = CallAnalyzer(classifier: Classifier(rules: rules), scratch: ClassifierScratch())
  for call in calls { analyzer.accept(.call(call)) }
  let summary = FileSummary(session: SessionInfo(id: "s1"))
  return analyzer.finish(summary, file: LogFile(path: "/log", size: 0, group: "g"))
}

/// A rule for each kind of failure that is put right in its own way.
func correctionPack() throws -> [Rule] {
  try rules(
    "id: demo/missing\ncategory: wrong_path\nwhen: { output: 'No such file' }",
    "id: demo/command\ncategory: command_not_found\nwhen: { output: '(?<program>\\S+): command not found' }",
    "id: demo/usage\ncategory: bad_usage\nwhen: { output: ['unknown option', 'unknown command'] }",
    "id: demo/module\ncategory: missing_import\nwhen: { output: 'No module named' }",
    "id: demo/test\ncategory: test_failure\nwhen: { output: 'failed tests' }",
    "id: demo/setup\ncategory: environment_error\nwhen: { output: 'not initialised' }",
    "id: demo/none\ncategory: no_matches\nwhen: { tool: [grep, glob], outcome: succeeded, output: 'No files found' }",
    "id: demo/unread\ncategory: stale_file\nwhen: { output: 'not been read' }",
    "id: demo/mismatch\ncategory: edit_mismatch\nwhen: { output: 'to replace not found' }",
    "id: demo/large\ncategory: too_large\nwhen: { output: 'exceeds' }",
    "id: demo/lint\ncategory: lint_failure\nwhen: { output: 'problems' }",
    "id: demo/host\ncategory: network_error\nwhen: { output: 'timed out' }")
}

/// What put each failure right, in the order of the calls.
func corrections(_ calls: [ToolCall]) throws -> [Correction?] {
  analysis(try correctionPack(), calls).observations.map(\.correction)
}

/// What put the first call right.
func correction(_ failed: ToolCall, _ later: ToolCall...) throws -> Correction? {
  try corrections([failed] + later).first ?? nil
}
