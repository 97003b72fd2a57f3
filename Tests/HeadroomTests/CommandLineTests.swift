import Foundation
import Testing

/// The program as others call it: what it prints where, and how it ends.
struct CommandLineTests {
  private let folder: TemporaryFolder
  private var program: Program

  init() throws {
    folder = try TemporaryFolder()
    program = try Program(in: folder)
  }

  private func program(on fixture: String) -> Program {
    var program = program
    program.variables["CLAUDE_CONFIG_DIR"] = Repository.fixtures.appending(path: "claude/\(fixture)/home").path
    return program
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  // MARK: Calls

  @Test(arguments: [
    ["learn", "--agent", "nobody"], ["learn", "--no-such-option"], ["no-such-command"],
    ["learn", "--all", "--project", "."],
    ["learn", "-j", "0"], ["learn", "--since", "yesterday"], ["learn", "--since", "2026-13-01"],
    ["learn", "--until", "2026-02-29"], ["learn", "--since", "2026-03-02T25:00"],
    ["learn", "--since", "2026-03-02Tx"],
    ["learn", "--target", "-"], ["learn", "--target", ""], ["learn", "--format", "xml"],
    ["rules", "list", "--category", "nope"], ["explain"],
  ])
  func wrongCallsEndWithTwo(_ arguments: [String]) throws {
    let result = try program.run(arguments)
    #expect(result.status == 2, "\(result)")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Usage:"))
  }

  @Test func unknownAgentsAreAnsweredWithTheKnownOnes() throws {
    let result = try program.run("learn", "--agent", "cloude")
    #expect(result.errors.contains("unknown agent `cloude`") && result.errors.contains("claude"))
  }

  @Test func helpAndVersionEndWithZero() throws {
    for argument in ["--help", "--version"] {
      let result = try program.run(argument)
      #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty)
    }
  }

  // MARK: Bad input

  @Test func noLogsAtAll() throws {
    let result = try program.run("learn", "--all")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("no session logs found"))
    #expect(result.errors.contains(folder.path + "/claude"))
    #expect(try folder.snapshot().isEmpty)
  }

  @Test(arguments: ["learn", "failures"])
  func noneOfTheLogsThatWereNamed(_ command: String) throws {
    let result = try program.run(command, "--agent", "jsonl", "/nowhere/log.jsonl")
    #expect(result.errors.contains("/nowhere/log.jsonl: it does not exist"))
    #expect(!result.errors.contains("no sessions of"))
  }

  @Test func noSessionsOfThisProject() throws {
    let result = try program(on: "demo").run("learn", "--project", "/home/dev/other")
    #expect(result.status == 0)
    #expect(result.errors.contains("no sessions of /home/dev/other found"))
  }

