import PatternEngine
import TestSupport
import Testing

struct ListedTextsTests {
  @Test(
    arguments: [
      ("^git$", ["git"]), ("^(?:npm|pnpm)$", ["npm", "pnpm"]), ("^n?vim?$", ["nvim", "nvi", "vim", "vi"]),
      ("^swift(?:c|-build)?$", ["swift", "swiftc", "swift-build"]), ("^g\\+\\+$", ["g++"]),
      ("^a(?:b|(?:c|d)e)$", ["ab", "ace", "ade"]),
      ("^(?:a|)$", ["a", ""]), ("^[ez]?grep$", ["egrep", "zgrep", "grep"]), ("^py[23]$", ["py2", "py3"]),
    ] as [(String, [String])])
  func listsWhatThePatternMatches(_ pattern: String, _ texts: [String]) throws {
    #expect(ListedTexts.of(pattern) == Set(texts))
    let compiled = try Pattern(pattern)
    for text in texts { #expect(try compiled.firstMatch(in: Array(text.utf8), scratch: MatchScratch()) != nil) }
  }

  @Test(arguments: [
    "git", "^git", "git$", "^git|gh$", "^(?:git|gh)$|x", "^pip[0-9]$", "^a.b$", "^a+$", "^a?+$", "^a??$", "^(a)$",
    "^(?i)a$", "^(?=a)a$",
    "^[a-c]$", "^[^a]$", "^[]a]$", "^[a.]$", "^[\\d]$", "^[[:digit:]]$", "^[ab", "^[ab]+$",
    "^\\w$", "^a{2}$", "^(?:a|b$", "^a\\", "^(?:a|b)*$", "^a$b$", "^é$", ".", "",
  ])
  func leavesEverythingElseToTheMatcher(_ pattern: String) { #expect(ListedTexts.of(pattern) == nil) }

  @Test func longListsAndDeepNestingAreLeftAlone() {
    #expect(ListedTexts.of("^" + String(repeating: "(?:a|b)", count: 9) + "$") == nil)
    #expect(ListedTexts.of("^" + String(repeating: "(?:", count: 5000)) == nil)
    #expect(ListedTexts.of("^(?:" + (0..<300).map { "a\($0)" }.joined(separator: "|") + ")$") == nil)
  }

  /// Whatever is listed is all that the pattern matches.
  @Test func madeUpPatternsMatchTheirListAlone() throws {
    var random = SplitMix64(seed: 11)
    let parts = ["a", "b", "(?:a|b)", "(?:", ")", "|", "?", "^", "$", "c?", "(?:ab|)", "\\.", "[ab]", "."]
    let scratch = MatchScratch()
    var listed = 0
    for _ in 0..<20_000 {
      let pattern =
        "^"
        + (0..<Int.random(in: 1...6, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
        .joined() + "$"
      guard let texts = ListedTexts.of(pattern) else { continue }
      listed += 1
      let compiled = try Pattern(pattern)
      for text in ["", "a", "b", "ab", "ba", "aa", "abc", "c", ".", "a.", "aab"] {
        let isMatch = try compiled.firstMatch(in: Array(text.utf8), scratch: scratch) != nil
        #expect(isMatch == texts.contains(text), "\(pattern) on \(text)")
      }
    }
    #expect(listed > 500)
  }
}
