internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// Finds the command that worked after one that failed.
struct CommandCorrection {
  private var category: Category
  /// The command that failed, as text and read.
  private var text: String
  private var failed: CommandLine
  /// The program that the failure names, such as the one that is not installed.
  private var missing: String?
  /// The program that is missing or was called wrongly, where the line runs it: what else is new in a later line is no
  /// correction.
  private var culprit: String?
  /// The head of the command that failed.
  private var head: String?
  /// Where the shell was.
  private var folder: String?
  /// Commands that succeeded since and make others work, for the case that the failed one then works unchanged.
  private var steps: [Step] = []
  /// Whether something was changed that may be what helped.
  private var hasChanged = false

  struct Step {
    var text: String
    var callID: String
  }

  init?(_ observation: Observation) {
    guard observation.tool == .shell,
      Self.correctable.contains(observation.category) || Self.preparable.contains(observation.category)
        || Self.lacksProject(observation)
    else { return nil }
    head = observation.slots["head"]
    folder = observation.workingDirectory
    category = observation.category
    text = observation.input
    failed = CommandLine(parsing: text)
    guard !failed.invocations.isEmpty else { return nil }
    let program = observation.slots["program"]
    missing = category == .commandNotFound ? program : nil
    let isNamed = category == .commandNotFound || category == .badUsage
    culprit = isNamed ? program.flatMap { failed.runs(program: $0) ? $0 : nil } : nil
  }

  /// Failures of the command itself. A failed test or build is corrected by changing files, not the command.
  static let correctable: Set<Category> = [
    .commandNotFound, .badUsage, .missingImport, .permissionDenied, .blocked,
  ]

  /// Whether a program found none of its files where it ran: nobody typed the path that is missing.
  private static func lacksProject(_ observation: Observation) -> Bool {
    observation.category == .wrongPath && observation.slots["path"].map { !observation.input.holds($0) } ?? true
  }

  /// Failures that another command may clear up beforehand; no other wording of the failed one will.
  private static let preparable: Set<Category> = [.lintFailure, .environmentError, .dependencyError]

  /// Whether it matters to it what else was changed.
  var asksForChanges: Bool { !hasChanged && Self.changeable.contains(category) }

  /// What may be put right by a change as well as by a command.
  private static let changeable: Set<Category> = [
    .lintFailure, .blocked, .missingImport, .environmentError, .dependencyError,
  ]

  /// Something else than a command changed something: what a formatter did, or a hook wanted, may be done with that, and
  /// what was missing may have been made.
  mutating func noticeChange() {
    steps = []
    hasChanged = category != .lintFailure && category != .blocked
  }

  /// Looks at a shell command that succeeded.
  mutating func look(at call: ToolCall, _ line: CommandLine) -> Correction? {
    if line == failed, let other = call.workingDirectory, let folder, other != folder,
      let last = failed.invocations.last, last.directory == nil
    {
      return moved(to: other, from: last.head, last.shownHead, call)
    }
    if category == .wrongPath { return folder(in: line, call) }
    // What was changed in between may be why the same command works, but not why another one does.
    if !hasChanged, let way = environment(in: line, of: call) ?? moduleRun(in: line) {
      return Correction(kind: .surroundings, from: head ?? "", text: way, callID: call.id, confidence: 0.85)
    }
    if let run = packageRun(in: line, of: call) {
      return Correction(kind: .command, from: head ?? "", text: run, callID: call.id, confidence: 0.85)
    }
    if let missing, let way = anotherWay(to: missing, in: line) {
      return Correction(kind: .command, from: missing, text: way, callID: call.id, confidence: 0.85)
    }
    if !hasChanged, let step = step(in: line, of: call) { return step }
    if line == failed { return nil }
    if let missing, line.invocations.contains(where: { $0.program == missing && !$0.runsElsewhere }) { return nil }
    if let difference = CommandDifference(from: failed, to: line, atLeast: Self.leastSimilarity, where: isMeant) {
      if !hasChanged, let correction = surroundings(of: line, call, difference) { return correction }
      if Self.correctable.contains(category), let correction = change(to: line, difference, callID: call.id) {
        return correction
      }
    }
    if let last = line.invocations.last(where: { $0.role == .producer }), steps.count < 16,
      let step = step(last, of: line, call.id)
    {
      steps.append(step)
    }
    return nil
  }

