import ShellSyntax
import Testing

@Suite struct WordTests {
  struct Splitting: Sendable, CustomTestStringConvertible {
    let text: String
    let words: [String]
    var testDescription: String { text }

    init(_ text: String, _ words: String...) {
      self.text = text
      self.words = words
    }
  }

  @Test(arguments: [
    Splitting("ls -la  src", "ls", "-la", "src"),
    Splitting(#"echo "a b" 'c d' e\ f"#, "echo", "a b", "c d", "e f"),
    Splitting(#"echo a"b"'c'\d"#, "echo", "abcd"),
    Splitting(#"echo "say \"hi\" \$HOME \n""#, "echo", #"say "hi" $HOME \n"#),
    Splitting(#"echo $'tab\there\x41\u00e9\101\''"#, "echo", "tab\thereAéA'"),
    Splitting(#"echo $"hello""#, "echo", "hello"),
    Splitting("make \\\n  all", "make", "all"),
    Splitting("ec\\\nho a", "echo", "a"),
    Splitting("echo a#b # not this", "echo", "a#b"),
    Splitting("# nothing but a comment\nls", "ls"),
    Splitting("echo $(ls | wc -l) `date +%s`", "echo", "$(ls | wc -l)", "`date +%s`"),
    Splitting(#"echo "$(echo ")" | cat)""#, "echo", #"$(echo ")" | cat)"#),
    Splitting("echo ${x:-a b} $((1 << 2)) $x", "echo", "${x:-a b}", "$((1 << 2))", "$x"),
    Splitting(#"echo "${x:-it's}" y"#, "echo", "${x:-it's}", "y"),
    Splitting("diff <(sort a) >(cat)", "diff", "<(sort a)", ">(cat)"),
    Splitting("rm !(keep|these) *.@(a|b)", "rm", "!(keep|these)", "*.@(a|b)"),
    Splitting("echo {a,b} {1..3}", "echo", "{a,b}", "{1..3}"),
    Splitting(#"type C:\Users\me\notes.txt .\run.ps1"#, "type", #"C:\Users\me\notes.txt"#, #".\run.ps1"#),
    Splitting("echo é日本 '🚀'", "echo", "é日本", "🚀"),
    Splitting("ls\r", "ls"),
    Splitting(
      "[[ $a == b* && ( -f c || -d d ) ]]", "[[", "$a", "==", "b*", "&&", "(", "-f", "c", "||", "-d", "d", ")", "]]"),
  ])
  func splits(_ example: Splitting) {
    let line = CommandLine(parsing: example.text)
    #expect(line.isComplete)
    #expect(line.pipelines.flatMap { $0.commands.flatMap(\.words) }.map(\.text) == example.words)
  }

  @Test func tellsQuotedAndExpandedWords() throws {
    let words = CommandLine(parsing: #"run plain 'quoted' "$x" \$x '$x' $(ls)"#).pipelines[0].commands[0].words
    #expect(words.map(\.isQuoted) == [false, false, true, true, true, true, false])
    #expect(words.map(\.hasExpansion) == [false, false, false, true, false, false, true])
    #expect(words.map(\.source) == ["run", "plain", "'quoted'", #""$x""#, #"\$x"#, "'$x'", "$(ls)"])
  }

  @Test func findsSubstitutions() {
    let words = CommandLine(parsing: #"echo "a $(b $(c)) d" '$(no)' `e f` $((1+2)) ${x:-$(g)}"#).pipelines[0].commands[
      0
    ].words
    #expect(words.flatMap(\.substitutions) == ["b $(c)", "e f"])
  }

  @Test(arguments: [
    "echo 'open", "echo \"open", "echo $(open", "echo `open", "echo ${open", "cat <<EOF\nopen", "cat <<EOF", "(ls",
    "{ ls",
    "if a; then b", "for f in a; do b", "ls )", "done", "a &&", "| a", "a | | b", "&& a", "cat >", "echo a(b)", "(a) b",
    "case x in a", "$'open", "if a; fi; done", "a &&& b",
  ])
  func tellsWhatIsNotComplete(_ text: String) {
    #expect(!CommandLine(parsing: text).isComplete)
  }

  @Test(arguments: ["", " \n ", "ls;", "ls &", "a &\nb", "(a &)", "! a", "> f", "a=1", "f() { a; }", "case x in esac"])
  func tellsWhatIsComplete(_ text: String) {
    #expect(CommandLine(parsing: text).isComplete)
  }
}
