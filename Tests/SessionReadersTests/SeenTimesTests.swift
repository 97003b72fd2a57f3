import SessionModel
import TestSupport
import Testing

@testable import SessionReaders

@Suite struct SeenTimesTests {
  private static let times = [
    "\"2026-03-02T09:04:31.137Z\"", "\"2026-03-02T09:04:31.138Z\"", "\"2026-03-02T09:04:31Z\"", "\"2026-03-01\"",
    "\"2026-03-02\\u0054\"", "\"2027\"", "\"2026-03-02T09:04:31.137Z\"", "\"\"", "12", "null",
    "\"" + String(repeating: "2", count: 90) + "\"",
  ]

  /// Whatever the order, and wherever what is known was written down in between: the same as with a string of each time.
  @Test(arguments: 0..<rounds(200)) func sayWhatStringsSay(_ seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var (session, expected) = (SessionInfo(), SessionInfo())
    var seen = SeenTimes()
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let time = Self.times[Int.random(in: 0..<Self.times.count, using: &random)]
      _ = JSONSlice.read(Array(time.utf8)) { slice, _ in
        seen.note(slice, in: &session)
        expected.note(slice.string(limit: 64) ?? "")
        return true
      }
      if Int.random(in: 0..<6, using: &random) == 0 { seen = SeenTimes(stored: seen.stored()) ?? SeenTimes() }
    }
    seen.settle(in: &session)
    #expect(session == expected)
  }

  @Test(arguments: ["\"toolu_01\"", "\"to\\u006Flu_01\"", "\"\"", "\"é\"", "\"toolu_0123456789\""])
  func digestsAreThoseOfTheStrings(_ text: String) {
    let digests = JSONSlice.read(Array(text.utf8)) { slice, _ in
      [8, 256].map { limit in (slice.digest(limit: limit), slice.string(limit: limit).map { Digest(of: $0).value }) }
    }
    #expect(digests?.count == 2)
    for (digest, expected) in digests ?? [] { #expect(digest != nil && digest == expected) }
  }

  @Test func whatIsNoTextHasNoDigest() {
    for text in ["12", "null", "[\"a\"]"] {
      #expect(JSONSlice.read(Array(text.utf8)) { slice, _ in slice.digest(limit: 8) } == nil)
    }
  }
}
