import ShellSyntax
import Testing

@Suite struct DifferenceTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let from: String
    let to: String
    let changes: [CommandDifference.Change]
    var testDescription: String { "\(from) -> \(to)" }

    init(_ from: String, _ to: String, _ changes: CommandDifference.Change...) {
      self.from = from
      self.to = to
      self.changes = changes
    }
  }

  @Test(arguments: [
    Example("npm test", "npm test"),
    Example("python3 x.py --all", "uv run python x.py --all", .prefix(from: "python3", to: "uv run python")),
    Example("pytest tests", "python -m pytest tests", .prefix(from: "pytest", to: "python -m pytest")),
    Example("python x.py", "python3 x.py", .prefix(from: "python", to: "python3")),
    Example("python x.py", ".venv/bin/python x.py", .prefix(from: "python", to: ".venv/bin/python")),
    Example("grep -n foo src", "rg -n foo src", .prefix(from: "grep", to: "rg")),
    Example("npm tset", "npm test", .subcommand(from: "npm tset", to: "npm test")),
    Example("npm run tests", "npm run test", .subcommand(from: "npm run tests", to: "npm run test")),
    Example("ls --colour src", "ls --color src", .removedFlag("--colour"), .addedFlag("--color")),
    Example("cat src/a.swift", "cat Sources/a.swift", .path(from: "src/a.swift", to: "Sources/a.swift")),
    Example("git checkout master", "git checkout main", .argument(from: "master", to: "main")),
    Example("npm test", "cd web && npm test", .directory(from: nil, to: "web")),
    Example("cd a && npm test", "cd b && npm test", .directory(from: "a", to: "b")),
    Example("pytest", "PYTHONPATH=src pytest", .addedEnvironment("PYTHONPATH")),
    Example(
      "bun run lint", "rtk bun run test", .prefix(from: "bun", to: "rtk bun"),
      .subcommand(from: "bun run lint", to: "bun run test")),
    Example(
      "curl -s http://a/b", "curl -s -H 'A: b/c' http://a/d", .addedFlag("-H"),
      .path(from: "http://a/b", to: "http://a/d"), .argument(from: nil, to: "A: b/c")),
    Example("pytest", "source .venv/bin/activate && pytest", .addedCommand("source")),
    Example("apt-get update", "sudo apt-get update", .addedWrapper("sudo")),
    Example("npm test", "npm install && npm test", .addedCommand("npm install")),
    Example("npm test 2>&1 | tail -5", "npm test", ),
    Example(
      "make all", "cmake -B build", .program(from: "make all", to: "cmake"), .addedFlag("-B"),
      .argument(from: nil, to: "build")),
  ])
  func tells(_ example: Example) throws {
    let difference = try #require(
      CommandDifference(from: CommandLine(parsing: example.from), to: CommandLine(parsing: example.to)))
    #expect(difference.changes == example.changes)
  }

  private func similarity(_ first: String, _ second: String) -> Double {
    CommandDifference(from: CommandLine(parsing: first), to: CommandLine(parsing: second))?.similarity ?? -1
  }

  @Test func ordersSimilarity() {
    let same = similarity("npm run build --x", "npm run build --x")
    let flag = similarity("npm run build --x", "npm run build --y --x")
    let runner = similarity("pytest -x", "uv run pytest -x")
    let script = similarity("npm run build", "npm run test")
    let other = similarity("npm run build", "docker ps -a")
    #expect(same == 1)
    #expect(same > flag && flag > script && script > other)
    #expect(runner > script)
    #expect(other == 0)
    #expect(similarity("ls", "ls") == 1)
  }

  @Test func comparesACommandWithALine() throws {
    let failed = try #require(CommandLine(parsing: "cd a && npm tset; ls").invocations.dropFirst().first)
    let difference = CommandDifference(from: failed, to: CommandLine(parsing: "ls && cd a && npm test | tail"))
    #expect(
      difference?.changes == [.subcommand(from: "npm tset", to: "npm test"), .addedCommand("ls")])
  }

  @Test func comparesNothingWithNothing() {
    #expect(CommandDifference(from: CommandLine(parsing: ""), to: CommandLine(parsing: "ls")) == nil)
  }
}
