import RulePack
import SessionModel
import TestSupport
import Testing

@testable import Recommendations
@testable import RuleEngine

/// All that can be asked of evidence.
private struct Answers: Equatable {
  var calls: [String]
  var places: [LogLocation]
  var sessions: Int
  var tokens: Int
  var seen: [String]
  var fix: String?
  var confidence: Double?
  var times: Int?
  var module: String?

  init(_ evidence: Evidence) {
    calls = evidence.observations.map(\.callID)
    places = evidence.observations.map(\.location)
    sessions = evidence.sessions
    tokens = evidence.tokens
    seen = [evidence.firstSeen, evidence.lastSeen]
    fix = evidence.correction?.correction.text
    confidence = evidence.correction?.correction.confidence
    times = evidence.correction?.times
    module = evidence.slot("module")
  }
}

@Suite struct EvidenceTests {
  private let key = LessonKey(ruleID: "demo/module", values: ["yaml"])

  /// Copies of a call in other files, at other times, with other corrections and sessions.
  private func random(_ random: inout SplitMix64, file: Int) -> Evidence {
    var make = FailureMaker()
    let observations = (0..<Int.random(in: 0...6, using: &random)).map { _ in
      var made = make.failure(
        "demo/module", .missingImport, ["module": random.pick(["yaml", "toml", "json"])],
        session: random.pick(["s1", "s2", "s3"]),
        tokens: Int.random(in: 0...50, using: &random),
        fix: random.chance(50) ? command(random.pick(["a", "b", "c"]), random.pick([0.5, 0.9])) : nil,
        id: "c\(Int.random(in: 0...5, using: &random))",
        time: random.pick(["", "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"]))
      made.location.file = "/log\(file)"
      return made
    }
    return Evidence(key: key, observations)
  }

  @Test func mergeIsAssociativeCommutativeAndIdempotent() {
    var generator = SplitMix64(seed: 81)
    for round in 0..<rounds(3000) {
      let a = random(&generator, file: 1)
      let b = random(&generator, file: 2)
      let c = random(&generator, file: 3)
      #expect(Answers(a.merge(b)) == Answers(b.merge(a)), "round \(round)")
      #expect(Answers(a.merge(b).merge(c)) == Answers(a.merge(b.merge(c))), "round \(round)")
      #expect(Answers(a.merge(a)) == Answers(a), "round \(round)")
      #expect(Answers(a.merge(b).merge(b)) == Answers(a.merge(b)), "round \(round)")
      #expect(Answers(a.merge(Evidence(key: key, []))) == Answers(a), "round \(round)")
      let together = Evidence(key: key, (a.observations + b.observations + c.observations).shuffled(using: &generator))
      #expect(Answers(together) == Answers(a.merge(b).merge(c)), "round \(round)")
    }
  }

  @Test func aCallOfAForkedSessionCountsOnceWhereItWasMade() {
    var make = FailureMaker()
    let original = make.failure(
      "demo/module", .missingImport, ["module": "yaml"], session: "s1", id: "c", time: "2026-03-01T10:00:00Z")
    let copy = make.failure(
      "demo/module", .missingImport, ["module": "yaml"], session: "s2", id: "c", time: "2026-03-02T10:00:00Z")
    let merged = Evidence(key: key, [copy]).merge(Evidence(key: key, [original]))
    #expect(merged.count == 1 && merged.sessions == 1)
    #expect(merged.observations.map(\.sessionID) == ["s1"])
  }

  @Test func theCorrectionSeenMostOftenSpeaks() {
    var make = FailureMaker()
    let fixes = [command("uv run", 0.5), command("uv run", 0.8), command("pip", 0.95), nil]
    let evidence = Evidence(key: key, fixes.map { make.failure("demo/module", .missingImport, [:], fix: $0) })
    #expect(evidence.correction?.correction.text == "uv run")
    #expect(evidence.correction?.correction.confidence == 0.8)
    #expect(evidence.correction?.times == 2)
  }

  /// Known values of FNV-1a: keys of calls must not change between versions.
  @Test func digestsAreStable() {
    #expect(Digest(of: "").value == 0xcbf2_9ce4_8422_2325)
    #expect(Digest(of: "a").value == 0xaf63_dc4c_8601_ec8c)
    #expect(Digest(of: "foobar").value == 0x8594_4171_f739_67e8)
  }
}
