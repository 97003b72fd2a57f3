import Testing

@testable import SessionReaders

@Suite struct BuildStepsTests {
  @Test(arguments: [
    ("#8 2.103 npm error code ERESOLVE\n#8 2.104 npm error it\n", "npm error code ERESOLVE\nnpm error it\n"),
    ("#8 [4/6] RUN npm ci\n#8 0.241 sh: pnpm: not found", "#8 [4/6] RUN npm ci\nsh: pnpm: not found"),
    // The summary at the end.
    (
      "------\n > [4/5] RUN pnpm install:\n0.241 sh: pnpm: not found\n------\nERROR: failed to solve: process",
      "------\n > [4/5] RUN pnpm install:\nsh: pnpm: not found\n------\nERROR: failed to solve: process"
    ),
    ("4.12 ERROR: none\n------\nfailed to solve: process", "ERROR: none\n------\nfailed to solve: process"),
    ("#123456 123456.123456 a", "a"), ("\u{1B}[36m#8 1.5 \u{1B}[0mdone", "done"), ("#8 1.5 \n#8 1.6 a", "\na"),
  ])
  func areRemoved(log: String, text: String) {
    #expect(OutputText.clean(Array(log.utf8)) == text)
  }

  @Test(arguments: [
    "", "#", "#8", "#8 ", "#8 2", "#8 2.", "#8 2.1", "#8 2.1\n", "#8 DONE 1.2s", "# 8 2.1 a", "a #8 2.1 b",
    "#1234567 2.1 a", "#8 2.1234567 a",
    "#issue 8 2.1 a", "2.1 a", "1.2.3 a\nfailed to solve: x", "3 a\nfailed to solve: x",
    "## 1.2 Totals\n\n1.2 is old", "#1 first heading\n#2 second heading",
  ])
  func otherTextStays(text: String) {
    #expect(OutputText.clean(Array(text.utf8)) == text)
  }
}
