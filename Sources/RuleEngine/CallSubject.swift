public import PatternEngine
internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// A call with what the rules ask of it, each worked out once, and only when it is asked for.
final class CallSubject {
  let call: ToolCall
  /// The command of a shell call; nil for other tools.
  let line: CommandLine?
  let output: [UInt8]
  private(set) lazy var input = Array(call.input.text.utf8)
  /// Whether the output gives no reason: nothing, or only the status.
  private(set) lazy var isSilent = Self.isSilent(output)
  /// The programs that the line runs, and those that they run.
  private(set) lazy var programNames: [String] = invocations.reduce(into: []) { $0 += $1.programNames }
  /// That of the last command, and the one that it runs: a script that is named like a program is none.
  private(set) lazy var lastProgramNames = last?.programs
  /// What was found out about the programs, by pattern.
  var programAnswers: [ObjectIdentifier: Bool] = [:]

  /// Where the lines of the output start.
  private lazy var lineStarts = Self.lineStarts(in: output)

  init(_ call: ToolCall) {
    self.call = call
    output = Array(call.output.utf8)
    line = call.tool == .shell ? CommandLine(parsing: call.input.text) : nil
  }

  /// The commands of a shell call, wrappers taken off; empty for other tools.
  var invocations: [Invocation] { line?.invocations ?? [] }
  var last: Invocation? { line?.lastInvocation }

  private static func isSilent(_ output: [UInt8]) -> Bool {
    var rest = output[...]
    while let start = rest.firstIndex(where: { $0 > 32 }) {
      // Only the first line is looked at where it says something.
      guard rest[start...].starts(with: "Exit code ".utf8), start == 0 || output[start - 1] == 10 else { return false }
      rest = rest[start...].drop { $0 != 10 }
    }
    return true
  }

  /// Whether some command on the line writes output of its own. When all of them only show files, logs, diffs or pages,
  /// an error in the output is text about an error.
  private(set) lazy var hasProducer = invocations.contains { $0.role == .producer && !ContentPrograms.contains($0) }

  /// Whether the output is short enough to be no more than what a program says when it fails.
  private(set) lazy var isBrief = output.count <= Self.briefBytes

  private static let briefBytes = 600

  /// Whether nothing stands before a place of the output.
  func isOpened(at offset: Int) -> Bool { output.prefix(offset).allSatisfy { $0 <= 32 } }

  /// Whether a program is one of the line.
  func runs(_ program: String?) -> Bool {
    program.map { program in invocations.contains { $0.programNames.contains(program) } } ?? false
  }

  /// Whether the line prints the status of a command, and that was another one than zero. No failure: whoever asks for the
  /// status may have wanted to see it. But no proof either that the command works.
  var printsBadStatus: Bool {
    guard line != nil, call.input.text.holds("$?") || call.input.text.holds("PIPESTATUS") else { return false }
    let digits = output.reversed().drop { $0 <= 32 }.prefix { (48...57).contains($0) }
    return (1...3).contains(digits.count) && digits.contains { $0 != 48 }
  }

  /// The whole output where it is short, else its first lines, its last lines, or both.
  func ranges(for place: Conditions.Place) -> [Range<Int>] {
    switch place {
    case .anywhere: [0..<output.count]
    case .head: [0..<edge(lines: 10, bytes: Self.edgeBytes, backwards: false)]
    case .tail: [edge(lines: 10, bytes: Self.edgeBytes, backwards: true)..<output.count]
    }
  }

  static let edgeBytes = 2048

  private func edge(lines: Int, bytes: Int, backwards: Bool) -> Int {
    var seen = 0
    for step in 0..<min(bytes, output.count) {
      let index = backwards ? output.count - 1 - step : step
      if output[index] == 10, step > 0 {
        seen += 1
        if seen == lines { return backwards ? index + 1 : index }
      }
    }
    return backwards ? max(0, output.count - bytes) : min(bytes, output.count)
  }