  @Test func junkIsCountedAndNamed() throws {
    var junk = Data((0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
    junk.append(10)
    try folder.write(junk, to: "claude/projects/-home-dev-junk/one.jsonl")
    try folder.write(junk, to: "claude/projects/-home-dev-junk/photo.jpg")
    try folder.write(Data(), to: "claude/projects/-home-dev-junk/empty.jsonl")
    let result = try program.run("learn", "--all")
    #expect(result.status == 0)
    #expect(result.output.contains("malformed lines") && result.output.contains("one.jsonl:1"))
    #expect(!result.output.contains("photo.jpg"))
  }

  @Test(arguments: [["failures"], ["rules", "missed"], ["rules", "profile"], ["rules", "bench"]])
  func lossesAreToldByThoseWhoShowNoReportAboutThem(_ command: [String]) throws {
    try folder.write(String(repeating: "no record\n", count: 9), to: "claude/projects/-home-dev-junk/one.jsonl")
    let result = try program.run(command + ["--all"])
    #expect(result.status == 0)
    #expect(result.errors.contains("malformed lines 9, the first at"), "\(result)")
    #expect(result.errors.contains("one.jsonl:1: this is not a JSON record"), "\(result)")
    #expect(try program.run("rules", "missed", "--all", "--rows=-1").status == 2)
  }

  @Test func aProgramWithoutANameIsNone() throws {
    for turn in 0..<3 {
      var log = HostileLog(session: "s\(turn)", project: "/home/dev/shop")
      log.shell("\"  \"", "Error: Cannot find module 'dotenv'\nRequire stack:\n- /home/dev/shop/app.js")
      try folder.write(log.text, to: "claude/projects/-home-dev-shop/s\(turn).jsonl")
    }
    #expect(try program.run("learn", "--all").status == 0)
  }

  @Test(arguments: ["2024-02-29", "2026-03-31T18:00", "2026-03-31T23:59:59Z", "2026-03-31T08"])
  func datesAreTaken(_ date: String) throws {
    #expect(try program(on: "demo").run("failures", "--all", "--since", date).status == 0)
  }

  @Test func filesInUTF16AreLeftAlone() throws {
    let bytes = Data([0xFF, 0xFE, 0x41, 0x00, 0x0A, 0x00])
    let file = try folder.write(bytes, to: "NOTES.md")
    let result = try program(on: "demo").run(
      "learn", "--project", "/home/dev/shop", "--target", file.path, "--apply")
    #expect(result.output.contains("NOTES.md is UTF-16; nothing was written"), "\(result)")
    #expect(result.output.contains("No file was written."), "\(result)")
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test func unreadableFileIsNamedAndTheRestIsRead() throws {
    let home = Repository.fixtures.appending(path: "claude/two-projects/home/projects")
    for path in try Repository.files(below: home) {
      try folder.write(try Data(contentsOf: home.appending(path: path)), to: "claude/projects/" + path)
    }
    let closed = try folder.write("{}", to: "claude/projects/-home-dev-apples/closed.jsonl")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: closed.path)
    var program = program
    // Root may read everything, unless it gives the right up.
    if FileManager.default.isReadableFile(atPath: closed.path) {
      program.prefix = ["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search"]
      guard FileManager.default.isExecutableFile(atPath: program.prefix[0]), try program.run("--version").status == 0
      else { return }
    }
    let result = try program.run("learn", "--all")
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.contains("closed.jsonl: you may not read it"))
    #expect(result.output.contains("apples") && result.output.contains("pears"))
  }

  // MARK: Rules

  @Test func marksAndHiddenCopiesOfEditorsAreNoFaults() throws {
    let rule = "  - id: mine/one\n    category: other\n    when: { output: 'no such stage' }\n"
    let examples = "    examples: [{ output: no such stage }]\n"
    try folder.write("\u{FEFF}pack: mine\nrules:\n" + rule + examples, to: "rules/mine.yaml")
    try folder.write("\u{0}\u{5}half", to: "rules/._mine.yaml")
    let result = try program.run("rules", "check", folder.path + "/rules")
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("1 rule, 1 example, 0 faults"), "\(result)")
  }

  @Test func typoInARuleFileIsShownWithItsPlace() throws {
    let rules =
      "pack: mine\nrules:\n  - id: mine/one\n    category: bad_usge\n    when:\n      output: 'no such stage'\n"
    let file = try folder.write(rules, to: "rules/mine.yaml")
    for arguments in [["learn", "--rules", file.path], ["learn", "--rules", folder.path + "/rules"]] {
      let result = try program(on: "demo").run(arguments[0], arguments[1], arguments[2])
      #expect(result.status == 1)
      #expect(result.output.isEmpty)
      #expect(result.errors.contains("mine.yaml:4:"), "\(result.errors)")
      #expect(result.errors.contains("bad_usge") && result.errors.contains("bad_usage"))
    }
    #expect(try program.run("rules", "test", file.path).status == 3)
    #expect(try folder.snapshot().keys.sorted() == ["rules/mine.yaml"])
  }

  @Test func missingRuleFileIsNamed() throws {
    let result = try program(on: "demo").run("learn", "--rules", "nowhere.yaml")
    #expect(result.status == 1)
    #expect(result.errors.contains("nowhere.yaml") && result.errors.contains("no such file"))
  }

  @Test func rulesFromTheCommandLineAndFromTheUsersFolderAreUsed() throws {
    let rules = """
      pack: mine
      rules:
        - id: mine/tests
          category: other
          rank: 99
          when:
            tool: shell
            output: '1 failed, 4 passed'
          learn:
            section: Mine
            times: 1
            otherwise: "Mind the discount"
          examples:
            - output: "1 failed, 4 passed in 2 s"
            - output: "4 passed"
              matches: false
      """
    let file = try folder.write(rules, to: "config/headroom/rules/mine.yaml")
    // The test of the demo fails behind a pipe: a rule that believes the status says nothing.
    #expect(try !program(on: "demo").run("learn", "--all").output.contains("Mind the discount"))
    try folder.write(
      rules.replacing("rank: 99", with: "rank: 99\n    masked: producer"), to: "config/headroom/rules/mine.yaml")
    #expect(try program(on: "demo").run("learn", "--all").output.contains("Mind the discount"))
    #expect(try program.run("rules", "test", file.path).status == 0)
  }

  @Test func exampleThatDoesNotHoldIsAFault() throws {
    let rules =
      "pack: mine\nrules:\n  - id: mine/one\n    category: bad_usage\n    when:\n      output: 'no such stage'\n    examples:\n      - output: all is well\n"
    let file = try folder.write(rules, to: "mine.yaml")
    let result = try program.run("rules", "test", file.path)
    #expect(result.status == 3)
    #expect(result.output.contains("mine.yaml:8: mine/one: the example should match and does not"))
  }