  private func step(_ command: Invocation, of line: CommandLine, _ callID: String) -> Step? {
    // What a shell was set up with is gone with it.
    guard command.prepares(for: category), !command.setsUpShell, !command.isHarmful, !failed.runs(command.text) else {
      return nil
    }
    return line.typed(command).map { Step(text: $0, callID: callID) }
  }

  /// How a program was run in the end that is not found as it was given: by a path, or in an environment.
  private func anotherWay(to missing: String, in line: CommandLine) -> String? {
    let name = PathText.name(of: missing)
    let invocations = line.invocations
    // `docker-compose`, where it is no program of its own.
    let split = missing.replacing("-", with: " ")
    if split != missing, invocations.contains(where: { ($0.head + " ").hasPrefix(split + " ") }) { return split }
    // `pnpm nx`: what the project brings along.
    let manager = invocations.first {
      ["pnpm", "yarn", "bun"].contains($0.program) && $0.arguments.first == missing && !$0.runsElsewhere
    }
    if let manager { return "\(manager.programPath) \(missing)" }
    guard let place = invocations.firstIndex(where: { $0.program == name && !$0.runsElsewhere }) else { return nil }
    let path = invocations[place].programPath
    if missing.holds("/") { return path == missing ? nil : anotherPlace(path, instead: missing) }
    if path.holds("/") { return invocations[place].placed(path) }
    return newSetup(of: line, before: place).map { "\($0) && \(missing)" }
  }

  /// The environment in which the same command found what it had lacked.
  private func environment(in line: CommandLine, of call: ToolCall) -> String? {
    // A program that is missing itself can be run in other ways.
    guard category != .lintFailure, category != .blocked, missing == nil || missing != head,
      let again = failed.invocations.last(where: { $0.head == head }),
      let place = line.invocations.firstIndex(where: { $0.head == head && !$0.runsElsewhere }),
      call.proves(line.invocations[place], in: line),
      !again.isBareInterpreter || CommandDifference(from: again, to: line.invocations[place]).similarity >= 0.7
    else { return nil }
    return newSetup(of: line, before: place).map { "\($0) && \(line.invocations[place].shownHead)" }
  }

  /// `python app/main.py`, which does not find its own package, as `python -m app.main`.
  private func moduleRun(in line: CommandLine) -> String? {
    guard category == .missingImport, let again = failed.invocations.last(where: { $0.head == head }),
      let file = again.arguments.first(where: { $0.hasSuffix(".py") })
    else { return nil }
    let module = file.dropLast(3).split(separator: "/").filter { $0 != "." }.joined(separator: ".")
    let run = line.invocations.first { $0.program == again.program && $0.arguments.starts(with: ["-m", module]) }
    return run.map { "\($0.programPath) -m \(module)" }
  }

  /// The same program with packages that only this run gets: `uv run --with jsonschema python3`.
  private func packageRun(in line: CommandLine, of call: ToolCall) -> String? {
    guard category == .missingImport, let again = failed.invocations.last(where: { $0.head == head }) else {
      return nil
    }
    let run = line.invocations.last {
      $0.program == "uv" && $0.head.hasSuffix(" " + again.head) && !$0.runsElsewhere && call.proves($0, in: line)
    }
    guard let run else { return nil }
    let packages = zip(run.arguments, run.arguments.dropFirst()).filter { $0.0 == "--with" }.flatMap { [$0.0, $0.1] }
    return packages.isEmpty ? nil : run.head(with: packages.map(Invocation.quoted)).joined(separator: " ")
  }

  /// How a line sets up its shell, when the one that failed did not do that.
  private func newSetup(of line: CommandLine, before place: Int) -> String? {
    let setup = line.setup(before: place)
    return setup == failed.setup(before: failed.invocations.count) ? nil : setup
  }

  private func anotherPlace(_ path: String, instead missing: String) -> String? {
    // A relative path leads somewhere else from every folder.
    guard path.hasPrefix("/") || path.hasPrefix("~/") else { return nil }
    let root = path.dropLast(PathText.resolved(missing, in: "/").count)
    let isSeenFromAbove = path.hasSuffix(PathText.resolved(missing, in: "/")) && folder?.hasPrefix(root + "/") == true
    return isSeenFromAbove ? nil : path
  }

