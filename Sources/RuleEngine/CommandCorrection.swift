internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds the command that worked after one that failed.
struct CommandCorrection {
  private let category: Category
  private let failed: CommandLine
  /// The program that the failure names, such as the one that is not installed.
  private let missing: String?
  /// Heads of commands that succeeded since, for the case that the failed one then works unchanged.
  private var steps: [(text: String, callID: String)] = []

  init?(_ observation: Observation) {
    guard observation.tool == .shell,
      Self.correctable.contains(observation.category) || Self.preparable.contains(observation.category)
    else { return nil }
    category = observation.category
    failed = CommandLine(parsing: observation.input)
    guard !failed.invocations.isEmpty else { return nil }
    missing = observation.category == .commandNotFound ? observation.slots["program"] : nil
  }

  /// Failures of the command itself. A failed test or build is corrected by changing files, not the command.
  private static let correctable: Set<Category> = [
    .commandNotFound, .badUsage, .missingImport, .permissionDenied,
  ]

  /// Failures that another command may clear up beforehand; no other wording of the failed one will.
  private static let preparable: Set<Category> = [.lintFailure, .environmentError, .dependencyError]

  /// Looks at a shell command that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine) -> Correction? {
    if line == failed {
      guard let step = steps.last(where: { Self.prepares($0.text, for: category) && !failed.runs($0.text) }) else {
        return nil
      }
      return Correction(
        kind: .step, from: failed.invocations.last?.head ?? "", text: step.text, callID: step.callID, confidence: 0.7)
    }
    if let missing, line.invocations.contains(where: { $0.program == missing && !$0.runsElsewhere }) { return nil }
    if Self.correctable.contains(category), let correction = change(to: line, callID: call.id) { return correction }
    if let last = line.lastInvocation, steps.count < 16 { steps.append((last.text, call.id)) }
    return nil
  }

  private func change(to line: CommandLine, callID: String) -> Correction? {
    guard let difference = CommandDifference(from: failed, to: line), (1...3).contains(difference.changes.count) else {
      return nil
    }
    func correction(_ from: String, _ to: String, _ confidence: Double) -> Correction {
      Correction(kind: .command, from: from, text: to, callID: callID, confidence: confidence)
    }
    for change in difference.changes {
      switch change {
      case .prefix(let from, let to) where Self.isTelling(to) && names(from) && difference.similarity >= 0.2:
        // Other words in front of the same arguments.
        return correction(from, line.head(startingWith: to) ?? to, 0.9)
      case .addedWrapper(let wrapper) where difference.similarity >= 0.6:
        // What is not installed here is there in a container or on another machine.
        guard let missing else { continue }
        return correction(missing, wrapper + " " + missing, 0.9)
      // Two programs do the same thing when they were given something in common.
      case .program(let from, let to)
      where Self.isTelling(to) && names(from) && failed.givesArguments(to: from)
        && difference.similarity >= (missing == nil ? 0.4 : 0.1):
        return correction(from, to, difference.similarity >= 0.4 ? 0.8 : 0.5)
      case .subcommand(let from, let to) where category == .badUsage && difference.similarity >= 0.5:
        return correction(from, to, 0.8)
      case .removedFlag, .addedFlag, .argument, .path:
        guard difference.similarity >= 0.7, let head = failed.commonHead(with: line),
          let to = line.invocations.last(where: { $0.head == head })
        else { continue }
        return correction(head, Self.flags(of: difference, head) ?? to.text, difference.similarity * 0.8)
      default: continue
      }
    }
    return nil
  }

  /// When only flags were exchanged, the command with the new ones; its other arguments say nothing.
  private static func flags(of difference: CommandDifference, _ head: String) -> String? {
    var added: [String] = []
    for change in difference.changes {
      switch change {
      case .addedFlag(let flag): added.append(flag)
      case .removedFlag, .path: continue
      default: return nil
      }
    }
    return added.isEmpty ? nil : ([head] + added).joined(separator: " ")
  }

  /// Whether the words that were replaced hold the program that is missing, if one is.
  private func names(_ words: String) -> Bool {
    guard let missing else { return true }
    return words.split(separator: " ").contains { PathText.name(of: String($0)) == missing }
  }

  /// Looking around is not doing the same thing in another way.
  private static func isTelling(_ command: String) -> Bool {
    let program = command.split(separator: " ").first.map { PathText.name(of: String($0)) } ?? ""
    return ![
      "ls", "cat", "pwd", "echo", "ps", "which", "type", "find", "head", "tail", "grep", "rg", "sed", "kill", "sleep",
      "cd",
      "mkdir", "touch", "wc", "stat", "file", "tree", "du", "df", "printf", "open", "true", "date", "env",
    ].contains(program)
  }

  /// Whether a command is of the kind that makes another one work: it installs, starts or sets something up.
  private static func prepares(_ command: String, for category: Category) -> Bool {
    let words = Set(command.split(separator: " ").map(String.init))
    if category == .lintFailure {
      return words.contains {
        $0.contains("fmt") || $0.contains("format") || ["--fix", "--write", "-w", "--apply"].contains($0)
      }
    }
    return !words.isDisjoint(with: [
      "install", "i", "add", "sync", "ci", "up", "start", "init", "login", "update", "bootstrap", "get", "tidy",
      "generate",
      "migrate", "setup", "chmod", "mkdir", "fetch", "pull", "use", "restore", "build",
    ])
  }
}

extension CommandLine {
  /// Whether a command is given more than the words of its head.
  fileprivate func givesArguments(to head: String) -> Bool {
    invocations.contains { $0.head == head && $0.arguments.count >= head.split(separator: " ").count }
  }

  fileprivate func runs(_ text: String) -> Bool { invocations.contains { $0.text == text } }

  /// The head of a command that starts with these words: `bun run test` for `bun`.
  fileprivate func head(startingWith words: String) -> String? {
    invocations.last { $0.head == words || $0.head.hasPrefix(words + " ") }?.head
  }

  /// The head of the last command that both lines run.
  fileprivate func commonHead(with other: CommandLine) -> String? {
    let heads = Set(other.invocations.map(\.head))
    return invocations.last { heads.contains($0.head) && $0.role == .producer }?.head
  }
}

extension Invocation {
  /// In a container or on another machine, where other programs are installed than here.
  var runsElsewhere: Bool {
    wrappers.contains { wrapper in
      let program = wrapper.split(separator: " ").first.map(String.init) ?? ""
      return ["docker", "docker-compose", "podman", "podman-compose", "nerdctl", "kubectl", "oc", "ssh"].contains(
        program)
    }
  }

  /// The command in one line, without redirections and the parts of the line around it.
  var text: String {
    let words = [programPath] + arguments
    return words.map { word in
      let isPlain =
        !word.isEmpty
        && word.unicodeScalars.allSatisfy { scalar in
          scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "-_./:=@%+,~".unicodeScalars.contains(scalar)
        }
      return isPlain ? word : "'\(word)'"
    }.joined(separator: " ")
  }
}
