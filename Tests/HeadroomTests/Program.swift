import Foundation
import Testing

/// The program as it was built with the tests.
struct Program: Sendable {
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The file to run.
  var file: URL
  /// Words to put in front, such as a program that takes rights away.
  var prefix: [String] = []
  /// The only variables that it sees.
  var variables: [String: String] = [:]
  var folder: URL = FileManager.default.temporaryDirectory

  init() throws {
    // `….xctest` is the test runner itself on Linux, and a bundle among the arguments on macOS.
    let runner = try #require(ProcessInfo.processInfo.arguments.first { $0.contains(".xctest") })
    let end = try #require(runner.range(of: ".xctest")?.upperBound)
    file = URL(filePath: String(runner[..<end])).deletingLastPathComponent().appending(path: "headroom")
  }

  /// A program that knows nothing but a folder: its home, its state and the logs of Claude Code lie there.
  init(in folder: TemporaryFolder) throws {
    try self.init()
    self.folder = folder.url
    variables = [
      "HOME": folder.path + "/home", "XDG_STATE_HOME": folder.path + "/state",
      "XDG_CONFIG_HOME": folder.path + "/config", "XDG_CACHE_HOME": folder.path + "/cache",
      "CLAUDE_CONFIG_DIR": folder.path + "/claude",
    ]
  }

  func run(_ arguments: String...) throws -> Result { try run(arguments) }

  func run(_ arguments: [String]) throws -> Result {
    let process = process(arguments)
    // Files and not pipes: nobody has to read them while the program runs.
    let results = try TemporaryFolder()
    let output = try results.write("", to: "output")
    let errors = try results.write("", to: "errors")
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try Repository.text(output), errors: try Repository.text(errors))
  }

  /// Starts the program and does not listen to it.
  func start(_ arguments: [String]) throws -> Process {
    let process = process(arguments)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func process(_ arguments: [String]) -> Process {
    let process = Process()
    let words = prefix + [file.path] + arguments
    process.executableURL = URL(filePath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = variables
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    return process
  }
}