  /// The folder in which the same command found what it looks for.
  private func folder(in line: CommandLine, _ call: ToolCall) -> Correction? {
    guard let head, let difference = CommandDifference(from: failed, to: line), difference.changes.count == 1,
      difference.similarity >= 0.95, case .directory(_, let to?)? = difference.changes.first, !to.holds("$"),
      let command = line.invocations.last(where: { $0.head == head }), call.proves(command, in: line)
    else { return nil }
    return moved(to: PathText.resolved(to, in: call.workingDirectory), from: head, command.shownHead, call)
  }

  /// What lacks its project needs another folder, whatever else is on the line; other commands are told as a whole.
  private func moved(to folder: String, from head: String, _ shown: String, _ call: ToolCall) -> Correction {
    category == .wrongPath
      ? Correction(kind: .step, from: head, text: "cd \(folder)", callID: call.id, confidence: 0.8)
      : Correction(kind: .surroundings, from: head, text: "cd \(folder) && \(shown)", callID: call.id, confidence: 0.85)
  }

  /// What was run between the failure and the same command's success, and makes such a command work.
  private func step(in line: CommandLine, of call: ToolCall) -> Correction? {
    guard let again = failed.invocations.last(where: { $0.head == head }),
      let place = line.invocations.firstIndex(where: { $0.head == again.head && $0.arguments == again.arguments }),
      call.proves(line.invocations[place], in: line)
    else { return nil }
    let callID = call.id
    let before = steps + line.invocations[..<place].compactMap { step($0, of: line, callID) }
    guard let step = before.last else { return nil }
    return Correction(kind: .step, from: again.placedHead, text: step.text, callID: step.callID, confidence: 0.7)
  }

  /// The same command in another folder, or with a variable set.
  private func surroundings(
    of line: CommandLine, _ call: ToolCall, _ difference: CommandDifference
  ) -> Correction? {
    guard category != .lintFailure, difference.similarity >= 0.95, difference.changes.count == 1,
      let change = difference.changes.first,
      let head = failed.commonHead(with: line),
      let shown = line.invocations.last(where: { $0.head == head })?.shownHead
    else { return nil }
    switch change {
    case .addedEnvironment(let name) where AdditionCorrection.isTelling(variable: name):
      return Correction(
        kind: .surroundings, from: head, text: "\(line.assignment(of: name)) \(shown)", callID: call.id,
        confidence: 0.85)
    case .directory(_, let to?) where !to.holds("$"):
      return moved(to: PathText.resolved(to, in: call.workingDirectory), from: head, shown, call)
    default: return nil
    }
  }

  /// Of what has less in common nothing is learned.
  private static let leastSimilarity = 0.1

  private func change(to line: CommandLine, _ difference: CommandDifference, callID: String) -> Correction? {
    guard (1...3).contains(difference.changes.count) else { return nil }
    func correction(_ from: String, _ to: String, _ confidence: Double) -> Correction {
      Correction(kind: .command, from: from, text: to, callID: callID, confidence: confidence)
    }
    // What installs the command, or makes it ready, is not the command itself.
    if category == .badUsage, Self.makesReady(line), !Self.makesReady(failed) { return nil }
    for change in difference.changes {
      // Getting round what was blocked with another program is no advice.
      if category == .blocked, !Self.isOption(change) { continue }
      if category == .missingImport, !Self.mayFindModule(change) { continue }
      switch change {
      case .prefix(let from, let to)
      where Self.isTelling(to) && names(from) && difference.similarity >= 0.2 && isSameTask(as: to):
        // Other words in front of the same arguments.
        return correction(from, line.head(startingWith: to) ?? to, 0.9)
      case .addedWrapper(let wrapper) where difference.similarity >= 0.6:
        // What is not installed here is there in a container or on another machine.
        guard let missing else { continue }
        // One that runs others has another name here: `gtimeout` for `timeout`.
        let isWrapper = failed.invocations.contains {
          $0.wrappers.contains { $0 == missing || $0.begins(with: missing + " ") }
        }
        let name = wrapper.prefix { $0 != " " }
        return correction(missing, isWrapper ? String(name) : wrapper + " " + missing, 0.9)
      // Two programs do the same thing when they were given something in common.
      case .program(let from, let to)
      where Self.isTelling(to) && names(from) && failed.givesArguments(to: from) && isSameTask(as: to)
        && difference.similarity >= (missing == nil ? 0.4 : 0.1):
        return correction(from, to, difference.similarity >= 0.4 ? 0.8 : 0.5)
      case .subcommand(let from, let to)
      where category == .badUsage && difference.similarity >= 0.5 && Self.isAlike(from, to):
        return correction(from, to, 0.8)
      case .removedFlag, .addedFlag, .argument, .path:
        guard difference.similarity >= 0.7 || category == .badUsage && Self.onlyAdds(difference),
          let head = failed.commonHead(with: line, where: isMeant),
          category != .blocked || head == self.head,
          let to = line.invocations.last(where: { $0.head == head })
        else { continue }
        return correction(head, Self.changed(in: difference, to), difference.similarity * 0.8)
      default: continue
      }
    }
    return nil
  }

