internal import Foundation

@main
struct Bench {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("HeadroomBench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    var arguments = arguments[...]
    switch arguments.popFirst() {
    case "generate":
      let options = try Options(arguments, known: ["size", "to", "seed", "session-size"])
      let folder = URL(filePath: try options.text("to"))
      let data = DataSet(
        seed: UInt64(try options.size("seed", or: 1)), size: try options.size("size", or: 100 << 20),
        sessionSize: try options.sizeIfGiven("session-size"))
      let begin = ContinuousClock.now
      let answers = try data.write(to: folder)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      try encoder.encode(answers).write(to: folder.appending(path: "answers.json"))
      print("\(answers.bytes) bytes, \(answers.files) logs, \(answers.calls) calls in \(ContinuousClock.now - begin)")
      print("CLAUDE_CONFIG_DIR=\(folder.path)")
    default:
      print(
        """
        HeadroomBench generate --to DIR [--size 1G] [--seed 1] [--session-size 4M]
          Make logs as Claude Code has them, and answers.json beside them.
        """)
    }
  }
}
