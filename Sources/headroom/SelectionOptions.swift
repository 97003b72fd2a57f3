import ArgumentParser
import LearnPipeline
import SessionModel

/// Which sessions a command looks at, and with which rules.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Read the logs of this agent only, or of every agent that has some.", valueName: "auto|name"))
  var agent = "auto"

  @Option(help: ArgumentHelp("The project folder. Default: the current folder.", valueName: "path"))
  var project: String?

  @Flag(help: "Look at every project that has logs.")
  var all = false

  @Option(help: ArgumentHelp("Only sessions that went on at or after this date (ISO 8601).", valueName: "date"))
  var since: String?

  @Option(help: ArgumentHelp("Only sessions that began at or before this date (ISO 8601).", valueName: "date"))
  var until: String?

  @Flag(help: "Leave out the sessions of subagents.")
  var mainOnly = false

  @Option(
    name: .customShort("j", allowingJoined: true),
    help: ArgumentHelp("Worker threads. Default: one for each core.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Read every log anew, and keep no results for the next run.")
  var noCache = false

  @Option(
    help: ArgumentHelp(
      "Also use the rules of this file, or of the files in this folder. May be repeated.", valueName: "path"))
  var rules: [String] = []

  @Flag(help: "Say on standard error what each stage took.")
  var verbose = false

  func validate() throws {
    if all, project != nil { throw ValidationError("use either --project or --all") }
    if let threads, threads < 1 { throw ValidationError("-j needs a number of at least 1") }
    for date in [since, until].compactMap(\.self) where !Self.isDate(date) {
      throw ValidationError("`\(date)` is not a date such as 2026-03-31 or 2026-03-31T18:00")
    }
  }

  /// The results of earlier runs; nil when they are not to be used.
  func cache(in world: World) -> ResultCache? {
    noCache || !world.variables["HEADROOM_NO_CACHE", default: ""].isEmpty
      ? nil : ResultCache(in: world) { Terminal.warn($0) }
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard let date = parts.first, let day = numbers(in: date, by: "-", [4, 2, 2]), parts.count < 3 else { return false }
    let isLeapYear = day[0] % 4 == 0 && (day[0] % 100 != 0 || day[0] % 400 == 0)
    let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard days.indices.contains(day[1] - 1), (1...days[day[1] - 1]).contains(day[2]) else { return false }
    guard parts.count == 2 else { return true }
    // Of a time only as much is looked at as people type.
    let time = parts[1].prefix(5)
    guard let clock = numbers(in: time, by: ":", [2, 2]) ?? numbers(in: time, by: ":", [2]) else { return false }
    return clock[0] < 24 && clock.dropFirst().allSatisfy { $0 < 60 }
  }

  /// Numbers of so many digits each; nil when the text is something else.
  private static func numbers(in text: Substring, by separator: Character, _ digits: [Int]) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil }
    return parts.map(\.utf8.count) == digits && numbers.count == digits.count ? numbers : nil
  }

  /// Whoever reads logs is watched; `end()` tells what it took.
  func watch(in world: World) -> RunWatch { RunWatch(isVerbose: verbose, in: world) }

  /// - Parameters:
  ///   - logs: Files that were named, for agents that read such.
  ///   - watch: Is told how far the run is.
  func selection(in world: World, logs: [String] = [], _ watch: RunWatch) throws -> Selection {
    guard agent == "auto" || AgentSurvey.knows(agent, in: world) else {
      let known = ["auto"] + AgentSurvey.names(in: world)
      throw ValidationError("unknown agent `\(agent)`; known are: \(known.joined(separator: ", "))")
    }
    let readers = AgentSurvey.readersOfNamedLogs
    if !logs.isEmpty, !readers.contains(agent) {
      throw ValidationError("files can be named for \(readers.joined(separator: ", ")): say which with --agent")
    }
    if logs.isEmpty, readers.contains(agent) {
      throw ValidationError("name the files that --agent \(agent) shall read, or - for standard input")
    }
    // Whoever names files means all that is in them.
    let isWhole = all || !logs.isEmpty && project == nil
    var selection = Selection(
      agents: agent == "auto" ? nil : [agent],
      project: isWhole ? nil : PathText.resolved(project ?? ".", in: world.currentDirectory), mainOnly: mainOnly,
      since: since, until: until, threads: threads,
      logs: logs.map { $0 == "-" ? $0 : PathText.resolved($0, in: world.currentDirectory) })
    selection.monitor = watch.monitor
    return selection
  }

  /// Says what could not be read, and why there is nothing to look at.
  /// - Throws: `ExitCode(1)` when there are no logs at all.
  func check(_ logs: LogSurvey, in world: World, showsProjects: Bool = true) throws {
    for line in LossReport.lines(of: logs.issues) { Terminal.warn(line) }
    if logs.files == 0 {
      let places = AgentSurvey.places(of: agent == "auto" ? nil : agent, in: world)
      let list = places.joined(separator: ", ")
      Terminal.warn(
        places.isEmpty
          ? "no sessions found in what was named"
          : "no session logs found; looked for \(list). Set the agent's home variable if they are elsewhere.")
      throw ExitCode(1)
    }
    // Where nothing could be read, it is said already why.
    let isRead = logs.issues.count { $0.kind == .unreadableFile } < logs.files
    if showsProjects, isRead, logs.projects == 0, !all {
      let path = PathText.resolved(project ?? ".", in: world.currentDirectory)
      Terminal.warn("no sessions of \(path) found; name another folder with --project, or use --all")
    }
  }
}

/// Logs that are named, for formats that have no place of their own.
struct NamedLogs: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files or folders to read, or - for standard input, with --agent jsonl and others that `headroom agents` names.",
      valueName: "log"))
  var logs: [String] = []
}

extension SelectionOptions {
  /// The options as they were given, for a hint that repeats them.
  /// - Parameters:
  ///   - place: Whether the project is named too.
  ///   - logs: Files that were named.
  func given(place: Bool, logs: [String]) -> String {
    var words: [String] = []
    func quoted(_ value: String) -> String {
      let isPlain = value.allSatisfy { $0.isLetter || $0.isNumber || "-_./:~+@".contains($0) }
      return isPlain ? value : "'" + value.replacing("'", with: "'\\''") + "'"
    }
    func add(_ option: String, _ value: String?) {
      if let value { words += [option, quoted(value)] }
    }
    if place {
      if all { words.append("--all") }
      add("--project", project)
    }
    add("--agent", agent == "auto" ? nil : agent)
    add("--since", since)
    add("--until", until)
    if mainOnly { words.append("--main-only") }
    for path in rules { add("--rules", path) }
    words += logs.map(quoted)
    return words.map { " " + $0 }.joined()
  }
}
