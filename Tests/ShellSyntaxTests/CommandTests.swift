import ShellSyntax
import Testing

@Suite struct CommandTests {
  private func programs(_ text: String) -> [String] {
    CommandLine(parsing: text).pipelines.flatMap(\.commands).map { $0.words.first?.text ?? "" }
  }

  @Test func connectsPipelines() {
    let line = CommandLine(parsing: "a && b || c; d & e\nf | g |& h\n\n# c\ni")
    #expect(line.pipelines.map(\.connector) == [.none, .and, .or, .semicolon, .background, .newline, .newline])
    #expect(line.pipelines.map { $0.commands.count } == [1, 1, 1, 1, 1, 3, 1])
    #expect(line.pipelines[5].pipesErrors == [false, true])
  }

  @Test func readsAssignments() {
    let command = CommandLine(parsing: "A=1 B='x y' C+=(d e) run D=4").pipelines[0].commands[0]
    #expect(command.assignments.map(\.name) == ["A", "B", "C"])
    #expect(command.assignments.map(\.value) == ["1", "x y", "(d e)"])
    #expect(command.words.map(\.text) == ["run", "D=4"])
  }

  @Test func readsRedirections() {
    let text = "run <in >out 2>&1 2>>log &>all &>>more >|x <>y <<<'a b' {fd}>z 3<&- arg"
    let command = CommandLine(parsing: text).pipelines[0].commands[0]
    #expect(command.words.map(\.text) == ["run", "arg"])
    #expect(
      command.redirections.map(\.operator) == [
        .input, .output, .duplicateOutput, .append, .both, .appendBoth, .clobber, .readWrite, .herestring, .output,
        .duplicateInput,
      ])
    #expect(command.redirections.map(\.descriptor) == [nil, nil, "2", "2", nil, nil, nil, nil, nil, "{fd}", "3"])
    #expect(
      command.redirections.map(\.target.text) == ["in", "out", "1", "log", "all", "more", "x", "y", "a b", "z", "-"])
  }

  @Test func readsHeredocs() {
    let text = "cat <<A <<-'B C' > out && echo 'x\ny'\nit's $a\nA\n\tb\n\tB C\nls"
    let line = CommandLine(parsing: text)
    #expect(line.isComplete)
    #expect(line.pipelines[0].commands[0].redirections.map(\.body) == ["it's $a\n", "\tb\n", nil])
    #expect(programs(text) == ["cat", "echo", "ls"])
  }

  @Test(arguments: [
    "git commit -m \"$(cat <<'EOF'\nDon't (yet\nEOF\n)\" && git push",
    "git commit -m \"$(cat <<EOF\nDon't (yet\nEOF)\" && git push",
    "git commit -m $(case $x in a) echo b;; esac) && git push",
    "git commit -m \"$(echo 'a' # it's )\n)\" && git push",
    "git commit -m \"`echo \\`a\\``\" && git push",
  ])
  func findsTheEndOfSubstitutions(_ text: String) {
    let line = CommandLine(parsing: text)
    #expect(line.isComplete)
    #expect(programs(text) == ["git", "git"])
  }

  @Test(arguments: [
    ("if a; then b; elif c; then d; else e; fi | f", ["a", "b", "c", "d", "e", "f"]),
    ("for f in *.txt; do a \"$f\"; done", ["a"]),
    ("for ((i=0; i<3; i++)); do a; done < in", ["a"]),
    ("for f\ndo a; done", ["a"]),
    ("a | while read -r l; do b; done", ["a", "read", "b"]),
    ("until a\ndo\n b\ndone", ["a", "b"]),
    ("case \"$1\" in start|go) a ;; (stop) b; c ;;\n *) d\nesac; e", ["a", "b", "c", "d", "e"]),
    ("select x in a b; do c; done", ["c"]),
    ("f() { a; }; function g { b; }; function h() (c)\nf", ["a", "b", "c", "f"]),
    ("(cd x && a); { b; c; } 2>&1 | d", ["cd", "a", "b", "c", "d"]),
    ("((i++)) && a", ["((i++))", "a"]),
    ("((a; b); c)", ["a", "b", "c"]),
    ("! a | b", ["a", "b"]),
    ("time a; time (b); time { c; }", ["time", "b", "c"]),
    ("[[ -f x ]] && a; [ -d y ] || b", ["[[", "a", "[", "b"]),
    ("echo if then fi; a done", ["echo", "a"]),
  ])
  func flattensCompoundCommands(_ text: String, _ expected: [String]) {
    let line = CommandLine(parsing: text)
    #expect(line.isComplete)
    #expect(programs(text) == expected)
  }

  @Test func tellsNegation() {
    let pipelines = CommandLine(parsing: "! a && b; ! (c)").pipelines
    #expect(pipelines.map(\.isNegated) == [true, false, false])
  }

  @Test(arguments: [
    "Get-ChildItem -Recurse | Where-Object { $_.Length -gt 10 } | Select-Object -First 5",
    "$items = Get-Item .\\x; foreach ($i in $items) { Write-Output $i }",
    "if (Test-Path .\\a) { Remove-Item .\\a } else { Write-Host \"none\" }",
    "dir /s /b *.cs & echo %PATH% && type C:\\a\\b.txt",
    "for %i in (*.txt) do @echo %i",
  ])
  func keepsOtherShellsUsable(_ text: String) {
    let line = CommandLine(parsing: text)
    #expect(!line.pipelines.isEmpty || !line.isComplete)
    #expect(CommandLine(parsing: line.rendered) == line)
  }
}
