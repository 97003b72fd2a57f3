import LearnPipeline
import Testing

/// What logs hold goes to terminals: nothing in it may command them, or read otherwise than it is.
@Suite struct PrintableTests {
  @Test(arguments: [
    "plain", "two\nlines\tof it", "12 × 3 · 4", "Größe, naïve, ¿qué?", "— “quoted” … ✓", "日本語", "😀",
  ])
  func whatCanBeSeenStays(_ text: String) {
    #expect(text.printable == text)
    #expect(text.escapedForJSON == text)
  }

  @Test(arguments: [
    // Escape, bell, delete, and the controls that are two bytes long.
    "\u{1B}", "\u{7}", "\u{7F}", "\r", "\u{85}", "\u{9B}", "\u{80}",
    // The soft hyphen, what turns or hides text, and what may be carried unseen.
    "\u{AD}", "\u{202E}", "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{E000}", "\u{FE01}", "\u{E0041}", "\u{E0100}",
  ])
  func whatCannotBeSeenIsReplaced(_ character: String) {
    for (before, after) in [("", ""), ("a", "b"), ("é ×", "· —"), ("日", "😀")] {
      let text = before + character + after
      #expect(text.printable == before + "\u{FFFD}" + after)
      #expect(text.escapedForJSON.unicodeScalars.allSatisfy { !character.unicodeScalars.contains($0) })
    }
  }
}
