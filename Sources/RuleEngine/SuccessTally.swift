public import SessionModel
internal import ShellSyntax

/// How often programs, commands and paths worked: a lesson that a later success contradicts is not one.
public struct SuccessTally: Sendable, Hashable {
  public struct Count: Sendable, Hashable {
    public var times: Int
    /// ISO 8601; empty when the log has no times.
    public var lastSeen: String
    /// In how many logs.
    public var logs = 1

    fileprivate mutating func add(_ time: String) {
      times += 1
      if time > lastSeen { lastSeen = time }
    }

    fileprivate static func sum(_ left: Count, _ right: Count) -> Count {
      Count(
        times: left.times + right.times, lastSeen: max(left.lastSeen, right.lastSeen), logs: left.logs + right.logs)
    }
  }

  /// Counts by name. Only digests of the names are kept: nobody asks for the names.
  public struct Names: Sendable, Hashable {
    private var counts: [UInt64: Count] = [:]

    /// Enough for any project; bounded because logs are not ours.
    fileprivate static let limit = 50_000

    public subscript(_ name: String) -> Count? { counts[Digest(of: name).value] }

    fileprivate mutating func add(_ name: String, _ time: String) {
      let key = Digest(of: name).value
      if counts.count >= Self.limit, counts[key] == nil { return }
      counts[key, default: .blank].add(time)
    }

    fileprivate mutating func merge(_ other: Names) { counts.merge(other.counts, uniquingKeysWith: Count.sum) }
  }

  /// By head (`npm run build`), and by head and option.
  public private(set) var commands = Names()
  /// Programs that the shell found by their name.
  public private(set) var programs = Names()
  /// Tools beside the shell.
  public private(set) var tools = Names()
  /// When a command first worked as it was given, with its folder and variables, by what names it.
  public private(set) var firstRuns: [UInt64: String] = [:]
  /// By absolute path.
  public private(set) var paths: [String: Count] = [:]
  /// By head, however the command ended.
  public private(set) var uses: [String: Count] = [:]
  /// Other ways to a program, by its name: in a container, on another machine, by its full path.
  public private(set) var detours: [String: [String: Count]] = [:]

  public init() {}

  /// - Parameter writes: Whether the call writes files.
  mutating func add(_ call: ToolCall, _ line: CommandLine?, writes: Bool) {
    // An address is no path: taken for one, it would lose what tells a secret in it.
    if let path = call.input.path, !path.holds("://") {
      Self.add(PathText.resolved(path, in: call.workingDirectory), call.timestamp, to: &paths)
    }
    guard let line else { return tools.add(call.toolName, call.timestamp) }
    addUses(of: line.invocations, call.timestamp)
    addFound(call, line, countsRuns: !writes)
    var names: [String] = []
    // What works on another machine, or outside of the sandbox, may not work here.
    for invocation in line.invocations
    where !invocation.hidesStatus && !invocation.runsElsewhere && !call.input.leavesSandbox {
      names.append(invocation.head)
      for word in invocation.arguments where word.hasPrefix("--") { names.append("\(invocation.head) \(word)") }
      for name in invocation.environment { names.append("\(name)= \(invocation.head)") }
    }
    for name in names.distinct { commands.add(name, call.timestamp) }
  }

  /// Takes note of the programs of a line, which were there, and of the ways to them.
  /// - Parameter countsRuns: Whether the commands worked, with files that were there before.
  mutating func addFound(_ call: ToolCall, _ line: CommandLine, countsRuns: Bool) {
    var found: [[String]] = []
    let isSetUp = line.setsUpShell
    for (place, invocation) in line.invocations.enumerated() where !invocation.hidesStatus {
      if let detour = invocation.detour { found.append([invocation.program, detour]) }
      let setup = isSetUp ? line.setup(before: place) : nil
      if let setup, invocation.role == .producer, !ContentPrograms.contains(invocation), !invocation.runsElsewhere {
        found.append([invocation.program, "\(setup) && \(invocation.program)"])
      }
      if countsRuns, invocation.role == .producer, !call.input.leavesSandbox, !ContentPrograms.contains(invocation),
        firstRuns.count < Names.limit, let key = call.key(ofCommandAt: place, of: line)
      {
        Self.note(call.timestamp, as: key, in: &firstRuns)
      }
      guard !invocation.runsElsewhere, !call.input.leavesSandbox else { continue }
      // By its path, or in an environment, a program works that the shell does not find.
      if setup == nil, !invocation.programPath.holds("/") { programs.add(invocation.program, call.timestamp) }
    }
    for way in found.distinct where detours.count < Names.limit || detours[way[0]] != nil {
      Self.add(way[1], call.timestamp, to: &detours[way[0], default: [:]])
    }
  }