  @Test func programCopiedAloneStillHasItsRules() throws {
    var program = program
    let copy = folder.url.appending(path: "alone")
    try FileManager.default.copyItem(at: program.file, to: copy)
    program.file = copy
    let result = try program.run("rules", "test")
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("0 failed"))
    #expect(result.output.prefix { $0.isNumber }.count >= 3)
  }

  // MARK: Output

  @Test func sameBytesForOneThreadAndTwo() throws {
    for format in ["text", "json"] {
      let one = try program(on: "demo").run("learn", "--all", "-j", "1", "--format", format)
      let two = try program(on: "demo").run("learn", "--all", "-j", "2", "--format", format)
      #expect(one.status == 0 && !one.output.isEmpty)
      #expect(one.output == two.output)
    }
  }

  @Test func jsonIsWhatTheContractSays() throws {
    let result = try program(on: "demo").run("learn", "--all", "--format", "json")
    let record = try Self.decoder.decode(ContractRecord.self, from: Data(result.output.utf8))
    #expect(record.schema == 1)
    let project = try #require(record.projects.first)
    #expect(project.name == "shop" && project.path == "/home/dev/shop" && project.agent == "claude")
    #expect(project.issues == ["malformed_lines": 1, "torn_lines": 1])
    #expect(
      project.recommendations.allSatisfy { $0.content.hasPrefix("- ") && $0.id.hasPrefix("r-") && !$0.evidence.isEmpty }
    )
    // The project of the demo is on nobody's machine.
    #expect(project.files.map(\.action) == ["withheld", "withheld"])
    #expect(project.categories.values.reduce(0, +) == project.failures)
  }

  @Test func failureLinesAreWhatTheContractSays() throws {
    let result = try program(on: "demo").run("failures", "--all", "--format", "jsonl")
    let lines = try result.output.split(separator: "\n").map {
      try Self.decoder.decode(ContractFailure.self, from: Data($0.utf8))
    }
    #expect(Set(lines.map(\.callId)).count == lines.count)
    #expect(lines.contains { $0.masked && !$0.flagged && $0.failed })
    #expect(lines.contains { $0.correction?.kind == "path" })
  }

  @Test func explainShowsWhatALineRestsOn() throws {
    let learned = try program(on: "demo").run("learn", "--all", "--format", "json")
    let record = try Self.decoder.decode(ContractRecord.self, from: Data(learned.output.utf8))
    for line in record.projects.flatMap(\.recommendations) {
      let result = try program(on: "demo").run("explain", line.id)
      #expect(result.status == 0)
      for place in line.evidence { #expect(result.output.contains("\(place.file):\(place.line)")) }
    }
    #expect(try program(on: "demo").run("explain", "r-000000").status == 1)
  }

  @Test func explainNamesEachRuleOfALesson() throws {
    let lesson = try program(on: "retry-loop").run("explain", "r-65f3c7").output
    for rule in ["not-read-first (stale_file)", "edit-mismatch (edit_mismatch)"] {
      #expect(lesson.contains("rule claude-code/\(rule), "))
    }
  }

  @Test func agentsAreListedWithTheirLogs() throws {
    let result = try program(on: "two-projects").run("agents")
    #expect(result.status == 0)
    #expect(result.output.contains("claude  Claude Code: 4 log files"))
  }
}

/// The fields that others rely on.
private struct ContractRecord: Decodable {
  struct Project: Decodable {
    var agent, name, path: String
    var sessions, calls, failures: Int
    var failureRate: Double
    var categories, issues: [String: Int]
    var recommendations: [Line]
    var files: [File]
  }

  struct Line: Decodable {
    var id, rule, target, section, content, firstSeen, lastSeen, origin: String
    var trigger: [String: String]
    var correction: String?
    var confidence: Double
    var evidenceCount, sessions, estimatedTokensSaved: Int
    var evidence: [Place]
  }

  struct Place: Decodable {
    var session, file, callId: String
    var line: Int
  }

  struct File: Decodable {
    var path, action, content, diff: String
    var warnings: [String]
  }

  var schema: Int
  var projects: [Project]
}

private struct ContractFailure: Decodable {
  struct Correction: Decodable { var kind, text, callId: String }

  var agent, project, session, file, timestamp, callId, tool, toolName, input, category: String
  var line, tokens: Int
  var failed, flagged, masked: Bool
  var rule: String?
  var captures: [String: String]
  var correction: Correction?
}
