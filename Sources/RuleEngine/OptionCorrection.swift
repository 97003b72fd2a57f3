internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds the option that a command needs here: nothing was changed, and the same command worked with it.
struct OptionCorrection {
  /// The command line that failed; its head tells the command that did.
  private var text: String
  private var head: String
  private var folder: String?
  private var failed: Invocation?
  /// How many more calls are looked at.
  private var left = reach

  private static let reach = 6

  init?(_ call: ToolCall, _ line: CommandLine?, _ observation: Observation) {
    guard observation.failed, !Self.others.contains(observation.category), let head = observation.slots["head"],
      let failed = line?.command(named: head), !failed.isBareInterpreter
    else { return nil }
    text = observation.input
    self.head = head
    folder = call.workingDirectory
    self.failed = failed
  }

  /// What `CommandCorrection` looks after, what is fixed in files, and what passes by itself.
  private static let others: Set<Category> = CommandCorrection.correctable.union([
    .lintFailure, .userRejected, .cancelledSibling, .timeout, .conflictBusy, .networkError, .gitError, .isDirectory,
  ])

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    guard left > 0 else { return nil }
    left -= 1
    // Outside of the sandbox it may have worked without.
    if let failed, let line, !call.input.leavesSandbox, call.workingDirectory == folder {
      for command in line.invocations where command.head == head && call.proves(command, in: line) {
        guard let options = Self.options(in: command, lackedBy: failed) else { continue }
        return Correction(
          kind: .option, from: head, text: ([head] + options).joined(separator: " "), callID: call.id, confidence: 0.8)
      }
    }
    // What was changed in between may be what helped.
    if !call.onlyShows(line) { left = 0 }
    return nil
  }

  /// Looks at a call that failed: another try may have been one with the wrong option.
  mutating func lookAtFailure(_ call: ToolCall, _ line: CommandLine?) {
    if !call.onlyShows(line, besides: head) { left = 0 }
  }

  /// The options of a command, with their values, that another one lacks; nil when anything else differs.
  private static func options(in command: Invocation, lackedBy failed: Invocation) -> [String]? {
    var options: [String] = []
    for change in CommandDifference(from: failed, to: command).changes {
      switch change {
      case .addedFlag(let flag) where isTelling(flag): options.append(flag)
      case .argument(nil, let value?):
        guard let place = command.arguments.firstIndex(of: value), place > 0,
          let flag = options.firstIndex(of: command.arguments[place - 1])
        else { return nil }
        options.insert(Invocation.quoted(value), at: flag + 1)
      default: return nil
      }
    }
    return (1...4).contains(options.count) ? options : nil
  }

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

extension OptionCorrection: Stored {
  static var blank: OptionCorrection { OptionCorrection() }

  private init() { (text, head) = ("", "") }

  /// The command follows from its text.
  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&text)
    fields.visit(&head)
    fields.visit(&folder)
    fields.visit(&left)
    if fields.changesValues { failed = CommandLine(parsing: text).command(named: head) }
  }
}
