import Foundation
import Testing

/// `headroom rules …` as people call it.
struct RuleCommandTests {
  private let folder: TemporaryFolder
  private let program: Program
  private static let demo = Repository.fixtures.appending(path: "claude/demo/home").path

  init() throws {
    folder = try TemporaryFolder()
    program = try Program(in: folder)
  }

  private static let port = """
    pack: own
    rules:
      - id: own/psql
        category: command_not_found
        rank: 99
        when:
          tool: shell
          output: 'psql: command not found'
        examples:
          - output: "bash: line 1: psql: command not found"
          - output: "zsh: psql: command not found"
          - output: "psql: found"
            matches: false
    """

  @Test func aRuleIsTriedOnSessionsInAFolder() throws {
    let file = try folder.write(Self.port, to: "own.yaml").path
    let result = try program.run("rules", "test", file, "--sessions", Self.demo)
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("1 rule, 3 examples, 0 failed"))
    #expect(result.output.contains(" calls\n"))
    // It takes the calls from the built-in rule that explained them.
    #expect(result.output.contains("own/psql: matches 3, explains 3, newly 0, masked 0"))
    #expect(result.output.contains("takes 3 from shell/"))
    #expect(result.output.hasPrefix("1 rule") && result.output.contains("noisy"))
  }

  @Test func theCostOfManyRulesIsMeasuredOnTheCallsOfSessions() throws {
    var log = HostileLog(session: "one", project: "/home/dev/shop")
    log.shell("make", "make: *** No rule to make target 'x'.  Stop.")
    log.shell("cat notes.txt", nil)
    try folder.write(log.text, to: "claude/projects/-home-dev-shop/one.jsonl")
    let result = try program.run("rules", "bench", "--all", "--most", "0.01")
    #expect(result.status == 3, "\(result)")
    #expect(result.output.contains("\n1000 rules: ") && result.output.contains(", on 2 outputs"), "\(result)")
  }

  @Test func aFolderWithoutSessionsIsNamed() throws {
    let file = try folder.write(Self.port, to: "own.yaml").path
    let result = try program.run("rules", "test", file, "--sessions", folder.path)
    #expect(result.status == 1)
    #expect(result.errors.contains("no session logs found") && result.errors.contains(folder.path))
  }

  @Test func aRuleIsShownWithItsExamplesAndHowOftenItFired() throws {
    var program = program
    program.variables["CLAUDE_CONFIG_DIR"] = Self.demo
    let shown = try program.run("rules", "show", "git/pathspec").output
    #expect(shown.hasPrefix("git/pathspec\n  defined at Rules/git.yaml:"))
    #expect(shown.contains("  category   ") && shown.contains("  examples\n    yes ") && shown.contains("    no  "))
    #expect(!shown.contains(" calls"))
    let fired = try program.run("rules", "show", "python/module-missing", "--all")
    #expect(fired.output.contains(#/  on \d+ calls\n/#), "\(fired)")
    #expect(fired.output.contains("python/module-missing: matches "))
    let unknown = try program.run("rules", "show", "module-missing")
    #expect(unknown.status == 1 && unknown.errors.contains("did you mean"))
  }

  @Test func theOwnFolderIsCheckedAndTestedToo() throws {
    let before = try program.run("rules", "test").output
    try folder.write(Self.port, to: "config/headroom/rules/own.yaml")
    let after = try program.run("rules", "test").output
    let count = { (text: String) in Int(text.prefix { $0.isNumber }) ?? 0 }
    #expect(count(after) == count(before) + 1)
    try folder.write(Self.port.replacing("command_not_found", with: "comand"), to: "config/headroom/rules/own.yaml")
    #expect(try program.run("rules", "check").output.contains("unknown category `comand`"))
  }

  @Test func aNewRuleIsWrittenFromAnOutput() throws {
    // The folder is made when it is not there; a folder without rules is no fault.
    let file = folder.path + "/config/headroom/rules/own.yaml"
    let result = try program.run(
      "rules", "new", "--input", "shipctl push web-42", "--output",
      "shipctl: error: bundle \"web-42\" is locked by deploy 8812", "--id", "own/bundle-locked", "--to", file)
    #expect(result.status == 0, "\(result)")
    #expect(try program.run("rules", "check", "--strict", file).output == "1 rule, 3 examples, 0 faults, 0 warnings\n")
    #expect(try program.run("rules", "test", file).output == "1 rule, 3 examples, 0 failed\n")
  }
}
