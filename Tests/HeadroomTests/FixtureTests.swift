import Foundation
import LearnPipeline
import Recommendations
import RuleEngine
import SessionModel
import SessionReaders
import Testing

/// A folder in `Fixtures/<agent>` is a test: `home` is laid out as the home of that agent is, and the files beside it hold
/// what comes out. `HEADROOM_UPDATE_GOLDEN=1` writes them anew.
@Suite(.serialized) struct FixtureTests {
  private static let isUpdating = ProcessInfo.processInfo.environment["HEADROOM_UPDATE_GOLDEN"] == "1"

  /// `claude/demo` and so on.
  static var cases: [String] {
    // `hostile` holds values that another test puts into sessions.
    let agents = ((try? Repository.entries(of: Repository.fixtures)) ?? []).filter { $0 != "hostile" }
    return agents.flatMap { agent in
      ((try? Repository.entries(of: Repository.fixtures.appending(path: agent))) ?? []).map { "\(agent)/\($0)" }
    }
  }

  @Test func thereAreCases() {
    #expect(Self.cases.contains("claude/demo"))
    for name in Self.cases { #expect(Fixture.agents[Fixture(name).agent] != nil, "\(name)") }
  }

  @Test(arguments: cases)
  func saysWhatIsExpected(_ name: String) async throws {
    let fixture = Fixture(name)
    let (learnings, survey) = await Learner(world: fixture.world).learn(fixture.selection)
    try check(fixture.report(on: learnings), against: fixture.folder.appending(path: "expected.txt"))
    let failures = try await fixture.projects.flatMap { project in
      try project.observations.map { try Self.encode(FailureRecord($0, of: project)) + "\n" }
    }
    try check(
      fixture.portable(failures.joined()), against: fixture.folder.appending(path: "expected-failures.jsonl"))
    let json = fixture.folder.appending(path: "expected.json")
    // The text holds most of it; the record is kept for the cases that have one.
    if FileManager.default.fileExists(atPath: json.path) {
      let record = try Self.encode(LearnRecord(learnings, survey), pretty: true)
      try check(fixture.portable(record) + "\n", against: json)
    }
  }

  @Test(arguments: ["claude/demo", "claude/subagents", "claude/resumed", "claude/split-result", "claude/two-projects"])
  func threadsAndTheOrderOfFilesChangeNothing(_ name: String) async throws {
    let fixture = Fixture(name)
    let alone = try await record(of: fixture.world, threads: 1)
    #expect(try await record(of: fixture.world, threads: 2) == alone)
    // The same files, made in the reverse order.
    let copy = try TemporaryFolder()
    let home = fixture.folder.appending(path: "home")
    for path in try Repository.files(below: home).reversed() {
      try copy.write(try Data(contentsOf: home.appending(path: path)), to: "home/" + path)
    }
    let elsewhere = try await record(of: Fixture(name, in: copy.url).world, threads: 2)
    #expect(elsewhere.replacing(copy.path, with: fixture.folder.path) == alone)
  }

  @Test func subagentsCanBeLeftOut() async throws {
    let learner = Learner(world: Fixture("claude/subagents").world)
    let (all, _) = await learner.learn(Selection())
    let (main, _) = await learner.learn(Selection(mainOnly: true))
    #expect(all.map(\.summary.calls) == [5])
    #expect(main.map(\.summary.calls) == [1])
  }

  /// Old logs hold the records of subagents between those of the main session.
  @Test func subagentsInsideAMainLogCanBeLeftOut() async throws {
    let folder = try TemporaryFolder()
    var log = ""
    for (id, isSidechain) in [("toolu_1", false), ("toolu_2", true)] {
      let common = #""sessionId":"s1","cwd":"/home/dev/shop","isSidechain":\#(isSidechain)"#
      log +=
        #"{"type":"assistant",\#(common),"message":{"content":[{"type":"tool_use","id":"\#(id)","name":"Bash","input":{"command":"ls"}}]}}"#
        + "\n"
      log +=
        #"{"type":"user",\#(common),"message":{"content":[{"type":"tool_result","tool_use_id":"\#(id)","is_error":true,"content":"Exit code 1"}]}}"#
        + "\n"
    }
    try folder.write(log, to: "home/projects/-home-dev-shop/s1.jsonl")
    let learner = Learner(world: Fixture("claude/made", in: folder.url).world)
    #expect(await learner.learn(Selection()).projects.map(\.summary.calls) == [2])
    #expect(await learner.learn(Selection(mainOnly: true)).projects.map(\.summary.calls) == [1])
  }

  /// A call whose result is in the log of the resumed session is told like any other.
  @Test func callsJoinedAcrossLogsHaveASessionAndACorrection() async throws {
    let folder = try TemporaryFolder()
    func call(_ session: String, _ minute: Int, _ id: String, _ command: String) -> String {
      #"{"type":"assistant","sessionId":"\#(session)","cwd":"/home/dev/shop","timestamp":"2026-03-0\#(minute)T09:00:00Z","message":{"content":[{"type":"tool_use","id":"\#(id)","name":"Bash","input":{"command":"\#(command)"}}]}}"#
        + "\n"
    }
    func result(_ session: String, _ minute: Int, _ id: String, _ text: String, failed: Bool) -> String {
      #"{"type":"user","sessionId":"\#(session)","cwd":"/home/dev/shop","timestamp":"2026-03-0\#(minute)T09:00:00Z","message":{"content":[{"type":"tool_result","tool_use_id":"\#(id)","is_error":\#(failed),"content":"\#(text)"}]}}"#
        + "\n"
    }
    let failure = #"Exit code 1\nnpm error Missing script: \"typechek\""#
    try folder.write(call("s1", 1, "toolu_1", "npm run typechek"), to: "home/projects/-home-dev-shop/s1.jsonl")
    try folder.write(
      result("s2", 2, "toolu_1", failure, failed: true) + call("s2", 3, "toolu_2", "npm run typecheck")
        + result("s2", 4, "toolu_2", "checked", failed: false), to: "home/projects/-home-dev-shop/s2.jsonl")
    let observation = try #require(await Fixture("claude/made", in: folder.url).projects.first?.observations.first)
    #expect(observation.input == "npm run typechek")
    #expect(observation.sessionID == "s2")
    #expect(observation.location.file.hasSuffix("s1.jsonl") && observation.location.line == 1)
    #expect(observation.correction?.callID == "toolu_2")
  }

  /// What is found in many logs waits on disk; what it comes to is the same.
  @Test func manyLogsAreLearnedFromLikeFew() async throws {
    var lines: [[String]] = []
    for count in [3, 600] {
      let folder = try TemporaryFolder()
      for number in 0..<count {
        let records = [
          #"{"type":"assistant","sessionId":"s\#(number)","cwd":"/home/dev/shop","timestamp":"2026-03-01T09:00:00Z","message":{"content":[{"type":"tool_use","id":"a\#(number)","name":"Bash","input":{"command":"jq . a.json"}}]}}"#,
          #"{"type":"user","sessionId":"s\#(number)","cwd":"/home/dev/shop","timestamp":"2026-03-01T09:00:01Z","message":{"content":[{"type":"tool_result","tool_use_id":"a\#(number)","is_error":true,"content":"Exit code 127\nbash: jq: command not found"}]}}"#,
          // The result of this call is in the next log.
          #"{"type":"assistant","sessionId":"s\#(number)","cwd":"/home/dev/shop","timestamp":"2026-03-01T09:00:02Z","message":{"content":[{"type":"tool_use","id":"b\#(number)","name":"Bash","input":{"command":"make"}}]}}"#,
          #"{"type":"user","sessionId":"s\#(number)","cwd":"/home/dev/shop","timestamp":"2026-03-01T09:00:03Z","message":{"content":[{"type":"tool_result","tool_use_id":"b\#(number - 1)","is_error":false,"content":"done"}]}}"#,
        ]
        try folder.write(records.joined(separator: "\n") + "\n", to: "home/projects/-shop/s\(number).jsonl")
      }
      let (learnings, survey) = await Learner(world: Fixture("claude/made", in: folder.url).world).learn(Selection())
      let learning = try #require(learnings.first)
      #expect(learnings.count == 1 && survey.files == count)
      #expect(learning.summary.sessions == count)
      // The last call has no result, and the first result no call.
      #expect(learning.summary.calls == 2 * count)
      #expect(learning.recommendations.map(\.evidence.count) == [count])
      lines.append(learning.recommendations.map(\.text))
    }
    #expect(lines[0] == lines[1])
  }

  /// What the README shows is what the program prints.
  @Test func readmeShowsTheDemo() async throws {
    let file = Repository.root.appending(path: "README.md")
    let readme = try Repository.text(file)
    let start = try #require(readme.range(of: "<!-- demo:start -->\n"))
    let end = try #require(readme.range(of: "<!-- demo:end -->"))
    let fixture = Fixture("claude/demo")
    let demo = fixture.report(on: await Learner(world: fixture.world).learn(Selection()).projects)
    let shown =
      readme[..<start.upperBound] + "```text\n$ headroom learn --all\n\(demo)```\n" + readme[end.lowerBound...]
    try check(String(shown), against: file)
  }

  private func record(of world: World, threads: Int) async throws -> String {
    let (learnings, survey) = await Learner(world: world).learn(Selection(threads: threads))
    return try Self.encode(LearnRecord(learnings, survey))
  }

  private static func encode(_ value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func check(_ text: String, against file: URL, _ location: SourceLocation = #_sourceLocation) throws {
    if Self.isUpdating {
      try Data(text.utf8).write(to: file)
      return
    }
    let expected = (try? Repository.text(file)) ?? ""
    if let difference = Self.firstDifference(expected, text) {
      Issue.record("\(file.path): \(difference)\n`make golden` writes it anew", sourceLocation: location)
    }
  }

  /// The first line that differs; nil when the texts are equal.
  static func firstDifference(_ expected: String, _ found: String) -> String? {
    guard Array(expected.utf8) != Array(found.utf8) else { return nil }
    let pair = [expected, found].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
    let line = zip(pair[0], pair[1]).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let number = line ?? min(pair[0].count, pair[1].count)
    let shown = pair.map { $0.indices.contains(number) ? String($0[number]) : "(the end)" }
    return "line \(number + 1)\n  expected: \(shown[0])\n  found:    \(shown[1])"
  }
}

/// One case, seen as if it lay in the home of `dev` on 10 March 2026, with nothing else on the machine.
struct Fixture {
  static let home = "/home/dev"

  /// How each agent is told where to look, and what stands for that place in what is expected.
  static let agents: [String: (variable: String?, place: String, isNamed: Bool)] = Dictionary(
    uniqueKeysWithValues: Agents.all.map { plugin in
      let place = plugin.places.first
      let variable = place?.variables.first
      let standard = variable == nil || place?.standard.isEmpty != false ? "" : "/" + (place?.standard ?? "")
      return (plugin.name, (variable, plugin.readsNamedLogs ? "~/logs" : "~" + standard, plugin.readsNamedLogs))
    })

  let agent: String
  let folder: URL

  init(_ name: String, in base: URL? = nil) {
    agent = String(name.prefix { $0 != "/" })
    folder = base ?? Repository.fixtures.appending(path: name)
  }

  private var agentHome: String { folder.appending(path: "home").path }

  private var place: (variable: String?, place: String, isNamed: Bool)? { Self.agents[agent] }

  /// Logs that are named are all that there is in the folder.
  var selection: Selection {
    place?.isNamed == true ? Selection(agents: [agent], logs: [agentHome]) : Selection()
  }

  var world: World {
    let prefix = folder.path + "/"
    var variables = ["XDG_STATE_HOME": prefix + "nothing"]
    for (name, place) in Self.agents {
      if let variable = place.variable { variables[variable] = prefix + (name == agent ? "home" : "nothing") }
    }
    // An agent that no variable leads to looks below the home of the user.
    let home = place.map { $0.variable == nil && !$0.isNamed } == true ? agentHome : Self.home
    return World(
      variables: variables, home: home, currentDirectory: home, today: "2026-03-10",
      fileExists: { $0.hasPrefix(prefix) && FileManager.default.fileExists(atPath: $0) },
      isFolder: { path in
        guard path.hasPrefix(prefix) else { return false }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
      },
      read: { $0.hasPrefix(prefix) ? FileManager.default.contents(atPath: $0).map { Array($0) } : nil })
  }

  /// What the logs come to, without any lesson.
  var projects: [ProjectAnalysis] {
    get async { await SessionAnalyzer(rules: .builtin, world: world).analyze(selection).projects }
  }

  func report(on learnings: [ProjectLearning]) -> String {
    let hints = TextReport.Hints(apply: "headroom learn --all --apply")
    return portable(TextReport(style: TextStyle(isColored: false), home: Self.home, hints: hints).text(of: learnings))
  }

  /// Without the place of the checkout.
  func portable(_ text: String) -> String {
    // A checkout in the home of a real `dev` is shown with a tilde already.
    let short = agentHome.hasPrefix(Self.home + "/") ? "~" + agentHome.dropFirst(Self.home.count) : agentHome
    let place = place?.place ?? "~"
    return text.replacing(short, with: place).replacing(agentHome, with: place)
  }
}
