internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds the option, variable, service or preparation that a command needs here: nothing else was changed, and the same
/// command worked with it.
struct AdditionCorrection {
  /// The command line that failed; its head tells the command that did.
  private var text: String
  private var head: String
  private var folder: String?
  private var failed: Invocation?
  private var category: Category
  /// The last command since that started a service, or fetched or made what others need.
  private var started: CommandCorrection.Step?
  /// How many more calls are looked at.
  private var left = reach

  private static let reach = 6

  init?(_ call: ToolCall, _ line: CommandLine?, _ observation: Observation) {
    guard observation.failed, !Self.others.contains(observation.category), let head = observation.slots["head"],
      let failed = line?.command(named: head), !ContentPrograms.contains(failed)
    else { return nil }
    text = observation.input
    self.head = head
    folder = call.workingDirectory
    self.failed = failed
    category = observation.category
  }

  /// What `CommandCorrection` looks after, what is fixed in files, and what passes by itself.
  private static let others: Set<Category> = CommandCorrection.correctable.union([
    .lintFailure, .userRejected, .cancelledSibling, .conflictBusy, .gitError, .isDirectory,
  ])

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    guard left > 0 else { return nil }
    left -= 1
    // Outside of the sandbox it may have worked without.
    if let failed, let line, !call.input.leavesSandbox, call.workingDirectory == folder {
      for command in line.invocations {
        let isSame = command.program == failed.program && command.arguments == failed.arguments
        if !isSame, command.startsService || command.preparesOthers {
          started = CommandCorrection.Step(text: command.text, callID: call.id)
        }
        guard call.proves(command, in: line) else { continue }
        if let started, isSame {
          return Correction(
            kind: .step, from: failed.placedHead, text: started.text, callID: started.callID, confidence: 0.7)
        }
        if let text = addition(in: command, of: line) {
          return Correction(kind: .option, from: head, text: text, callID: call.id, confidence: 0.8)
        }
      }
    }
    // What was changed in between may be what helped.
    let prepares = line?.invocations.contains { $0.startsService || $0.preparesOthers } == true
    if !prepares, !call.onlyShows(line) { left = 0 }
    return nil
  }

  /// The head of a command with what the failed one lacked.
  private func addition(in command: Invocation, of line: CommandLine) -> String? {
    // What was done in between may be what helped, and that a server answers now is no merit of options.
    guard let failed, started == nil, category != .networkError, !failed.isBareInterpreter else { return nil }
    if category == .timeout, command.head == head + " run" { return command.head }
    guard command.head == head, let (options, variables) = Self.additions(in: command, lackedBy: failed),
      category != .timeout || (options + variables).allSatisfy({ $0 == "--" || Self.endsWatching.contains($0) })
    else { return nil }
    return (variables.map(line.assignment) + command.head(with: options)).joined(separator: " ")
  }

  /// Looks at a call that failed: another try may have been one with the wrong option.
  mutating func lookAtFailure(_ call: ToolCall, _ line: CommandLine?) {
    if !call.onlyShows(line, besides: head) { left = 0 }
  }

  /// The options of a command, with their values, and the variables that another one lacks; nil when anything else differs.
  private static func additions(
    in command: Invocation, lackedBy failed: Invocation
  ) -> (options: [String], variables: [String])? {
    var options: [String] = []
    var variables: [String] = []
    for change in CommandDifference(from: failed, to: command).changes {
      switch change {
      case .addedFlag(let flag) where isTelling(flag) || endsWatching.contains(flag): options.append(flag)
      case .addedEnvironment(let name): variables.append(name)
      case .argument(nil, let value?):
        guard let place = command.arguments.firstIndex(of: value), place > 0,
          command.arguments[place - 1] != "--", let flag = options.firstIndex(of: command.arguments[place - 1])
        else { return nil }
        options.insert(Invocation.quoted(value), at: flag + 1)
      default: return nil
      }
    }
    if options.last == "--" { return nil }
    return (1...4).contains(options.count + variables.count) ? (options, variables) : nil
  }

  /// With these, programs that wait for changes run once and end.
  private static let endsWatching: Set<String> = [
    "--run", "--watch=false", "--watchAll=false", "--no-watch", "--ci", "--single-run", "CI",
  ]

  /// Whether an option may be what makes a command work.
  static func isTelling(_ flag: String) -> Bool {
    !saysNothing.contains(flag.prefix { $0 != "=" }) && !partsThatSayNothing.contains { flag.holds($0) }
  }

  private static let partsThatSayNothing = [
    "force", "allow", "accept", "approve", "skip", "ignore", "only", "last-", "changed", "fail", "retries", "seed",
    "format", "coverage", "no-cov", "pretty", "json", "debug", "strategy", "continue", "summary", "audit", "level",
    "target",
  ]

  /// Options that show more or less, do only a part, name what is made, or do it against better knowledge.
  private static let saysNothing = Set(
    """
    -h --help -V --version -v -vv -vvv --verbose -q -qq --quiet -quiet -s --silent --tb --reporter --reporters --color \
    --no-color --no-header -rA --info --list --collect-only --dry-run -n -i \
    -p -m -k -t -x -run -short -count --count --lf -lf --lib --test --grep --testNamePattern --filter --project -Dtest \
    --deselect --exclude --passWithNoTests --bail --no-build -j --jobs --watch --run \
    -d --name --title --body --head --base --fix --write -u --update --updateSnapshot -f -rf -fd -fdx --no-verify \
    --no-gpg-sign
    """.split(separator: " "))
}

extension CommandLine {
  /// The last command with this head.
  fileprivate func command(named head: String) -> Invocation? { invocations.last { $0.head == head } }
}

extension Invocation {
  /// Whether it starts a service that goes on by itself.
  fileprivate var startsService: Bool {
    switch program {
    case "docker", "docker-compose", "podman", "podman-compose", "nerdctl":
      arguments.contains { ["up", "start"].contains($0) } || arguments.contains("run") && arguments.contains("-d")
    case "systemctl", "service", "brew", "supabase", "pg_ctl", "pg_ctlcluster", "colima", "minikube", "ddev", "lando":
      arguments.contains { ["start", "restart", "up"].contains($0) }
    default: false
    }
  }

  /// Whether it only fetches or makes what other commands need, and changes nothing that a person wrote.
  fileprivate var preparesOthers: Bool {
    let words = arguments.prefix(3) + (program == "npx" ? [] : [program])
    return words.contains { word in
      ["install", "ci", "sync", "restore", "bootstrap"].contains(word)
        || ["migrate", "generate", "codegen", "deps.get", "db:prepare", "db:setup"].contains { word.hasSuffix($0) }
    }
  }
}

extension AdditionCorrection: Stored {
  static var blank: AdditionCorrection { AdditionCorrection() }

  private init() { (text, head, category) = ("", "", .other) }

  /// The command follows from its text.
  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&text)
    fields.visit(&head)
    fields.visit(&folder)
    fields.visit(&left)
    fields.visit(&category)
    fields.visit(&started)
    if fields.changesValues { failed = CommandLine(parsing: text).command(named: head) }
  }
}
