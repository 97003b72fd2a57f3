import Testing

@testable import LearnPipeline

/// How far a run is, in a line.
struct ProgressTests {
  private func line(
    _ bytes: Int, of all: Int = 1_040_000_000, sessions: Int = 412, of allSessions: Int = 1112, after milliseconds: Int,
    columns: Int = 100
  ) -> String? {
    ProgressLine(
      RunMonitor.Progress(bytes: bytes, allBytes: all, sessions: sessions, allSessions: allSessions),
      elapsed: .milliseconds(milliseconds)
    ).text(columns: columns)
  }

  @Test func tellsHowFarItIs() {
    #expect(
      line(390_000_000, after: 2320)
        == "reading 412 of 1,112 sessions · 390 MB of 1.0 GB · 168 MB/s · 4 s left")
    #expect(
      line(52_000_000, of: 3_120_000_000, sessions: 1, after: 6000)
        == "reading 1 of 1,112 sessions · 52 MB of 3.1 GB · 8 MB/s · 6 min left")
  }

  @Test func shortRunsShowNothing() {
    #expect(line(390_000_000, after: 499) == nil)
    #expect(line(390_000_000, after: 500) != nil)
  }

  @Test func nothingIsShownBeforeAndAfterReading() {
    #expect(line(0, of: 0, sessions: 0, of: 0, after: 900) == nil)
    #expect(line(1_040_000_000, sessions: 1112, after: 900) == nil)
  }

  /// Without a rate there is no time left to tell.
  @Test func theFirstFileMayTakeLong() {
    #expect(line(0, sessions: 0, after: 700) == "reading 0 of 1,112 sessions · 0 bytes of 1.0 GB")
  }

  @Test(arguments: 1...100)
  func fitsTheTerminal(columns: Int) {
    let text = line(390_000_000, after: 2320, columns: columns)
    if let text { #expect(text.count < columns && text.hasSuffix(columns > 14 ? "4 s left" : "37%")) }
    #expect((text == nil) == (columns < 4))
  }

  @Test func whatAgentsAddWhileItRunsIsNoError() {
    #expect(line(2_000_000_000, sessions: 3, after: 900, columns: 30) == "2.0 GB of 1.0 GB")
  }

  @Test func timesAreATable() {
    let text = TimesReport(
      progress: RunMonitor.Progress(bytes: 52_000_000, allBytes: 52_000_000, sessions: 61, allSessions: 61),
      times: [
        .discover: .init(wall: .milliseconds(4), processor: .microseconds(3_510)),
        .read: .init(wall: .milliseconds(640), processor: .milliseconds(700)),
        .match: .init(processor: .milliseconds(412)),
        .write: .init(wall: .seconds(12), processor: .milliseconds(1)),
      ], calls: 3807, threads: 2, total: .milliseconds(1040)
    ).text
    #expect(
      text == """
        61 sessions · 52 MB · 3,807 calls · 2 threads · 50 MB/s
        stage             time   processor
        discover        4.0 ms      3.5 ms
        read          640.0 ms    700.0 ms
        match                     412.0 ms
        write           12.0 s      1.0 ms
        all          1040.0 ms   1116.5 ms
        """)
  }
}
