import SessionModel
import Testing

@testable import AnalysisCache
@testable import LearnPipeline
@testable import Recommendations
@testable import RuleEngine
@testable import SessionReaders

/// Everything that is kept comes back as it was, and nothing is left out.
struct StoredTests {
  /// A stored type, with how many of its properties are not stored.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let besides: Int
    let count: @Sendable () -> (stored: Int, properties: Int)
    let roundTrip: @Sendable (_ seed: UInt64) -> (before: [UInt8], after: [UInt8]?, size: Int)
    let damaged: @Sendable (_ bytes: [UInt8]) -> Bool

    var testDescription: String { name }

    init<Value: Stored & SendableMetatype>(_ type: Value.Type, besides: Int = 0) {
      name = "\(type)"
      self.besides = besides
      count = {
        var fields = StoredFields(.counting)
        var value = Value.blank
        value.visit(&fields)
        return (fields.count, Mirror(reflecting: value).children.count)
      }
      roundTrip = { seed in
        var fields = StoredFields(.making, seed: seed)
        var value = Value.blank
        value.visit(&fields)
        let bytes = value.stored()
        return (bytes, Value(stored: bytes)?.stored(), bytes.count)
      }
      damaged = { Value(stored: $0) == nil }
    }
  }

  static let cases = [
    Case(LogLocation.self), Case(LogIssue.self), Case(SessionInfo.self), Case(FileSummary.self), Case(TokenUsage.self),
    Case(ToolInput.self), Case(ToolCall.self), Case(ReadingPoint.self), Case(Observation.self), Case(Correction.self),
    Case(RefetchLoop.self), Case(RefetchLoop.Piece.self), Case(RefetchTracker.self), Case(SuccessTally.self),
    Case(SuccessTally.Count.self), Case(SuccessTally.Names.self), Case(GivenUpMatch.self), Case(CallHistory.self),
    Case(Correlator.self),
    Case(Correlator.OpenFailure.self), Case(PathCorrection.self), Case(SearchCorrection.self),
    Case(CommandCorrection.Step.self),
    // The command line follows from its text.
    Case(CommandCorrection.self, besides: 1),
    // The file is what it is looked up by.
    Case(FileAnalysis.self, besides: 1),
    Case(CallBook.self), Case(CodexEvent.self), Case(FileStamp.self), Case(KeptLog.self),
    Case(KeptLog.Resume.self), Case(KeptProject.self), Case(ResumeState.self), Case(LessonKey.self),
    Case(Evidence.self), Case(Trigger.self), Case(Draft.self), Case(LeftOut.self), Case(RetryLoop.self),
    Case(ProjectSummary.self), Case(ProjectLessons.self), Case(Fact.self),
  ]

  /// Fails when a property was added and not stored: add it to `visit` of its type.
  @Test(arguments: cases) func everyPropertyIsStored(_ type: Case) {
    let (stored, properties) = type.count()
    #expect(stored == properties - type.besides)
  }

  /// The same for what is stored without being a value of its own.
  @Test func everyPropertyOfReadersAndAnalyzersIsStored() {
    let file = LogFile(path: "", size: 0, group: "")
    var fields = StoredFields(.counting)
    var claude = ClaudeReader(file: file)
    claude.visit(&fields)
    #expect(fields.count == Mirror(reflecting: claude).children.count - 1)
    fields = StoredFields(.counting)
    var codex = CodexReader(file: file)
    codex.visit(&fields)
    #expect(fields.count == Mirror(reflecting: codex).children.count - 1)
    fields = StoredFields(.counting)
    // The rules, and the room to match them in.
    var analyzer = CallAnalyzer(classifier: Classifier(rules: []), scratch: ClassifierScratch())
    analyzer.visit(&fields)
    #expect(fields.count == Mirror(reflecting: analyzer).children.count - 2)
  }

  @Test(arguments: cases) func whatIsStoredComesBack(_ type: Case) {
    var largest = 0
    for seed in 0..<100 as Range<UInt64> {
      let (before, after, size) = type.roundTrip(seed)
      #expect(before == after)
      largest = max(largest, size)
    }
    // Values were made up, and not only blank ones.
    #expect(largest > 4)
  }

  @Test(arguments: cases) func damagedBytesAreNoTrap(_ type: Case) {
    for seed in 0..<20 as Range<UInt64> {
      let bytes = type.roundTrip(seed).before
      for index in bytes.indices.prefix(400) {
        _ = type.damaged(Array(bytes[..<index]))
        for bit in [1, 16, 128] as [UInt8] {
          var damaged = bytes
          damaged[index] ^= bit
          _ = type.damaged(damaged)
        }
      }
      #expect(type.damaged(bytes + [0]))
    }
  }

  /// Strings that look the same are not the same bytes.
  @Test func stringsKeepTheirSpelling() throws {
    let texts = ["é", "e\u{301}", "é"]
    let back = try #require([String](stored: texts.stored()))
    #expect(back.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
  }
}

struct SealTests {
  /// The key stream of ChaCha8 for a key and a number of nothing but zeros, as the authors publish it.
  @Test func isChaCha() {
    var bytes = [UInt8](repeating: 0, count: 32)
    Seal(key: [UInt32](repeating: 0, count: 8), number: 0).apply(to: &bytes)
    let text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(text == "3e00ef2f895f40d67f5bb8e81f09a5a12c840ec3ce9a7f3b181be188ef711a1e")
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1000]) func opensWhatItSealed(_ count: Int) {
    let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let seal = Seal(key: [1, 2, 3, 4, 5, 6, 7, 8], number: 9)
    var bytes = text
    seal.apply(to: &bytes)
    #expect(count == 0 || bytes != text)
    seal.apply(to: &bytes)
    #expect(bytes == text)
  }
}

struct SpillFileTests {
  @Test func bytesComeBackFromSeveralThreads() async throws {
    let file = try #require(SpillFile())
    let places = await withTaskGroup(of: [(Range<Int>, [UInt8])].self) { group in
      for thread in 0..<4 as Range<UInt8> {
        group.addTask {
          (0..<200).compactMap { round in
            let bytes = [UInt8](repeating: thread &* 50 &+ UInt8(round % 50), count: round * 7)
            return file.add(bytes).map { ($0, bytes) }
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(places.count == 800)
    for (place, bytes) in places { #expect(file.bytes(place) == bytes) }
    #expect(file.bytes(1 << 30..<1 << 30 + 1) == nil)
  }

  @Test func withoutAFolderThereIsNone() { #expect(SpillFile(in: "/nowhere/at/all") == nil) }
}