  private static func makesReady(_ line: CommandLine) -> Bool {
    line.lastInvocation?.arguments.contains { ["install", "add", "init", "generate"].contains($0) } ?? false
  }

  /// Whether a subcommand, script or target may have been meant by another, of which a part is named alike: a series of
  /// checks is none of attempts.
  private static func isAlike(_ from: String, _ to: String) -> Bool {
    let words = [from, to].map { String($0.split(separator: " ").last ?? "") }
    let parts = words.map { word in word.split { ":-_./".contains($0) }.map(String.init) }
    return parts[0].contains { part in
      words[1].holds(part) || EditDistance.nearest(to: part, among: parts[1]) != nil
    } || parts[1].contains { $0.utf8.count > 3 && words[0].holds($0) }
  }

  /// Whether a change may be why a module was found; which files the program was given, and how much it says, is not.
  private static func mayFindModule(_ change: CommandDifference.Change) -> Bool {
    switch change {
    case .removedFlag, .argument, .path: false
    case .addedFlag(let flag): AdditionCorrection.isTelling(flag)
    default: true
    }
  }

  /// Whether options, with their values, are all that is new.
  private static func onlyAdds(_ difference: CommandDifference) -> Bool {
    let rest = difference.changes.filter { change in
      switch change {
      case .addedFlag, .argument(nil, _): false
      default: true
      }
    }
    return rest.isEmpty && difference.changes.contains(where: isOption)
  }

  private static func isOption(_ change: CommandDifference.Change) -> Bool {
    switch change {
    case .addedFlag, .removedFlag: true
    default: false
    }
  }

  /// The command with what was changed in it. When nothing but flags or one argument of a flag is new, its other arguments
  /// say nothing.
  private static func changed(in difference: CommandDifference, _ command: Invocation) -> String {
    var new: [String] = []
    var wrapper: [String] = []
    let changesFlags = difference.changes.contains(where: isOption)
    for change in difference.changes {
      switch change {
      case .addedFlag(let flag): if !new.contains(flag) { new.append(flag) }
      case .removedFlag, .path: continue
      case .argument(_, let to?):
        let flag = command.arguments.firstIndex(of: to).flatMap { $0 > 0 ? command.arguments[$0 - 1] : nil }
        guard let flag, flag.hasPrefix("-") else {
          if changesFlags { continue }
          return command.text
        }
        if !new.contains(flag) { new.append(flag) }
        // A file that is gone tomorrow says nothing.
        if !["/tmp/", "/private/tmp/", "/var/folders/"].contains(where: { to.hasPrefix($0) }) {
          new.append(Invocation.quoted(to))
        }
      case .argument where changesFlags: continue
      case .addedWrapper(let added) where changesFlags && added == "command": wrapper.append(added)
      default: return command.text
      }
    }
    return new.isEmpty ? command.text : (wrapper + command.head(with: new)).joined(separator: " ")
  }

  /// Whether the words that were replaced hold the program that is missing, if one is.
  private func names(_ words: String) -> Bool {
    guard let missing else { return true }
    return words.split(separator: " ").contains { PathText.name(of: String($0)) == missing }
  }

  /// Whether a command of the line is the one to blame, where that is known.
  private func isMeant(_ invocation: Invocation) -> Bool {
    culprit.map { invocation.programNames.contains($0) } ?? true
  }

