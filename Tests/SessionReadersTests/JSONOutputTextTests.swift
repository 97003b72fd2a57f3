import TestSupport
import Testing

@testable import SessionReaders

@Suite struct OutputTextTests {
  private func clean(_ text: String) -> String { OutputText.clean(Array(text.utf8)) }

  @Test(arguments: [
    ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}[1;38;5;9mx", "x"), ("\u{1B}[?25lx\u{1B}[2K", "x"),
    ("\u{1B}]0;title\u{7}x", "x"),
    ("\u{1B}]8;;https://a.b\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"), ("\u{1B}(Bx", "x"), ("\u{1B}#8x", "x"),
    ("\u{1B}=x\u{1B}M", "x"),
    ("\u{1B}P1$r0m\u{1B}\\x", "x"), ("a\r\nb", "a\nb"), ("10%\r20%\r\n", "10%\n20%\n"), ("a\0b", "ab"),
    ("é\u{1B}[0mé", "éé"),
  ])
  func escapesGo(text: String, expected: String) {
    #expect(clean(text) == expected)
  }

  /// A sequence that was cut off must not take the text behind it with it.
  @Test(arguments: [
    ("a\u{1B}", "a"), ("a\u{1B}\nb", "a\nb"), ("a\u{1B}é", "aé"), ("a\u{1B}\u{1B}[31mb", "ab"),
    ("a\u{1B}[31\nb", "a\nb"), ("a\u{1B}[", "a"),
    ("a\u{1B}[31é", "aé"), ("\u{1B}]0;title\nnext", "\nnext"), ("\u{1B}]0;title\u{1B}[31mred", "red"),
    ("\u{1B}]0;title", ""),
    ("\u{1B}]0;t\r\nb", "\nb"), ("\u{1B}(", ""),
  ])
  func cutSequencesLeaveTheText(text: String, expected: String) {
    #expect(clean(text) == expected)
  }

  @Test func longOutputsKeepHeadAndTail() {
    let text = "head" + String(repeating: "x", count: OutputText.limit) + "tail"
    let cleaned = clean(text)
    #expect(cleaned.hasPrefix("headx") && cleaned.hasSuffix("xtail") && cleaned.contains("\n[…]\n"))
    #expect(cleaned.utf8.count == OutputText.limit + "\n[…]\n".utf8.count)
    #expect(clean(String(repeating: "x", count: OutputText.limit)).utf8.count == OutputText.limit)
  }

  @Test func anyBytesAreCleaned() {
    var random = SplitMix64(seed: 31)
    for _ in 0..<rounds(8000) {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        random.chance(60)
          ? random.pick(Array("\u{1B}[]();m\\\u{7}\r\n0P é".utf8)) : UInt8.random(in: 0...255, using: &random)
      }
      let once = OutputText.withoutEscapes(bytes)
      #expect(!once.contains { $0 == 0 || $0 == 13 || $0 == 27 })
      #expect(OutputText.withoutEscapes(once) == once)
      // Line feeds of the text stay, whatever is around them.
      let feeds = bytes.count { $0 == 10 }
      #expect(once.count { $0 == 10 } >= feeds)
      #expect(once.count <= bytes.count)
    }
  }
}
