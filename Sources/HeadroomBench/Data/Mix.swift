internal import Foundation
internal import TestSupport

/// What the logs of Claude Code hold, and how much of it.
///
/// Counted in 218 public logs of 63 projects (207 MB, 74,201 records, 13,563 calls; sizes in bytes of the decoded text,
/// rates for each call unless they say otherwise). The kinds of failures and their share come from a larger set of
/// 68,394 results.
enum Mix {
  /// Bytes of a log.
  static let sessionSize = Quantiles([
    1_000, 10_900, 90_700, 489_000, 1_211_000, 3_112_000, 3_850_000, 4_050_000, 4_080_000, 4_083_000,
  ])
  /// How many logs a project has.
  static let logsOfProject = Quantiles([1, 1, 1, 2, 5, 7, 12, 18, 22, 23])
  /// One log in so many is that of a subagent (16 of 218).
  static let subagentEvery = 14
  /// Percent of logs in the older order of keys, with the place of the record first.
  static let olderKeys = 80

  /// Percent of calls with a record of thinking before them, and with one of text.
  static let thinking = 32
  static let text = 47
  /// Percent of shell calls that report progress, and how often each does (1.9 records for each shell call).
  static let shellProgress = 20
  static let shellProgressRecords = 1...18
  /// Percent of calls before and after which a hook reports (0.78 records for each call).
  static let hookProgress = 39
  /// Records of progress for each call of a subagent.
  static let agentProgressRecords = 6...29
  /// For 1,000 calls.
  static let prompts = 104
  static let pastedImages = 3
  static let snapshots = 119
  static let queueOperations = 93
  static let hookAttachments = 111
  static let otherAttachments = 40
  static let hookSummaries = 55
  static let shortRecords = 150
  /// One log in so many holds a screenshot of 2 MB, on a line of its own.
  static let screenshotEvery = 150

  /// Calls of each tool among 10,000.
  static let tools: [(tool: Tool, share: Int)] = [
    (.bash, 3_786), (.read, 2_063), (.edit, 1_534), (.grep, 485), (.write, 443), (.todo, 406), (.glob, 321),
    (.task, 560), (.agent, 203), (.fetch, 199),
  ]

  static let shellCommand = Quantiles([10, 40, 60, 100, 190, 400, 900, 1_900, 2_700, 5_000])
  static let shellOutput = Quantiles([1, 11, 54, 220, 696, 2_209, 7_516, 11_067, 18_897, 30_031])
  static let file = Quantiles([5, 390, 945, 2_398, 6_933, 15_052, 30_080, 49_037, 70_992, 187_084])
  static let editedPart = Quantiles([20, 90, 140, 280, 600, 1_200, 2_300, 4_000, 6_000, 16_000])
  static let editedFile = Quantiles([1, 348, 2_889, 7_488, 15_369, 26_689, 35_521, 58_568, 67_172, 473_450])
  static let writtenFile = Quantiles([20, 450, 1_060, 2_730, 6_500, 13_000, 19_700, 25_700, 31_900, 43_900])
  /// One written file in so many was there before.
  static let overwrittenEvery = 8
  static let found = Quantiles([8, 16, 47, 202, 691, 2_087, 5_488, 11_013, 14_241, 14_860])
  static let paths = Quantiles([14, 20, 40, 120, 258, 1_113, 5_794, 9_994, 12_087, 13_138])
  static let agentPrompt = Quantiles([80, 540, 690, 1_270, 2_100, 4_000, 8_500, 10_700, 16_000, 22_000])
  static let agentAnswer = Quantiles([58, 500, 650, 3_200, 8_700, 14_900, 20_400, 30_400, 32_400, 33_900])
  static let agentProgress = Quantiles([100, 400, 700, 1_400, 3_100, 7_300, 16_000, 27_000, 45_000, 100_000])
  static let page = Quantiles([18, 35, 880, 1_283, 1_634, 5_402, 5_631, 15_235, 15_235, 15_235])
  static let shellProgressOutput = Quantiles([1, 1, 1, 18, 449, 1_674, 3_981, 5_760, 8_725, 13_113])
  static let thought = Quantiles([1, 1, 1, 131, 367, 982, 2_422, 4_420, 8_804, 45_416])
  static let signature = Quantiles([200, 336, 404, 620, 1_384, 4_248, 12_068, 21_820, 47_232, 115_440])
  static let reply = Quantiles([2, 39, 64, 110, 243, 793, 2_104, 3_833, 6_474, 16_650])
  static let prompt = Quantiles([2, 16, 56, 152, 531, 2_506, 11_926, 17_174, 26_831, 96_755])
  static let image = Quantiles([20_000, 36_000, 65_000, 130_000, 238_000, 638_000, 900_000, 955_000, 955_000, 955_000])
  static let screenshot = 2_000_000

  /// Calls in 1,000 that fail (3,449 of 68,394), beside those whose lesson is planted.
  static let failures = 50
  /// Searches in 100 that find nothing (348 of 1,094 searches and of the shell's).
  static let emptySearches = 25
  /// One of a thousand failures is of so many of each kind.
  static let failureKinds: [(kind: Failure, share: Int)] = [
    (.testsFailed, 90), (.compileError, 100), (.lint, 60), (.commandMissing, 60), (.moduleMissing, 50),
    (.fileMissingInShell, 80), (.badOption, 60), (.gitRefused, 50), (.exitOnly, 30), (.network, 50), (.syntax, 40),
    (.rejected, 80), (.siblingCancelled, 85), (.approvalNeeded, 30), (.notRead, 70), (.modified, 15),
    (.fileMissing, 50), (.editMismatch, 50),
  ]
}

/// The tools whose calls are made, by what their records look like.
enum Tool: Sendable {
  case bash, read, edit, grep, write, todo, glob, task, agent, fetch
}

/// A distribution of sizes: the values at fixed shares of it, and what lies between them in even steps of the logarithm.
struct Quantiles: Sendable {
  private static let shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.997, 1]
  private let values: [Double]

  /// - Parameter values: Those at 0, 10, 25, 50, 75, 90, 97, 99, 99.7 and 100 percent.
  init(_ values: [Double]) { self.values = values.map { max(1, $0) } }

  func pick(_ random: inout SplitMix64) -> Int {
    let share = Double(random.next() >> 11) / Double(1 << 53)
    let index = max(1, Self.shares.firstIndex { share < $0 } ?? Self.shares.count - 1)
    let (low, high) = (Self.shares[index - 1], Self.shares[index])
    let part = (share - low) / (high - low)
    return Int(values[index - 1] * pow(values[index] / values[index - 1], part))
  }
}
