import RulePack
import SessionModel
import Testing

@testable import Recommendations
@testable import RuleEngine

let project = "/home/u/shop"

func lessonRules() throws -> [Rule] {
  var reader = PackReader()
  reader.read(
    """
    pack: demo
    rules:
      - id: demo/module
        category: missing_import
        when: { output: "No module named '(?<module>\\\\w+)'" }
        learn: { key: module, section: Environment, fixed: "`{module}` is missing; use `{fix}`", otherwise: "`{module}` is not installed" }
        examples: [{ output: x }]
      - id: demo/import
        category: missing_import
        when: { output: "cannot import '(?<module>\\\\w+)'" }
        learn: { key: module, section: Imports, otherwise: "`{module}` cannot be imported" }
        examples: [{ output: x }]
      - id: demo/often
        category: test_failure
        when: { output: "(?<name>\\\\w+) failed" }
        learn: { key: name, section: Tests, times: 3, sessions: 2, target: memory, otherwise: "`{name}` fails" }
        examples: [{ output: x }]
      - id: demo/fixed-only
        category: bad_usage
        when: { output: "unknown option (?<flag>\\\\S+)" }
        learn: { key: head, section: Commands, fixed: "`{head}`: use `{fix}`" }
        examples: [{ output: x }]
      - id: demo/command
        category: command_not_found
        when: { output: "(?<program>\\\\S+): command not found" }
        learn: { key: program, section: Commands, fixed: "`{program}`: use `{fix}`", otherwise: "`{program}` is not installed" }
        examples: [{ output: x }]
      - id: demo/missing
        category: wrong_path
        when: { output: "No such file" }
        learn: { key: path, section: File paths, fixed: "`{path}`: use `{fix}`", otherwise: "`{path}` does not exist" }
        examples: [{ output: x }]
      - id: demo/general
        category: stale_file
        when: { output: "read first" }
        learn: { section: Editing, times: 2, sessions: 2, otherwise: "Read a file before you edit it, whatever you know of it" }
        examples: [{ output: x }]
      - id: demo/login
        category: auth_error
        when: { output: "log in first" }
        learn: { key: head, section: Environment, otherwise: "`{head}` needs a login" }
        examples: [{ output: x }]
      - id: demo/refused
        category: user_rejected
        when: { outcome: rejected }
        learn: { key: head, section: Preferences, otherwise: "The user refused `{head}`" }
        examples: [{ output: x }]
      - id: demo/lint
        category: lint_failure
        when: { output: "problems" }
        learn: { key: head, section: Tests, fixed: "Run `{fix}` before `{head}`" }
        examples: [{ output: x }]
      - id: demo/no-tool
        category: invalid_arguments
        when: { output: "no such tool" }
        learn: { key: tool, section: Tools, until: tool, otherwise: "There is no tool `{tool}`" }
        examples: [{ output: x }]
      - id: demo/no-plugin
        category: environment_error
        when: { output: "no plugin for (?<program>\\\\w+)" }
        learn: { key: program, section: Tools, until: program, otherwise: "`{program}` lacks its plugin" }
        examples: [{ output: x }]
      - id: demo/half-set-up
        category: environment_error
        when: { output: "half set up" }
        learn: { key: head, section: Tools, until: head, otherwise: "`{head}` is not set up" }
        examples: [{ output: x }]
      - id: demo/odd-shell
        category: environment_error
        when: { output: "odd shell" }
        learn: { section: Tools, otherwise: "The shell here is odd" }
        examples: [{ output: x }]
      - id: demo/locked
        category: permission_denied
        when: { output: "locked" }
        learn: { key: path, section: Editing, until: path, otherwise: "`{path}` is locked" }
        examples: [{ output: x }]
      - id: demo/unlearned
        category: timeout
        when: { output: "timed out" }
        examples: [{ output: x }]
    """, file: "demo.yaml")
  try #require(reader.faults.isEmpty, "\(reader.faults.map(\.description))")
  return reader.rules
}

/// Makes failures, one a line of the log.
struct FailureMaker {
  private(set) var line = 0

  mutating func failure(
    _ rule: String?, _ category: RulePack.Category, _ slots: [String: String], tool: ToolKind = .shell,
    session: String = "s1", tokens: Int = 1000,
    fix: Correction? = nil, id: String? = nil, time: String? = nil
  ) -> Observation {
    line += 1
    let day = line < 10 ? "0\(line)" : "\(line)"
    return Observation(
      callID: id ?? "call\(line)", sessionID: session, location: LogLocation(file: "/log", line: line),
      timestamp: time ?? "2026-03-01T10:00:\(day)Z",
      tool: tool, toolName: "Bash", input: "make", failed: true, flagged: true, masked: false, category: category,
      ruleID: rule, slots: slots, origins: slots.mapValues { _ in .agent },
      excerpt: "", workingDirectory: project, isSidechain: false, tokens: tokens, tokensAreMeasured: false,
      feedback: nil, correction: fix,
      repetition: 1)
  }

  mutating func move(_ from: String, _ to: String, session: String = "s1") -> Observation {
    let fix = Correction(
      kind: .path, from: project + "/" + from, text: project + "/" + to, callID: "c", confidence: 0.9)
    return failure("demo/missing", .wrongPath, ["path": project + "/" + from], tool: .read, session: session, fix: fix)
  }
}

func command(_ text: String, _ confidence: Double = 0.9, from: String = "x") -> Correction {
  Correction(kind: .command, from: from, text: text, callID: "later", confidence: confidence)
}

func book(
  sessions: Int = 1, successes: SuccessTally = SuccessTally(), minimum: Int? = nil,
  installed: Set<String> = [], scripts: Set<String>? = nil,
  exists: @escaping @Sendable (String) -> Bool? = { _ in nil }
) throws -> LessonBook {
  LessonBook(
    lessons: Lessons(of: try lessonRules()),
    facts: ProjectFacts(
      path: project, exists: exists, isInstalled: { installed.contains($0) }, scripts: { _ in scripts }),
    successes: successes,
    sessions: sessions, minimumEvidence: minimum)
}

/// What worked, as the calls of a session would have it.
func successes(_ calls: (command: String?, path: String?, time: String)...) -> SuccessTally {
  var tally = SuccessTally()
  for (index, call) in calls.enumerated() {
    var analyzer = CallAnalyzer(classifier: Classifier(rules: []), scratch: ClassifierScratch())
    let input = ToolInput(text: call.command ?? call.path ?? "", path: call.path)
    analyzer.accept(
      .call(
        ToolCall(
          id: "ok\(index)", tool: call.command == nil ? .read : .shell, toolName: "x", input: input,
          outcome: .succeeded, workingDirectory: project,
          location: LogLocation(file: "/ok", line: index), timestamp: call.time)))
    tally.merge(analyzer.finish(FileSummary(), file: LogFile(path: "/ok", size: 0, group: "")).successes)
  }
  return tally
}
