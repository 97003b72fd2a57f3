internal import SessionModel
internal import ShellSyntax

/// What has to happen in a shell before it finds a program, or the program its libraries: an environment is activated, a
/// version chosen, a folder put on the path.
extension CommandLine {
  /// Whether some command sets up the shell for those behind it, or has a `PATH` of its own.
  var setsUpShell: Bool { invocations.contains { $0.setsUpShell || $0.environment.contains("PATH") } }

  /// What sets up the shell before a place, as it can be typed again; nil when nothing does, or something cannot.
  func setup(before place: Int) -> String? {
    var setup: [String] = []
    for invocation in invocations[..<place].reversed()
    where invocation.setsUpShell || setup.contains(where: invocation.setsVariable) {
      guard let typed = invocation.typed else { return nil }
      setup.insert(typed, at: 0)
    }
    if place < invocations.count, invocations[place].environment.contains("PATH"),
      !setup.contains(where: { $0.holds("PATH=") })
    {
      // The programs that the rest of the line needs stay on the path.
      guard let value = value(of: "PATH"), Invocation.canBeTyped(value), value.holds("$PATH") || value.holds("${PATH}")
      else { return nil }
      setup.append("export PATH=\(value)")
    }
    let text = setup.joined(separator: " && ")
    return setup.isEmpty || Self.usesUnknownVariable(text) ? nil : text
  }

  /// Whether a text uses a variable that it does not set itself and that not every shell has.
  private static func usesUnknownVariable(_ text: String) -> Bool {
    text.split(separator: "$").dropFirst(text.hasPrefix("$") ? 0 : 1).contains { rest in
      let name = rest.drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return !name.isEmpty && !["HOME", "PATH", "PWD"].contains(name) && !text.holds("export \(name)=")
        && !text.holds(" \(name)=")
    }
  }

  /// A command of the line as it can be typed again: with its folder, its variables and the way to its container; nil where
  /// it cannot be told, or is on another machine.
  func typed(_ command: Invocation) -> String? {
    var words: [String] = []
    for wrapper in command.wrappers where !Self.passedOver.contains(wrapper) {
      guard wrapper == "sudo" || wrapper.hasPrefix("docker") || wrapper.hasPrefix("podman") else { return nil }
      words.append(wrapper)
    }
    for name in command.environment {
      let assignment = assignment(of: name)
      guard !assignment.hasSuffix("=...") else { return nil }
      words.append(assignment)
    }
    words.append(command.text)
    let text = words.joined(separator: " ")
    guard let folder = command.directory else { return text }
    return folder.holds("$") ? nil : "cd \(folder) && \(text)"
  }

  /// Wrappers without which a command does the same.
  static let passedOver: Set<String> = [
    "time", "nice", "nohup", "env", "command", "timeout", "gtimeout", "exec",
  ]

  /// How the line sets a variable, with the value only where that can be no secret.
  func assignment(of name: String) -> String {
    "\(name)=\(value(of: name).flatMap { Self.isPlain($0, of: name) ? $0 : nil } ?? "...")"
  }

  /// What a variable is set to in front of a command.
  private func value(of name: String) -> String? {
    pipelines.lazy.flatMap(\.commands).flatMap(\.assignments).last { $0.name == name }?.value
  }

  /// Whether a value only turns something on or off, says how much, where in the project something is or which of its
  /// modules and modes is meant, or holds options.
  private static func isPlain(_ value: String, of name: String) -> Bool {
    guard value.utf8.count <= 60, value.allSatisfy({ $0.isASCII }) else { return false }
    if ["true", "false"].contains(value) || value.utf8.count < 7 && value.allSatisfy(\.isNumber) { return true }
    if value.hasPrefix("--") {
      return value.allSatisfy { $0.isLowercase || $0.isNumber || "-=_".contains($0) }
    }
    // Where a toolchain is installed is the same for everybody who works on the machine.
    let place = value.hasPrefix("$HOME/") ? value.dropFirst(5) : value[...]
    let isToolchain = ["_HOME", "_ROOT", "DEVELOPER_DIR"].contains(where: name.hasSuffix) && place.hasPrefix("/")
    let isVersion = name.hasSuffix("VERSION") || name.hasSuffix("TOOLCHAIN")
    let isAboutTheProject = ["PATH", "DIR", "ROOT", "ENV", "MODE", "MODULE", "FLASK_APP"].contains {
      name.hasSuffix($0)
    }
    return (isToolchain || isVersion || isAboutTheProject && value.first.map { $0 == "." || $0.isLetter } == true)
      && place.allSatisfy { $0.isLetter || $0.isNumber || "._-/@".contains($0) }
  }
}

