import Foundation
import LearnPipeline
import Recommendations
import RuleEngine
import SessionModel
import TestSupport
import Testing

/// Whatever the cache holds, the answer is that of reading every log.
@Suite(.serialized) struct ResultCacheTests {
  /// All that comes out.
  private struct Record: Equatable {
    var survey: String
    var projects: [ProjectAnalysis]
  }

  private static func record(_ logs: (projects: [ProjectAnalysis], survey: LogSurvey)) throws -> Record {
    Record(survey: try encoded(LearnRecord([], logs.survey)), projects: logs.projects)
  }

  private static func encoded(_ record: LearnRecord) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }

  /// Analyzers that share the rules and their patterns.
  private struct Readers {
    let fresh: SessionAnalyzer
    let cached: SessionAnalyzer
    let warnings: Warnings

    init(_ fixture: Fixture, cache folder: TemporaryFolder) {
      let warnings = Warnings()
      var world = fixture.world
      world.variables["XDG_CACHE_HOME"] = folder.path + "/cache"
      fresh = SessionAnalyzer(classifier: ResultCacheTests.classifier, world: world)
      cached = SessionAnalyzer(
        classifier: ResultCacheTests.classifier, world: world,
        cache: ResultCache(in: world, resumableSize: 0) { warnings.add($0) })
      self.warnings = warnings
    }
  }

  private static let classifier = Classifier(
    rules: (try? RuleLayers.load(paths: [], world: Fixture("claude/demo").world).rules) ?? [])

  @Test(arguments: FixtureTests.cases)
  func aSecondRunSaysTheSame(_ name: String) async throws {
    let fixture = Fixture(name)
    let folder = try TemporaryFolder()
    for mainOnly in [false, true] {
      var selection = fixture.selection
      selection.mainOnly = mainOnly
      let expected = try Self.record(await Readers(fixture, cache: folder).fresh.analyze(selection))
      for threads in [1, 2, 2] {
        selection.threads = threads
        let readers = Readers(fixture, cache: folder)
        #expect(try Self.record(await readers.cached.analyze(selection)) == expected)
        #expect(readers.warnings.all == [])
      }
    }
  }

  @Test(
    arguments: [("claude/demo", [nil, 1, nil]), ("claude/resumed", [nil]), ("claude/two-projects", [nil])]
      + [("codex/events", [nil]), ("gemini/lines", [nil]), ("opencode/storage", [nil])] as [(String, [Int?])])
  func aSecondRunLearnsTheSame(_ name: String, _ minimumEvidence: [Int?]) async throws {
    let fixture = Fixture(name)
    let folder = try TemporaryFolder()
    var world = fixture.world
    world.variables["XDG_CACHE_HOME"] = folder.path + "/cache"
    for evidence in minimumEvidence {
      let options = LearnOptions(minimumEvidence: evidence)
      func lessons(_ cache: ResultCache?) async throws -> String {
        let (projects, survey) = await Learner(world: world, options: options, cache: cache).learn(fixture.selection)
        return try Self.encoded(LearnRecord(projects, survey)) + fixture.report(on: projects)
      }
      let expected = try await lessons(nil)
      for _ in 0..<2 {
        #expect(try await lessons(ResultCache(in: world) { Issue.record("\($0)") }) == expected)
      }
    }
  }

  /// What was learned is not believed when the machine has changed since.
  @Test func lessonsHoldAsLongAsTheirFacts() async throws {
    let folder = try TemporaryFolder()
    let project = folder.path + "/shop"
    try folder.write("{}", to: "shop/package.json")
    for session in ["s1", "s2"] {
      let lines = (0..<2).flatMap { number in
        [
          #"{"type":"assistant","sessionId":"\#(session)","cwd":"\#(project)","timestamp":"2026-03-0\#(number + 1)T09:00:00Z","message":{"content":[{"type":"tool_use","id":"\#(session)\#(number)","name":"Bash","input":{"command":"jq . a.json"}}]}}"#,
          #"{"type":"user","sessionId":"\#(session)","cwd":"\#(project)","timestamp":"2026-03-0\#(number + 1)T09:00:01Z","message":{"content":[{"type":"tool_result","tool_use_id":"\#(session)\#(number)","is_error":true,"content":"Exit code 127\nbash: jq: command not found"}]}}"#,
        ]
      }
      try folder.write(lines.joined(separator: "\n") + "\n", to: "home/projects/-shop/\(session).jsonl")
    }
    var world = Fixture("claude/made", in: folder.url).world
    world.variables["XDG_CACHE_HOME"] = folder.path + "/cache"
    world.variables["PATH"] = folder.path + "/bin"
    func learn() async -> ProjectLearning? {
      await Learner(world: world, cache: ResultCache(in: world) { Issue.record("\($0)") }).learn(Selection()).projects
        .first
    }
    for _ in 0..<2 {
      let learning = try #require(await learn())
      #expect(learning.recommendations.map(\.text).contains { $0.contains("jq") }, "\(learning.leftOut)")
    }
    try folder.write("", to: "bin/jq")
    for _ in 0..<2 {
      let learning = try #require(await learn())
      #expect(learning.recommendations.isEmpty)
      #expect(learning.leftOut.map(\.reason) == [.installed(program: "jq")])
    }
  }

  /// A log is cut between lines, around their ends and at some bytes, looked at, and made whole again.
  @Test(
    arguments: ["claude/demo", "claude/background", "claude/damaged", "claude/usage", "claude/retry-loop"]
      + ["codex/events", "codex/code-mode", "codex/messages", "codex/exit-status"])
  func aLogThatGrowsSaysTheSame(_ name: String) async throws {
    let folder = try TemporaryFolder()
    let home = Fixture(name).folder.appending(path: "home")
    for path in try Repository.files(below: home) {
      try folder.write(try Data(contentsOf: home.appending(path: path)), to: "home/" + path)
    }
    let fixture = Fixture(name, in: folder.url)
    let readers = Readers(fixture, cache: folder)
    let expected = try Self.record(await readers.fresh.analyze(fixture.selection))
    var random = SplitMix64(seed: 8)
    for path in try Repository.files(below: home) where path.hasSuffix(".jsonl") {
      let whole = try folder.data("home/" + path)
      let ends = whole.indices.filter { whole[$0] == 10 }.flatMap { [$0, $0 + 1] }
      var cuts = Array(ends.shuffled(using: &random).prefix(rounds(12)))
      for _ in 0..<rounds(6) { cuts.append(Int.random(in: 0...whole.count, using: &random)) }
      for cut in cuts {
        try folder.write(Data(whole[..<cut]), to: "home/" + path)
        #expect(
          try Self.record(await readers.cached.analyze(fixture.selection))
            == Self.record(await readers.fresh.analyze(fixture.selection)), "\(path) cut at \(cut)")
        let handle = try FileHandle(forWritingTo: folder.url.appending(path: "home/" + path))
        try handle.seekToEnd()
        // In two steps, the second of which may end in the middle of a line.
        let middle = Int.random(in: cut...whole.count, using: &random)
        try handle.write(contentsOf: whole[cut..<middle])
        _ = await readers.cached.analyze(fixture.selection)
        try handle.write(contentsOf: whole[middle...])
        try handle.close()
        #expect(
          try Self.record(await readers.cached.analyze(fixture.selection)) == expected,
          "\(path) cut at \(cut), \(middle)")
      }
    }
    #expect(readers.warnings.all == [])
  }
}

/// What the cache complained of.
final class Warnings: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var texts: [String] = []

  func add(_ text: String) { lock.withLock { unsafe texts.append(text) } }

  var all: [String] { lock.withLock { unsafe texts } }
}
