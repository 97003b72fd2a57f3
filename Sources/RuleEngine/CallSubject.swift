internal import RulePack
internal import SessionModel
internal import ShellSyntax

/// A call with what the rules ask of it, each worked out once.
struct CallSubject {
  let call: ToolCall
  let output: [UInt8]
  let input: [UInt8]
  /// The commands of a shell call, wrappers taken off; empty for other tools.
  let invocations: [Invocation]
  let last: Invocation?

  init(_ call: ToolCall) {
    self.call = call
    output = Array(call.output.utf8)
    input = Array(call.input.text.utf8)
    if call.tool == .shell {
      let line = CommandLine(parsing: call.input.text)
      invocations = line.invocations
      last = line.lastInvocation
    } else {
      invocations = []
      last = nil
    }
  }

  /// Whether some command on the line writes output of its own. When all of them only show files, logs, diffs or pages,
  /// an error in the output is text about an error.
  var hasProducer: Bool {
    invocations.contains { $0.role == .producer && !ContentPrograms.contains($0) }
  }

  /// The whole output where it is short, else its first lines, its last lines, or both.
  func ranges(for place: Conditions.Place) -> [Range<Int>] {
    switch place {
    case .anywhere: [0..<output.count]
    case .head: [0..<edge(lines: 10, bytes: 2048, backwards: false)]
    case .tail: [edge(lines: 10, bytes: 2048, backwards: true)..<output.count]
    }
  }

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

  /// Whole lines around an offset, so that a pattern sees what stands near its literal and never more than a bounded
  /// part: PCRE2 limits its work per start, not per subject.
  func window(around offset: Int) -> Range<Int> {
    if output.count <= Self.windowBytes { return 0..<output.count }
    var start = offset
    let lowest = max(0, offset - Self.windowBytes / 4)
    var lines = 0
    while start > lowest {
      if output[start - 1] == 10 {
        lines += 1
        if lines == 4 { break }
      }
      start -= 1
    }
    var end = offset
    let highest = min(output.count, start + Self.windowBytes)
    lines = 0
    while end < highest {
      if output[end] == 10 {
        lines += 1
        if lines == 12 { break }
      }
      end += 1
    }
    return start..<end
  }

  static let windowBytes = 4096
}

extension Invocation {
  /// The program, and the one that it runs when it is a runner: `uv run pytest` is both `uv` and `pytest`.
  var programNames: [String] {
    let words = head.split(separator: " ")
    guard words.count > 1, let inner = words.last else { return [program] }
    return [program, PathText.name(of: String(inner))]
  }
}

/// Programs whose output is the content of something else.
enum ContentPrograms {
  static func contains(_ invocation: Invocation) -> Bool {
    programs.contains(invocation.program) || heads.contains(invocation.head)
  }

  private static let programs: Set<String> = [
    "cat", "bat", "sed", "awk", "gawk", "grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "head", "tail", "less", "more", "nl",
    "tac", "jq", "yq", "echo", "printf", "strings", "xxd", "od", "hexdump", "diff", "cmp", "comm", "sort", "uniq", "cut", "tr",
    "column", "fold", "wc", "tree", "find", "fd", "ls", "history", "journalctl", "dmesg", "curl", "wget", "cd", "pwd", "sleep",
    "export", "true", "false", "test", "[", "[[", "which", "type", "date", "Get-Content", "gc", "Select-String",
    "log", "workmux", "capture-pane",
  ]

  private static let heads: Set<String> = [
    "git diff", "git log", "git show", "git blame", "git grep", "git status", "git stash", "git shortlog", "git reflog",
    "git branch", "git ls-files", "git rev-parse", "git config", "gh pr", "gh issue", "gh run", "gh api", "gh search",
    "gh pr view", "gh pr diff", "gh pr list", "gh pr checks", "gh issue view", "gh issue list", "gh run view", "gh run list",
    "docker logs", "docker compose logs", "kubectl logs", "rtk read", "rtk grep", "rtk git", "tmux capture-pane",
  ]
}
