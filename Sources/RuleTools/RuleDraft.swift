public import RulePack
internal import Secrets
public import SessionModel
internal import ShellSyntax

/// A rule written from one failed call, with its pattern and examples filled in. Secrets of the call are masked.
public struct RuleDraft {
  public var pack: String
  public var id: String
  /// The rule as YAML, an item of `rules:`.
  public let yaml: String
  /// Equal for calls that fail in the same way.
  public let shape: String

  /// - Parameters:
  ///   - name: The last part of the id; made from the message when nil.
  ///   - category: Guessed from the message when nil.
  /// - Returns: nil when the output has no line to go by.
  public init?(
    call: ToolCall, pack wanted: String? = nil, name: String? = nil, category: Category? = nil, line: String? = nil,
    fixed: String? = nil, otherwise: String? = nil
  ) {
    let scanner = SecretScanner()
    // The whole output first: of a key that goes over several lines one line alone tells nothing.
    guard let telling = line ?? TellingLine.of(scanner.masked(call.output)) else { return nil }
    let text = String(scanner.masked(String(telling)).prefix(240))
    let input = scanner.masked(call.input.text)
    let made = LinePattern(text)
    let program = call.tool == .shell ? Self.program(of: input) : nil
    pack = wanted ?? "own"
    id = "\(pack)/\(name ?? Self.name(for: made.shape))"
    shape = "\(call.tool.rawValue) \(made.shape)"
    let category = category ?? Self.guess(text)
    var lines = [
      "  - id: \(id)", "    category: \(category.rawValue)", "    when:", "      tool: \(call.tool.rawValue)",
    ]
    if let program, program.allSatisfy({ $0.isLetter || $0.isNumber || "-_".contains($0) }),
      !text.contains("\(program):")
    {
      lines.append("      program: '^\(program)$'")
    }
    lines.append("      output: \(Self.quoted(made.pattern))")
    if fixed != nil || otherwise != nil {
      lines += ["    learn:"]
      if !made.captures.isEmpty { lines.append("      key: [\(made.captures.keys.sorted().joined(separator: ", "))]") }
      lines.append("      section: Environment")
      if let fixed { lines.append("      fixed: \(Self.quoted(fixed))") }
      if let otherwise { lines.append("      otherwise: \(Self.quoted(otherwise))") }
    } else {
      let slots = made.captures.keys.sorted()
      let subject = slots.first.map { "`{\($0)}`" } ?? "…"
      lines += [
        "    # learn:", "    #   key: [\(slots.joined(separator: ", "))]", "    #   section: Environment",
        "    #   fixed: '\(subject) fails here; `{fix}` works'",
      ]
    }
    lines.append("    examples:")
    lines += Self.example(input, text, captures: made.captures)
    lines += Self.example(input, made.twin, captures: [:])
    lines += Self.example(input, "notes: \(text)", captures: [:]) + ["        matches: false"]
    yaml = lines.joined(separator: "\n") + "\n"
  }

  /// A whole file with this rule alone.
  public var file: String { "pack: \(pack)\n\nrules:\n\(yaml)" }

  /// A call to make a rule from.
  public static func call(tool: String, input: String, output: String) -> ToolCall {
    let kind = ToolKind(rawValue: tool) ?? .other
    return ToolCall(
      id: "draft", tool: kind, toolName: tool, input: ToolInput(text: input), output: output,
      outputBytes: output.utf8.count,
      outcome: .failed, location: LogLocation(file: "", line: 0))
  }

  private static func program(of input: String) -> String? {
    CommandLine(parsing: input).invocations.last { $0.role == .producer }?.program
  }

  private static func example(_ input: String, _ output: String, captures: [String: String]) -> [String] {
    var lines: [String] = []
    let shown = String(input.prefix(400))
    lines.append("      - \(shown.isEmpty ? "" : "input: \(quoted(shown))\n        ")output: \(quoted(output))")
    if !captures.isEmpty {
      lines.append("        captures:")
      for (name, value) in captures.sorted(by: { $0.key < $1.key }) {
        lines.append("          \(name): \(quoted(value))")
      }
    }
    return lines
  }

  /// YAML in single quotes, or in double quotes where it has more than one line.
  static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    if isPlain { return "'" + text.replacing("'", with: "''") + "'" }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      case _ where scalar.value < 32 || scalar.value == 127:
        let hex = String(scalar.value, radix: 16)
        escaped += "\\x" + (hex.count == 1 ? "0" : "") + hex
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }

  private static func name(for shape: String) -> String {
    var words: [String] = []
    var isHidden = false
    var word = ""
    for character in shape.lowercased() + " " {
      if character == "‹" { isHidden = true }
      if !isHidden, character.isASCII, character.isLetter {
        word.append(character)
      } else if !word.isEmpty {
        if word.count > 2 { words.append(word) }
        word = ""
      }
      if character == "›" { isHidden = false }
    }
    let kept = words.filter { !["error", "fatal", "the", "for", "and"].contains($0) }.prefix(4)
    return kept.isEmpty ? "failure" : kept.joined(separator: "-")
  }

  private static func guess(_ line: String) -> Category {
    let lowered = line.lowercased()
    let signs: [(String, Category)] = [
      ("command not found", .commandNotFound), ("no such file", .wrongPath), ("no module named", .missingImport),
      ("cannot find module", .missingImport), ("permission denied", .permissionDenied), ("syntax error", .syntaxError),
      ("timed out", .timeout), ("unauthorized", .authError), ("authentication", .authError),
      ("unknown option", .badUsage),
      ("unrecognized", .badUsage), ("unknown command", .badUsage), ("usage:", .badUsage), ("invalid", .badUsage),
      ("connection", .networkError), ("resolve host", .networkError), ("already exists", .conflictBusy),
      ("in use", .conflictBusy), ("does not exist", .wrongPath), ("not found", .wrongPath),
      ("out of memory", .resourceExhausted),
      ("not set", .environmentError), ("missing", .environmentError),
    ]
    return signs.first { lowered.contains($0.0) }?.1 ?? .runtimeError
  }
}

/// Failed calls that no rule explains, put together by what they say.
public struct MissedCalls {
  public struct Cluster {
    public var count: Int
    public var first: ToolCall
    public var draft: RuleDraft
  }

  private var clusters: [String: Cluster] = [:]
  /// Failed calls, those explained among them.
  public private(set) var failed = 0
  /// Failed calls that no rule explains.
  public private(set) var missed = 0
  /// Of these, calls whose output says nothing.
  public private(set) var silent = 0

  public init() {}

  /// Adds a failed call.
  public mutating func add(_ call: ToolCall, isExplained: Bool) {
    failed += 1
    guard !isExplained else { return }
    missed += 1
    guard let draft = RuleDraft(call: call) else {
      silent += 1
      return
    }
    clusters[draft.shape, default: Cluster(count: 0, first: call, draft: draft)].count += 1
  }

  /// The most frequent first.
  public var ranked: [Cluster] { clusters.values.sorted { ($1.count, $0.draft.shape) < ($0.count, $1.draft.shape) } }
}
