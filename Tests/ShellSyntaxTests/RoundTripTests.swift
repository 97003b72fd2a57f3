import ShellSyntax
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: ["a"]) func x(_ text: String) { #expect(CommandLine(parsing: text).rendered == text) }
}
