internal import PatternEngine
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
  /// Whether the output says that a server is missing, or something that can be fetched or made.
  private var lacksService = false
  private var lacksPreparation = false
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
    let output = call.output.utf8
    let said = Array(output.prefix(Self.looked)) + Array(output.dropFirst(Self.looked).suffix(Self.looked))
    Self.words.scan(said) { hit in
      if hit.literal < Self.serviceWords.count { lacksService = true } else { lacksPreparation = true }
    }
  }

  /// How many bytes are looked at of the start and of the end of an output.
  private static let looked = 2048

  private static let words = LiteralFilter(
    (serviceWords + preparationWords).map { Literal(Array($0.utf8), ignoresCase: true) })

  private static let serviceWords = [
    "refused", "econnrefused", "connect", "not running", "unreachable", "daemon", "no such host", "enotfound",
    "can't reach",
  ]
  private static let preparationWords = [
    "not found", "cannot find", "can't find", "could not find", "couldn't find", "missing", "no such", "does not exist",
    "doesn't exist", "not installed", "not initialize", "not initialise", "unresolved", "pending", "out of date",
    "not in sync", "failed opening", "run `", "run '", "run \"", "please run", "unable to resolve", "could not resolve",
    "undefined table",
    "not generated", "no exported member",
  ]

  /// What `CommandCorrection` looks after, what is fixed in files, and what passes by itself.
  private static let others: Set<Category> = CommandCorrection.correctable.union([
    .lintFailure, .userRejected, .cancelledSibling, .conflictBusy, .gitError, .isDirectory,
  ])

  /// Looks at a call that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> Correction? {
    guard left > 0 else { return nil }
    left -= 1
    var isHelp = false
    // Outside of the sandbox it may have worked without.
    if let failed, let line, !call.input.leavesSandbox, call.workingDirectory == folder {
      for (place, command) in line.invocations.enumerated() {
        let isSame = command.program == failed.program && command.arguments == failed.arguments
        // What fills a database that was started is there the next time.
        let isRunning = started.map { Preparation.startsService($0.text) } ?? false
        if isRunning, command.fetches && !command.isHarmful || command.followsService {
          isHelp = true
        } else if !isSame, helps(command), !isExtended(command), let text = line.typed(command) {
          started = CommandCorrection.Step(text: text, callID: call.id)
          isHelp = true
        }
        guard call.proves(command, in: line) else { continue }
        if let started, isSame {
          return Correction(
            kind: .step, from: failed.placedHead, text: started.text, callID: started.callID, confidence: 0.7)
        }
        // What was changed before it on the line may be what helped, too.
        let isFirst = line.invocations[..<place].allSatisfy { ContentPrograms.contains($0) }
        if isFirst, let text = addition(in: command, of: line) {
          return Correction(kind: .option, from: head, text: text, callID: call.id, confidence: 0.8)
        }
      }
    }
    // What was changed in between may be what helped.
    if !isHelp, !call.onlyShows(line) { left = 0 }
    return nil
  }

  /// Whether a command does what the failed one says that it lacks.
  private func helps(_ command: Invocation) -> Bool {
    (lacksService && command.startsService || lacksPreparation && command.fetches) && !command.isHarmful
  }

  /// Whether it is the failed one with more options: `npm install --legacy-peer-deps`.
  private func isExtended(_ command: Invocation) -> Bool {
    command.head == head && failed.flatMap { Self.additions(in: command, lackedBy: $0) } != nil
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
      case .addedFlag(let flag) where isTelling(flag) || endsWatching.contains(flag) || namesFile(flag, command):
        options.append(shown(flag))
      case .addedEnvironment(let name) where isTelling(variable: name): variables.append(name)
      case .argument(nil, let value?):
        guard let place = command.arguments.firstIndex(of: value), place > 0,
          command.arguments[place - 1] != "--", let flag = options.firstIndex(of: command.arguments[place - 1]),
          command.arguments.count(where: { $0 == options[flag] }) == 1,
          !bypasses.contains(where: { value.lowercased().holds($0) })
        else { return nil }
        options.insert(shown(value, of: options[flag]), at: flag + 1)
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

  /// `docker compose -f infra/dev.yml`: elsewhere the option forces something.
  private static func namesFile(_ flag: String, _ command: Invocation) -> Bool {
    flag == "-f" && command.arguments.contains { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
  }

  /// Whether an option may be what makes a command work.
  static func isTelling(_ flag: String) -> Bool {
    let name = flag.lowercased()
    return !saysNothing.contains(flag.prefix { $0 != "=" }) && !partsThatSayNothing.contains { name.holds($0) }
  }

  /// Whether a variable may be, and not only get round a check or show more.
  static func isTelling(variable name: String) -> Bool {
    !partsOfVariablesThatSayNothing.contains { name.uppercased().holds($0) }
  }

  /// Whether the value of an option is nobody's business.
  private static func isPersonal(_ flag: String) -> Bool {
    let name = flag.prefix { $0 != "=" }.lowercased()
    return personalParts.contains { name.holds($0) }
  }

  /// An option, or the value of one, without what is nobody's business.
  private static func shown(_ word: String, of flag: String = "") -> String {
    if word.holds("="), isPersonal(word) { return word.prefix { $0 != "=" } + "=..." }
    return isPersonal(flag) ? "..." : flag.isEmpty ? word : Invocation.quoted(word)
  }

  /// Settings that get round a check.
  private static let bypasses = ["gpgsign", "hookspath", "sslverify", "strict-ssl"]

  private static let personalParts = [
    "pass", "pwd", "pw", "pin", "key", "token", "secret", "auth", "user", "login", "cred", "hook", "account", "context",
    "profile", "mail",
  ]

  private static let partsOfVariablesThatSayNothing = [
    "HUSKY", "SKIP", "DISABLE", "IGNORE", "ALLOW", "UNAUTHORIZED", "TRANSPILE", "BYPASS", "FORCE", "UPDATE", "VERIFY",
    "CHECK", "RUSTFLAGS", "DEBUG", "LOG", "BACKTRACE", "VERBOSE", "COLOR", "UNBUFFERED", "TRACE", "NO_",
  ]

  private static let partsThatSayNothing = [
    "force", "allow", "accept", "approve", "skip", "ignore", "only", "last-", "changed", "fail", "retries", "seed",
    "format", "coverage", "no-cov", "pretty", "json", "debug", "strategy", "continue", "summary", "audit", "level",
    "target", "related", "pattern", "shard", "suite", "tag", "filter", "--tests", "stale", "--bin", "package",
    "conftest", "trace", "detect", "-race", "parallel", "--log", "snapshot", "update", "strict", "typecheck",
    "insecure", "no-check", "no-lint",
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
    fields.visit(&lacksService)
    fields.visit(&lacksPreparation)
    if fields.changesValues { failed = CommandLine(parsing: text).command(named: head) }
  }
}
