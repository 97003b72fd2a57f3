internal import Foundation
internal import Recommendations

/// A coding agent that is asked on its command line, as a bare model: without tools, hooks, settings of the user or
/// session files, which would be read as a session by the next `learn`.
struct AgentCommand {
  private let choice: ModelChoice
  private let variables: [String: String]

  init(_ choice: ModelChoice, variables: [String: String]) {
    self.choice = choice
    self.variables = variables
  }

  /// Nothing at all for that long means that it hangs.
  private static let longestSilence = 90.0

  func answer(to prompt: RefinementPrompt, within seconds: Double) throws(RefinementFailure) -> String {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    let dialect = dialect
    if !dialect.needed.isEmpty { try check(dialect, folder) }
    let call = dialect.call(prompt, choice.model, folder.path, variables)
    for (name, text) in call.files { try folder.write(text, to: name) }
    for (name, target) in call.links { folder.link(name, to: target) }
    let run = CommandRun(
      program: try program, arguments: call.arguments, folder: folder.path,
      variables: variables.merging(call.variables) { _, new in new })
    let limits = CommandRun.Limits(
      total: seconds, silence: dialect.reportsProgress ? min(seconds, Self.longestSilence) : seconds)
    let result = try run.run(input: call.input, limits)
    return try dialect.text(of: result)
  }

  func preview(of prompt: RefinementPrompt) throws(RefinementFailure) -> String {
    let call = dialect.call(prompt, choice.model, "FOLDER", variables)
    let words = [dialect.program] + call.arguments
    return words.map { $0.contains { " \n\"{".contains($0) } || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")
      + "\n\n" + call.input
  }

  private var dialect: any CommandDialect {
    switch choice.backend {
    case .codex: CodexDialect()
    case .geminiCommand: GeminiDialect()
    default: ClaudeDialect()
    }
  }

  private var program: String {
    get throws(RefinementFailure) {
      let name = dialect.program
      for folder in (variables["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return path }
      }
      throw .failed("there is no `\(name)` in PATH; install it or name another model")
    }
  }

  /// An older version would ignore or refuse what keeps it from acting.
  private func check(_ dialect: any CommandDialect, _ folder: ScratchFolder) throws(RefinementFailure) {
    let run = CommandRun(
      program: try program, arguments: dialect.help, folder: folder.path, variables: variables)
    let help = try run.run(input: "", CommandRun.Limits(total: 20, silence: 20)).output
    for option in dialect.needed where !help.contains(option) {
      throw .failed("this `\(dialect.program)` does not know \(option), which keeps it from acting; update it")
    }
  }
}

/// How one agent is called without anything but its model.
protocol CommandDialect: Sendable {
  var program: String { get }
  /// Prints the options.
  var help: [String] { get }
  /// Options without which it is not called.
  var needed: [String] { get }
  /// Whether it writes something before the answer is there.
  var reportsProgress: Bool { get }

  /// - Parameter folder: The folder that it runs in, removed afterwards.
  func call(_ prompt: RefinementPrompt, _ model: String, _ folder: String, _ variables: [String: String]) -> CommandCall
  /// The model's text, or the failure that the agent reports in its result.
  func text(of result: CommandRun.Result) throws(RefinementFailure) -> String
}

struct CommandCall: Sendable {
  var arguments: [String]
  var input: String
  /// To be written into the folder, by name.
  var files: [String: String] = [:]
  /// To be linked into the folder where they exist, by name.
  var links: [String: String] = [:]
  var variables: [String: String] = [:]
}

extension CommandDialect {
  var reportsProgress: Bool { true }

  func failure(_ message: String?, _ result: CommandRun.Result) -> RefinementFailure {
    let shown = [message, result.errors, result.output].compactMap(\.self).map { ErrorText.short($0) }.first {
      !$0.isEmpty
    }
    return .failed("`\(program)` ended with \(result.status): \(shown ?? "it says nothing")")
  }

  /// The lines of the output that are JSON.
  func events(in output: String) -> [JSON] { output.split(separator: "\n").compactMap { JSON(Array($0.utf8)) } }
}

/// A folder of our own for one call, without a project's files in it.
struct ScratchFolder: Sendable {
  let path: String

  init() throws(RefinementFailure) {
    path = FileManager.default.temporaryDirectory.path + "/headroom-" + UUID().uuidString
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .failed("cannot make the folder \(path); check the permissions and the space on the disk")
    }
  }

  func write(_ text: String, to name: String) throws(RefinementFailure) {
    do {
      try Data(text.utf8).write(to: file(name))
    } catch {
      throw .failed("cannot write to \(path); check the permissions and the space on the disk")
    }
  }

  func link(_ name: String, to target: String) {
    guard FileManager.default.fileExists(atPath: target) else { return }
    let link = file(name)
    try? FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
  }

  func file(_ name: String) -> URL { URL(fileURLWithPath: path + "/" + name) }

  func text(of name: String) -> String {
    FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  func size(of name: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