  /// Two programs that are asked for their help or version have nothing else in common, unless they are named alike, as
  /// `python` and `python3` are.
  private func isSameTask(as other: String) -> Bool {
    guard let missing, let own = failed.invocations.last(where: { $0.programNames.contains(missing) }),
      own.arguments.allSatisfy(Self.questions.contains)
    else { return true }
    return other.split(separator: " ").contains { word in
      let name = PathText.name(of: String(word))
      return name.hasPrefix(missing) || missing.hasPrefix(name)
    }
  }

  private static let questions: Set<String> = ["--help", "-h", "--version", "-v", "-V", "help", "version"]

  /// Looking around is not doing the same thing in another way.
  private static func isTelling(_ command: String) -> Bool {
    let program = command.split(separator: " ").first.map { PathText.name(of: String($0)) } ?? ""
    return ![
      "ls", "cat", "pwd", "echo", "ps", "which", "type", "find", "head", "tail", "grep", "rg", "sed", "kill", "sleep",
      "cd",
      "mkdir", "touch", "wc", "stat", "file", "tree", "du", "df", "printf", "open", "true", "date", "env",
    ].contains(program)
  }
}

extension CommandCorrection: Stored {
  static var blank: CommandCorrection { CommandCorrection() }

  private init() {
    category = .other
    text = ""
    failed = CommandLine(parsing: "")
  }

  /// The command line follows from its text.
  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&category)
    fields.visit(&text)
    fields.visit(&missing)
    fields.visit(&culprit)
    fields.visit(&head)
    fields.visit(&folder)
    fields.visit(&steps)
    fields.visit(&hasChanged)
    if fields.changesValues { failed = CommandLine(parsing: text) }
  }
}

extension CommandCorrection.Step: Stored {
  static var blank: CommandCorrection.Step { CommandCorrection.Step(text: "", callID: "") }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&text)
    fields.visit(&callID)
  }
}

extension CommandLine {
  /// Whether a command is given more than the words of its head.
  fileprivate func givesArguments(to head: String) -> Bool {
    invocations.contains { $0.head == head && $0.arguments.count >= head.split(separator: " ").count }
  }

  fileprivate func runs(_ text: String) -> Bool { invocations.contains { $0.text == text } }

  fileprivate func runs(program: String) -> Bool { invocations.contains { $0.programNames.contains(program) } }

  /// The head of a command that starts with these words: `bun run test` for `bun`.
  fileprivate func head(startingWith words: String) -> String? {
    invocations.last { $0.head == words || $0.head.hasPrefix(words + " ") }?.head
  }

  /// The head of the last command that both lines run.
  fileprivate func commonHead(with other: CommandLine, where isMeant: (Invocation) -> Bool = { _ in true }) -> String? {
    let heads = Set(other.invocations.map(\.head))
    return invocations.last { heads.contains($0.head) && $0.role == .producer && isMeant($0) }?.head
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

  /// The head, with the path of a program that is not found by its name.
  var shownHead: String {
    programPath.holds("/") && head.hasPrefix(program) ? programPath + head.dropFirst(program.count) : head
  }

  /// The head, with the way to the container or machine that it is run in.
  var placedHead: String {
    runsElsewhere ? ([wrappers.last ?? "", head]).joined(separator: " ") : head
  }

  /// The words of the head, and some others of the command in their places: the options of a runner stand before what it
  /// runs.
  func head(with words: [String]) -> [String] {
    var left = head.split(separator: " ").map(String.init)[...]
    var shown: [String] = []
    for word in [program] + arguments {
      if word == left.first {
        shown.append(shown.isEmpty && programPath.holds("/") ? programPath : word)
        left.removeFirst()
      } else if words.contains(Self.quoted(word)) {
        shown.append(Self.quoted(word))
      }
    }
    return left.isEmpty && shown.count == head.split(separator: " ").count + words.count ? shown : [head] + words
  }

  /// The command in one line, without redirections and the parts of the line around it.
  var text: String { ([programPath] + arguments).map(Self.quoted).joined(separator: " ") }

  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.isLetterOrDigit || "-_./:=@%+,~".unicodeScalars.contains(scalar)
      }
    return isPlain ? word : "'\(word)'"
  }
}
