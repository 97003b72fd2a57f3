import ShellSyntax
import Testing

@Suite struct InvocationTests {
  struct Unwrapping: Sendable, CustomTestStringConvertible {
    let text: String
    let head: String
    let wrappers: [String]
    var testDescription: String { text }

    init(_ text: String, _ head: String, _ wrappers: String...) {
      self.text = text
      self.head = head
      self.wrappers = wrappers
    }
  }

  @Test(arguments: [
    Unwrapping("sudo -u web systemctl restart app", "systemctl restart", "sudo"),
    Unwrapping("sudo -E env A=1 nice -n 5 make all", "make all", "sudo", "env", "nice"),
    Unwrapping("timeout -k 5 30s npm test", "npm test", "timeout"),
    Unwrapping("time nohup stdbuf -oL ./run.sh", "run.sh", "time", "nohup", "stdbuf"),
    Unwrapping("command ls", "ls", "command"),
    Unwrapping("command -v ls", "command"),
    Unwrapping("xargs -0 -n 1 grep -l x", "grep", "xargs"),
    Unwrapping("xargs -I{} sh -c 'cat {}'", "cat", "xargs", "sh -c"),
    Unwrapping("bash -lc 'git status'", "git status", "bash -lc"),
    Unwrapping("bash -l -c \"git status\"", "git status", "bash -l -c"),
    Unwrapping("sh -c \"bash -c 'git status'\"", "git status", "sh -c", "bash -c"),
    Unwrapping("bash script.sh", "bash"),
    Unwrapping("bash <<'E'\ngit status\nE", "git status", "bash"),
    Unwrapping("ssh -p 22 -o A=b root@host 'git status'", "git status", "ssh root@host"),
    Unwrapping("ssh host git -C /srv status", "git status", "ssh host"),
    Unwrapping("ssh host 'bash -s' <<'E'\ngit status\nE", "git status", "ssh host", "bash -s"),
    Unwrapping("ssh host", "ssh"),
    Unwrapping("docker exec -it -e A=1 api python -m pytest", "python -m pytest", "docker exec api"),
    Unwrapping("docker compose -f a.yml exec -T db psql -c 'x'", "psql", "docker compose exec db"),
    Unwrapping("docker-compose exec web sh -c 'npm test'", "npm test", "docker-compose exec web", "sh -c"),
    Unwrapping("docker compose up", "docker compose up"),
    Unwrapping("kubectl -n a exec -it pod-1 -c app -- env", "env", "kubectl exec pod-1"),
    Unwrapping("eval 'git status'", "git status", "eval"),
    Unwrapping("powershell.exe -NoProfile -Command \"git status\"", "git status", "powershell.exe"),
    Unwrapping("cmd.exe /c git status", "git status", "cmd.exe"),
    Unwrapping("V=$(git status)", "git status"),
  ])
  func unwraps(_ example: Unwrapping) {
    let invocations = CommandLine(parsing: example.text).invocations
    #expect(invocations.map(\.head) == [example.head])
    #expect(invocations.first?.wrappers == example.wrappers)
  }

  @Test func keepsProgramAndArguments() throws {
    let line = CommandLine(parsing: "A=1 env B=2 /usr/bin/python3 'a b' $x")
    let invocation = try #require(line.lastInvocation)
    #expect(invocation.program == "python3")
    #expect(invocation.programPath == "/usr/bin/python3")
    #expect(invocation.arguments == ["a b", "$x"])
    #expect(invocation.environment == ["A", "B"])
  }

  @Test func remembersExports() {
    let line = CommandLine(parsing: "export PATH=/opt/bin:$PATH LANG=C; node a.js")
    #expect(line.lastInvocation?.environment == ["PATH", "LANG"])
  }

  @Test(arguments: [
    ("cd /srv && make", "/srv"),
    ("cd /srv; cd app/./web && make", "/srv/app/web"),
    ("cd /srv/app && cd ../lib && make", "/srv/lib"),
    ("cd app && cd .. && cd .. && make", "app/../.."),
    ("cd && make", "~"),
    ("cd /a && cd $HOME/b && make", "$HOME/b"),
    ("cd /a && cd /b && cd - && make", "/a"),
    ("cd a || cd b; make", "b"),
    ("pushd a && popd && make", nil),
    ("(cd a && ls); make", nil),
    ("(cd a && make)", "a"),
    ("cd a & make", nil),
    ("cd a | cat; make", nil),
    ("cd '/my files' && make", "/my files"),
    ("cd /a && bash -c 'cd b && make'", "/a/b"),
    ("cd /a && ssh host make", nil),
    ("docker exec -w /app api make", "/app"),
    ("cd C:\\src\\app && make", "C:\\src\\app"),
    ("sudo -D /srv make", "/srv"),
  ])
  func followsDirectories(_ text: String, _ directory: String?) {
    let last = CommandLine(parsing: text).lastInvocation
    #expect(last?.program == "make")
    #expect(last?.directory == directory)
  }

  @Test func tellsFilters() {
    let line = CommandLine(parsing: "a | b | xargs c; d | while read x; do e; done | f")
    let filters = line.invocations.filter { $0.role == .filter }.map(\.program)
    #expect(filters == ["b", "read", "f"])
  }

  @Test(arguments: [
    ("a", []),
    ("a && b", []),
    ("a; b", ["a"]),
    ("a\nb", ["a"]),
    ("a;", []),
    ("a | b", ["a"]),
    ("a || true", ["a"]),
    ("a || b", ["a"]),
    ("a && b || echo no", ["a", "b"]),
    ("a || b && c", ["a"]),
    ("a || exit 1", []),
    ("a || { echo no; exit 1; }", ["echo"]),
    ("a || exit 0", ["a"]),
    ("a &", ["a"]),
    ("a & b", ["a"]),
    ("set -e; a; b", ["set"]),
    ("set -euo pipefail\na | b\nc", ["set"]),
    ("set -o pipefail; a | b", ["set"]),
    ("set -e; a || true; b", ["set", "a"]),
    ("! a", ["a"]),
    ("(a; b) && c", ["a"]),
    ("(a && b) | c", ["a", "b"]),
    ("if a; then b; c; else d; fi", ["a", "b"]),
    ("while a; do b; done", ["a"]),
    ("for x in 1 2; do a; b; done", ["a"]),
    ("for x in 1 2; do a; done | b", ["a"]),
    ("case x in a) b; c;; *) d;; esac", ["b"]),
    ("bash -c 'a; b'; c", ["a", "b"]),
    ("bash -ec 'a; b'", []),
    ("a=$(b); c", ["b"]),
  ])
  func tellsWhoseStatusIsHidden(_ text: String, _ expected: [String]) {
    let hidden = CommandLine(parsing: text).invocations.filter(\.hidesStatus).map(\.program)
    #expect(hidden == expected)
  }

  @Test func endsDeepNesting() {
    #expect(CommandLine(parsing: String(repeating: "eval ", count: 12) + "x").lastInvocation?.program == "eval")
    #expect(CommandLine(parsing: String(repeating: "sudo ", count: 40) + "x").lastInvocation?.program == "sudo")
  }
}
