import Foundation
import Testing

@Suite("Files in git repositories")
struct GitSharingTests {
  private let folder: TemporaryFolder
  private let program: Program

  init() throws {
    folder = try TemporaryFolder()
    program = try Program(in: folder)
    for turn in 0..<3 {
      var log = HostileLog(session: "s\(turn)", project: folder.path + "/shop")
      log.read("/home/dev/shared/settings.py", fails: "File does not exist.")
      log.read("/home/dev/config/settings.py", fails: nil)
      log.shell("npm run typecheck", "npm ERR! Missing script: \"typecheck\"")
      log.shell("npm run check", nil)
      try folder.write(log.text, to: "claude/projects/-shop/s\(turn).jsonl")
    }
    try folder.write("ref: refs/heads/main\n", to: "shop/.git/HEAD")
    try folder.write("# mine\n", to: "shop/.git/info/exclude")
  }

  private func apply(to file: String) throws -> Program.Result {
    try program.run(["learn", "--project", "shop", "--apply", "--target", "shop/" + file])
  }

  @Test func pathsOutsideTheRepositoryAreWarnedOfAndHomesAreShort() throws {
    let result = try apply(to: "CLAUDE.md")
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("outside the repository"), "\(result.output)")
    let text = try folder.text("shop/CLAUDE.md")
    #expect(text.contains("`~/") && !text.contains("/home/dev"))
    #expect(try folder.text("shop/.git/info/exclude") == "# mine\n")
  }

  @Test func aPersonalFileIsKeptOutOfGitOnce() throws {
    _ = try apply(to: "CLAUDE.local.md")
    let result = try apply(to: "CLAUDE.local.md")
    #expect(!result.output.contains("outside the repository"))
    #expect(try folder.text("shop/.git/info/exclude") == "# mine\n/CLAUDE.local.md\n")
    #expect(try folder.text("shop/CLAUDE.local.md").contains("npm run check"))
  }

  @Test func aTrackedPersonalFileIsPointedOut() throws {
    try folder.write("DIRC....\0\u{0F}CLAUDE.local.md\0\0\0", to: "shop/.git/index")
    let result = try apply(to: "CLAUDE.local.md")
    #expect(result.output.contains("git rm --cached CLAUDE.local.md"), "\(result.output)")
    #expect(try folder.text("shop/.git/info/exclude") == "# mine\n")
  }

  @Test func aFileOfTheSameNameFurtherDownIsAnotherOne() throws {
    try folder.write("DIRC....\0\u{13}sub/CLAUDE.local.md\0\0\0", to: "shop/.git/index")
    let result = try apply(to: "CLAUDE.local.md")
    #expect(!result.output.contains("git rm --cached"), "\(result.output)")
    #expect(try folder.text("shop/.git/info/exclude") == "# mine\n/CLAUDE.local.md\n")
  }

  @Test func nothingIsWrittenWhereAGitFileLeadsToNoRepository() throws {
    try FileManager.default.removeItem(atPath: folder.path + "/shop/.git")
    try folder.write("x", to: "elsewhere/x")
    try folder.write("gitdir: \(folder.path)/elsewhere\n", to: "shop/.git")
    _ = try apply(to: "CLAUDE.local.md")
    #expect(try folder.text("shop/CLAUDE.local.md").contains("npm run check"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/elsewhere/info"))
  }

  @Test func aLinkedWorkingCopyHasItsExcludesWithTheOthers() throws {
    try folder.write("ref: refs/heads/main\n", to: "main/.git/HEAD")
    try folder.write("../..\n", to: "main/.git/worktrees/shop/commondir")
    try FileManager.default.removeItem(atPath: folder.path + "/shop/.git")
    try folder.write("gitdir: \(folder.path)/main/.git/worktrees/shop\n", to: "shop/.git")
    // Its sessions count for the main working copy.
    let result = try program.run(["learn", "--project", "main", "--apply", "--target", "shop/CLAUDE.local.md"])
    #expect(result.status == 0, "\(result.output)")
    #expect(try folder.text("main/.git/info/exclude") == "/CLAUDE.local.md\n")
  }
}