  /// Whole lines around each place, put together where they touch: a pattern sees what stands near its literal and never
  /// more than a bounded part, because PCRE2 limits its work per start, not per subject.
  /// - Parameter places: In order.
  func windows(around places: [LiteralPlace]) -> [Range<Int>] {
    if output.count <= Self.windowBytes { return places.isEmpty ? [] : [0..<output.count] }
    let starts = lineStarts
    var windows: [Range<Int>] = []
    for offset in places.lazy.map(\.offset) {
      let line = Self.line(of: offset, in: starts)
      let start = max(starts[max(0, line - Self.linesBefore)], offset - Self.windowBytes / 4)
      let window = start..<min(end(ofLine: line + Self.linesBehind, in: starts), start + Self.windowBytes)
      if let last = windows.last, window.lowerBound <= last.upperBound,
        window.upperBound - last.lowerBound <= 2 * Self.windowBytes
      {
        windows[windows.count - 1] = last.lowerBound..<max(last.upperBound, window.upperBound)
      } else {
        windows.append(window)
      }
    }
    return windows
  }

  /// The lines that hold the places, each once; nil where one is too long for the window around its place.
  /// - Parameter places: In order.
  func lines(around places: [LiteralPlace]) -> [Range<Int>]? {
    var lines: [Range<Int>] = []
    for offset in places.lazy.map(\.offset) where lines.last?.contains(offset) != true {
      let start = max(0, offset - Self.windowBytes / 4)
      let line = line(around: offset, in: start..<min(output.count, start + Self.windowBytes))
      let isWhole =
        (line.lowerBound == 0 || output[line.lowerBound - 1] == 10)
        && (line.upperBound == output.count || output[line.upperBound] == 10)
      guard isWhole else { return nil }
      lines.append(line)
    }
    return lines
  }

  /// The line that holds an offset, as far as it lies in a part of the output.
  func line(around offset: Int, in part: Range<Int>) -> Range<Int> {
    unsafe output.withUnsafeBufferPointer { output in
      var start = offset
      while start > part.lowerBound, unsafe output[start - 1] != 10 { start -= 1 }
      var end = offset
      while end < part.upperBound, unsafe output[end] != 10 { end += 1 }
      return start..<end
    }
  }

  /// The whole output in parts, for a pattern that no literal leads to. Each repeats the last lines of the one before.
  var tiles: [Range<Int>] {
    if output.count <= Self.windowBytes { return [0..<output.count] }
    let starts = lineStarts
    var tiles: [Range<Int>] = []
    var start = 0
    while true {
      let full = start + Self.windowBytes
      if full >= output.count { return tiles + [start..<output.count] }
      let cut = starts[Self.line(of: full, in: starts)]
      let end = cut > start ? cut : full
      tiles.append(start..<end)
      let repeated = starts[max(0, Self.line(of: end, in: starts) - Self.linesBefore)]
      start = repeated > start ? repeated : end
    }
  }

  private static let linesBefore = 3
  private static let linesBehind = 11

  private static func lineStarts(in output: [UInt8]) -> [Int] {
    var starts = [0]
    unsafe output.withUnsafeBufferPointer { output in
      while let end = unsafe output.firstRange(of: "\n", from: starts[starts.count - 1]) { starts.append(end + 1) }
    }
    return starts
  }

  private static func line(of offset: Int, in starts: [Int]) -> Int {
    var range = 0..<starts.count
    while range.count > 1 {
      let middle = range.lowerBound + range.count / 2
      if starts[middle] <= offset { range = middle..<range.upperBound } else { range = range.lowerBound..<middle }
    }
    return range.lowerBound
  }

  /// Without its line feed.
  private func end(ofLine line: Int, in starts: [Int]) -> Int {
    line + 1 < starts.count ? starts[line + 1] - 1 : output.count
  }

  static let windowBytes = 4096
}

extension Invocation {
  /// The program, and the one that it runs when it is a runner: `npx prisma generate` is `npx` and `prisma`.
  var programs: [String] { coreProgram == program ? [program] : [program, coreProgram] }

  /// These, and the script or subcommand, which may be named like a program.
  var programNames: [String] {
    var names = programs
    if let space = head.utf8.lastIndex(of: UInt8(ascii: " ")) {
      let last = PathText.name(of: String(head[head.utf8.index(after: space)...]))
      if last != coreProgram { names.append(last) }
    }
    return names
  }
}

/// Programs whose output is the content of something else.
enum ContentPrograms {
  static func contains(_ invocation: Invocation) -> Bool {
    programs.contains(invocation.program) || heads.contains(invocation.head)
  }

