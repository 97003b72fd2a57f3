/// The options of the shell that decide whose failure ends a line.
struct ShellOptions {
  var errexit = false
  var pipefail = false

  /// The options that hold at each pipeline of a line.
  static func each(in line: CommandLine, from options: ShellOptions) -> [ShellOptions] {
    var options = options
    var each: [ShellOptions] = []
    for item in line.items {
      guard case .pipeline(let pipeline) = item else { continue }
      each.append(options)
      if pipeline.commands.count == 1 { options.apply(pipeline.commands[0]) }
    }
    return each
  }

  private mutating func apply(_ command: SimpleCommand) {
    guard command.firstWord?.text == "set" else { return }
    apply(command.words.map(\.text).dropFirst())
  }

  /// Applies words such as `-euo pipefail`.
  mutating func apply(_ words: ArraySlice<String>) {
    for (index, word) in zip(words.indices, words) {
      let isOn = word.hasPrefix("-")
      guard isOn || word.hasPrefix("+"), !word.hasPrefix("--") else { continue }
      if word.contains("e") { errexit = isOn }
      guard word.hasSuffix("o"), index + 1 < words.endIndex else { continue }
      if words[index + 1] == "pipefail" { pipefail = isOn }
      if words[index + 1] == "errexit" { errexit = isOn }
    }
  }
}