  /// A command that failed is in use all the same.
  mutating func addUses(of invocations: [Invocation], _ time: String) {
    var heads: [String] = []
    // By their places: a copy of each would cost more than the rest.
    for place in invocations.indices where invocations[place].role == .producer {
      heads.append(invocations[place].head)
    }
    for head in heads.distinct { Self.add(head, time, to: &uses) }
  }

  private static func add(_ name: String, _ time: String, to counts: inout [String: Count]) {
    if counts.count >= Names.limit, counts[name] == nil { return }
    counts[name, default: .blank].add(time)
  }

  private static func note(_ time: String, as key: UInt64, in times: inout [UInt64: String]) {
    times[key] = min(times[key] ?? time, time)
  }

  /// How a program that the shell does not find was run all the same, when that worked at least twice.
  public func detour(to program: String) -> Correction? {
    let best = detours[program]?.max { ($0.value.times, $1.key) < ($1.value.times, $0.key) }
    guard let best, best.value.times > 1 else { return nil }
    return Correction(kind: .command, from: program, text: best.key, callID: "", confidence: 0.8)
  }

  /// Replaces what is secret in the names, which come from logs.
  mutating func mask(_ masked: (String) -> String) {
    for name in Array(paths.keys) { Self.rename(name, masked(name), in: &paths) }
    for name in Array(uses.keys) { Self.rename(name, masked(name), in: &uses) }
    for (program, ways) in detours {
      for way in ways.keys { Self.rename(way, masked(way), in: &detours[program, default: [:]]) }
      Self.rename(program, masked(program), in: &detours)
    }
  }

  private static func rename<Value>(_ name: String, _ other: String, in values: inout [String: Value]) {
    if other != name { values[other] = values.removeValue(forKey: name) }
  }

  /// Adds the counts of another file: in any order, with the same result.
  public mutating func merge(_ other: SuccessTally) {
    commands.merge(other.commands)
    programs.merge(other.programs)
    tools.merge(other.tools)
    firstRuns.merge(other.firstRuns) { min($0, $1) }
    paths.merge(other.paths, uniquingKeysWith: Count.sum)
    uses.merge(other.uses, uniquingKeysWith: Count.sum)
    detours.merge(other.detours) { $0.merging($1, uniquingKeysWith: Count.sum) }
  }
}

extension Invocation {
  /// How a program is run that the shell would not find by its name; nil when it does.
  fileprivate var detour: String? {
    if runsElsewhere, let place = wrappers.last(where: { $0.holds(" ") }) { return "\(place) \(program)" }
    return programPath.holds("/") && !runsElsewhere ? placed(programPath) : nil
  }
}

extension SuccessTally: Stored {
  public static var blank: SuccessTally { SuccessTally() }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&commands)
    fields.visit(&programs)
    fields.visit(&tools)
    fields.visit(&firstRuns)
    fields.visit(&paths)
    fields.visit(&uses)
    fields.visit(&detours)
  }
}

extension SuccessTally.Count: Stored {
  public static var blank: SuccessTally.Count { SuccessTally.Count(times: 0, lastSeen: "") }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&times)
    fields.visit(&lastSeen)
    fields.visit(&logs)
  }
}

extension SuccessTally.Names: Stored {
  public static var blank: SuccessTally.Names { SuccessTally.Names() }

  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&counts) }
}

extension Array where Element: Hashable {
  /// Each element once. Most lines run a command or two: a set of these would cost more than it saves.
  var distinct: [Element] {
    if count > 8 {
      var seen: Set<Element> = []
      return filter { seen.insert($0).inserted }
    }
    var found: [Element] = []
    for element in self where !found.contains(element) { found.append(element) }
    return found
  }
}