  private static let programs: Set<String> = [
    "cat", "bat", "sed", "awk", "gawk", "grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "head", "tail", "less",
    "more", "nl",
    "tac", "jq", "yq", "echo", "printf", "strings", "xxd", "od", "hexdump", "diff", "cmp", "comm", "sort", "uniq",
    "cut", "tr",
    "column", "fold", "wc", "tree", "find", "fd", "ls", "history", "journalctl", "dmesg", "curl", "wget", "cd", "pwd",
    "sleep",
    "export", "true", "false", "test", "[", "[[", "which", "type", "date", "Get-Content", "gc", "Select-String",
    "log", "workmux", "capture-pane",
  ]

  private static let heads: Set<String> = [
    "git diff", "git log", "git show", "git blame", "git grep", "git status", "git stash", "git shortlog", "git reflog",
    "git branch", "git ls-files", "git rev-parse", "git config", "gh pr", "gh issue", "gh run", "gh api", "gh search",
    "gh pr view", "gh pr diff", "gh pr list", "gh pr checks", "gh issue view", "gh issue list", "gh run view",
    "gh run list",
    "docker logs", "docker compose logs", "kubectl logs", "rtk read", "rtk grep", "rtk git", "tmux capture-pane",
  ]
}

extension ToolCall {
  /// Whether a call changes nothing, as far as can be seen.
  /// - Parameter head: Commands with this head are left aside.
  func onlyShows(_ line: CommandLine?, besides head: String = "") -> Bool {
    switch tool {
    case .read, .grep, .glob, .list, .web: true
    case .shell:
      line?.invocations.allSatisfy { $0.head == head || ContentPrograms.contains($0) } == true
        && !input.text.holds(" -i")
        && !input.text.holdsRedirection
    case .edit, .write, .patch, .subagent, .mcp, .other: false
    }
  }

  /// Whether a shell call changes files as an editor would.
  func writesFiles(_ line: CommandLine) -> Bool {
    line.invocations.contains { command in
      switch command.program {
      case "cat", "echo", "printf": input.text.holdsRedirection
      case "sed", "perl": command.arguments.contains { $0.hasPrefix("-i") || $0.hasPrefix("-pi") }
      case "tee", "mv", "cp", "rm", "touch", "patch": true
      case "git":
        ["checkout", "restore", "apply", "stash", "pull", "merge", "rebase", "reset", "cherry-pick"].contains(
          command.arguments.first ?? "")
      default: false
      }
    }
  }

  /// Whether a call that succeeded shows that a command of it did: it may stand before a filter that shows its end.
  func proves(_ command: Invocation, in line: CommandLine) -> Bool {
    guard command.hidesStatus else { return true }
    let onlyCuts = line.invocations.allSatisfy {
      $0.role != .filter || ["tail", "head", "tee", "cat"].contains($0.program)
    }
    return onlyCuts && !input.text.holds("||") && !input.text.holdsRedirection
      && input.text.last { !$0.isWhitespace } != "&"
  }
}

extension String {
  /// Whether a command line writes what it prints into a file; errors that go to the output, or nowhere, are none.
  fileprivate var holdsRedirection: Bool {
    holds(">") && ["2>&1", "2>/dev/null"].reduce(self) { $0.replacing($1, with: "") }.holds(">")
  }
}

extension Invocation {
  /// Whether the head is an interpreter alone: what it runs is another thing each time.
  var isBareInterpreter: Bool { head == program && Interpreters.contains(program) }
}

/// Programs of which the first argument says what is run.
public enum Interpreters {
  /// - Parameter program: A name, without a folder.
  public static func contains(_ program: String) -> Bool { programs.contains(program) }

  private static let programs: Set<String> = [
    "python", "python3", "node", "ruby", "perl", "php", "bash", "sh", "zsh", "deno", "tsx", "Rscript",
  ]
}

/// The parts of an output that a pattern is tried on.
public enum OutputWindows {
  /// - Parameter literals: Of which every match of the pattern holds one; empty when there are none.
  public static func windows(literals: [Literal], in output: [UInt8]) -> [Range<Int>] {
    let call = ToolCall(
      id: "", tool: .other, toolName: "", input: ToolInput(text: ""), output: String(decoding: output, as: UTF8.self),
      location: LogLocation(file: "", line: 0))
    let subject = CallSubject(call)
    if literals.isEmpty { return subject.tiles }
    var places: [LiteralPlace] = []
    LiteralFilter(literals).scan(subject.output) { places.append(LiteralPlace(offset: $0.offset, pattern: 0)) }
    return subject.windows(around: places.sorted { $0.offset < $1.offset })
  }
}
