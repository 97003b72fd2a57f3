import Foundation
import TestSupport
import Testing

@testable import HeadroomBench

/// The data of the benchmark, which knows what it holds.
struct BenchmarkDataTests {
  private func data(seed: UInt64) -> DataSet {
    DataSet(seed: seed, size: 2_000_000, sessionSize: 160_000, pools: TextPools(seed: seed, scale: 1 << 18))
  }

  @Test func theSameSeedGivesTheSameBytes() {
    let (first, second) = (data(seed: 5), data(seed: 5))
    #expect(first.plan().logs.map(\.path) == second.plan().logs.map(\.path))
    for log in first.plan().logs.prefix(3) { #expect(first.log(log).bytes == second.log(log).bytes) }
  }

  @Test func anotherSeedGivesOthers() {
    let logs = (data(seed: 5), data(seed: 6))
    #expect(logs.0.plan().logs[0].sessionID != logs.1.plan().logs[0].sessionID)
    #expect(logs.0.log(logs.0.plan().logs[0]).bytes != logs.1.log(logs.1.plan().logs[0]).bytes)
  }

  /// Every line of every log is JSON, and all that is planted is found, no more and no less.
  @Test func whatIsPlantedIsFound() throws {
    let folder = try TemporaryFolder()
    let answers = try data(seed: 5).write(to: folder.url.appending(path: "claude"))
    #expect(answers.projects.contains { !$0.lessons.isEmpty })
    #expect(answers.failures.count > 10 && answers.emptySearches > 0)
    let program = try Program(in: folder)
    let failures = try program.run("failures", "--all", "--format", "jsonl")
    let learned = try program.run("learn", "--all", "--format", "json")
    #expect(try AnswerCheck(answers: answers).faults(failures: failures.output, learned: learned.output) == [])
    #expect(!learned.output.contains("malformed") && failures.errors.isEmpty)
    var wrong = answers
    wrong.emptySearches += 1
    wrong.failures["wrong_path", default: 0] += 1
    wrong.projects[0].calls += 1
    let faults = try AnswerCheck(answers: wrong).faults(failures: failures.output, learned: learned.output)
    #expect(faults.count == 3)
  }

  @Test func sizesAreSpreadAsTheyShould() {
    var random = SplitMix64(seed: 1)
    let sizes = (0..<4000).map { _ in Mix.sessionSize.pick(&random) }.sorted()
    #expect(sizes[0] >= 999 && sizes[3999] <= 4_083_000)
    #expect((430_000...550_000).contains(sizes[2000]))
  }

  @Test(arguments: [("400M", 400_000_000), ("1.5G", 1_500_000_000), ("12", 12), ("4K", 4000)])
  func sizesAreRead(text: String, bytes: Int) { #expect(Options.size(text) == bytes) }
}