extension Invocation {
  var setsUpShell: Bool {
    switch program {
    case _ where wrappers.contains("eval"): true
    // Files of settings say nothing of where programs are.
    case "source", ".": arguments.first.map { !PathText.name(of: $0).hasPrefix(".env") } ?? false
    case "nvm", "fnm", "sdk": arguments.first == "use"
    case "conda", "mamba", "micromamba": arguments.first == "activate"
    case "pyenv", "rbenv": arguments.first == "shell"
    case "export": arguments.contains { $0.hasPrefix("PATH=") }
    default: false
    }
  }

  /// Whether commands behind it may find what they do not find without it.
  var changesShell: Bool { setsUpShell || ["source", ".", "export", "set"].contains(program) }

  /// Whether it sets a variable that another command uses.
  fileprivate func setsVariable(of command: String) -> Bool {
    program == "export"
      && arguments.contains { word in
        let name = word.prefix { $0 != "=" }
        return !name.isEmpty && (command.holds("$\(name)") || command.holds("${\(name)}"))
      }
  }

  fileprivate var typed: String? {
    if wrappers == ["eval"] { return ShellSetup.isKnown(programPath) ? "eval \"\(programPath)\"" : nil }
    guard arguments.allSatisfy(Self.canBeTyped), wrappers.isEmpty else { return nil }
    guard program == "source" || program == "." else { return ([program] + arguments).joined(separator: " ") }
    return (["source", placed(arguments[0])] + arguments.dropFirst()).joined(separator: " ")
  }

  /// Whether a word means the same when it is typed again. Variables stay as they are, so what holds blanks does not.
  fileprivate static func canBeTyped(_ word: String) -> Bool {
    word.unicodeScalars.allSatisfy { $0.isLetterOrDigit || "-_./:=@%+,~${}".unicodeScalars.contains($0) }
  }

  /// A path that the command was given, from where the line began.
  func placed(_ path: String) -> String {
    guard let directory, let first = path.first, !"/~$".contains(first) else { return path }
    let place = PathText.resolved(path, in: PathText.resolved(directory, in: "/"))
    return directory.hasPrefix("/") || directory.hasPrefix("~") ? "\(directory)/\(path)" : String(place.dropFirst())
  }
}

/// What shells are set up with by the output of a program.
public enum ShellSetup {
  /// A text without the substitutions of which everybody knows what they print.
  public static func withoutKnownSubstitutions(_ text: String) -> String {
    text.holds("$(") ? known.reduce(text) { $0.replacing("$(\($1))", with: "") } : text
  }

  fileprivate static func isKnown(_ substitution: String) -> Bool {
    known.contains { substitution == "$(\($0))" }
  }

  private static let known = [
    "fnm env", "fnm env --use-on-cd", "pyenv init -", "pyenv init --path", "pyenv init - bash", "pyenv init - zsh",
    "rbenv init -", "rbenv init - bash", "rbenv init - zsh", "nodenv init -", "fnm env --shell bash",
    "fnm env --shell zsh",
    "brew shellenv", "/opt/homebrew/bin/brew shellenv", "/home/linuxbrew/.linuxbrew/bin/brew shellenv",
    "mise activate bash", "mise activate zsh", "mise env", "direnv export bash", "direnv export zsh", "opam env",
  ]
}
