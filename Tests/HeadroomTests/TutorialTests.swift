import Foundation
import Testing

/// The tutorial of the README, run as it is written.
struct TutorialTests {
  @Test func pluginOfTheReadmeWorks() throws {
    let readme = try Repository.text(Repository.root.appending(path: "README.md"))
    let start = try #require(readme.range(of: "<!-- tutorial:start -->"))
    let end = try #require(readme.range(of: "<!-- tutorial:end -->"))
    let tutorial = String(readme[start.upperBound..<end.lowerBound])
    let plugin = try #require(Self.block("python", in: tutorial))
    let console = try #require(Self.block("console", in: tutorial))
    // The promise is twenty lines.
    #expect(plugin.split(separator: "\n", omittingEmptySubsequences: false).dropLast().count <= 20)

    let folder = try TemporaryFolder()
    var program = try Program(in: folder)
    try folder.write(plugin, to: "home/.local/bin/headroom-agent-acme")
    try folder.write("", to: "bin/empty")
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "bin/headroom"), withDestinationURL: program.file)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    program.variables["PATH"] = "\(folder.path)/home/.local/bin:\(folder.path)/bin:\(path)"
    program.file = URL(filePath: "/bin/sh")
    let (commands, shown) = Self.session(console)
    #expect(!commands.isEmpty && !shown.isEmpty)
    let result = try program.run("-e", "-c", commands)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
    #expect(result.output == shown)

    let agents = try program.run("-c", "headroom agents")
    #expect(agents.output.contains("acme  Acme: 1 log file in \(folder.path)/home/.acme/runs (known from: its plugin)"))
    let learned = try program.run("-c", "headroom learn --all --format json --min-evidence 1")
    #expect(learned.output.contains("/home/dev/shop/ACME.md"), "\(learned)")
  }

  private static func block(_ language: String, in text: String) -> String? {
    guard let start = text.range(of: "```\(language)\n"), let end = text[start.upperBound...].range(of: "```") else {
      return nil
    }
    return String(text[start.upperBound..<end.lowerBound])
  }

  /// The commands of a console, which may go on over several lines, and what they print together.
  private static func session(_ console: String) -> (commands: String, output: String) {
    var commands = ""
    var output = ""
    var goesOn = false
    for line in console.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if goesOn || line.hasPrefix("$ ") {
        commands += (goesOn ? line : line.dropFirst(2)) + "\n"
        goesOn = line.hasSuffix("\\")
      } else {
        output += line + "\n"
      }
    }
    return (commands, output)
  }
}
