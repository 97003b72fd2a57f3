internal import SessionModel

/// The rule language: every table with every key.
public enum RuleLanguage {
  /// A whole file.
  public static let pack = LanguageTable(
    "a pack", "A pack is one YAML file of the family of programs that it covers.",
    [
      LanguageKey(
        "pack", .text, required: true, "name of the pack; the ids of its rules start with it", example: "python"),
      LanguageKey("about", .text, "what the pack covers, in a line", example: "Interpreters and packages of Python"),
      LanguageKey(
        "patterns", .values, "parts of patterns by name; `(?&name)` in a pattern of this file stands for one",
        example: "{ missing: \"No such file|not found\" }"),
      LanguageKey("rules", .list(rule), "the rules", example: "[…]"),
      LanguageKey("override", .list(override), "changes to rules of earlier layers", example: "[…]"),
      LanguageKey(
        "disable", .oneOrMore(.text), "ids of rules of earlier layers to leave out", example: "[git/no-repository]"),
    ])

  public static let rule = LanguageTable(
    "a rule", "One way for a call to go wrong, or to only look wrong.",
    [
      LanguageKey("id", .text, required: true, "`pack/name`, unique", example: "python/module-missing"),
      LanguageKey("category", .word(categories), required: true, "the root cause", example: "missing_import"),
      LanguageKey(
        "rank", .number(minimum: 0),
        "the match with the highest rank explains a call; the default depends on the category; 16 and less are a last resort, and"
          + " `rules missed` shows such calls all the same",
        example: "70"),
      LanguageKey(
        "masked", .word(masked), "whether the output is believed where the status says success", example: "producer"),
      LanguageKey("why", .text, "why the rule is there", example: "The shell answers for a program that is missing."),
      LanguageKey("since", .text, "version of the program that prints this first", example: "\"3.12\""),
      LanguageKey(
        "references", .oneOrMore(.text), "where the message is documented", example: "https://docs.python.org/3/"),
      LanguageKey(
        "when", .table(when), required: true, "what a call must show; all that is given must hold", example: "{…}"),
      LanguageKey(
        "learn", .table(learn), "what line a context file gets; leave out where none would help", example: "{…}"),
      LanguageKey(
        "examples", .list(example), required: true, "calls that it must match, and calls that it must not",
        example: "[…]"),
    ])

  public static let when = LanguageTable(
    "`when`", "What a call must show. All that is given must hold.",
    [
      LanguageKey(
        "tool", .oneOrMore(.text),
        "\(ToolKind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")), or an agent's own name such as `Read`",
        example: "shell"),
      LanguageKey(
        "outcome", .oneOrMore(.word(outcomes)), "how the call ended by the word of the log", example: "failed"),
      LanguageKey("exit", .oneOrMore(.number(minimum: 0)), "the exit status is one of these", example: "[126, 127]"),
      LanguageKey(
        "program", .pattern, "matches the name of a program on the command line, wrappers looked through",
        example: "^pytest$"),
      LanguageKey(
        "last", .pattern, "matches the program whose status is the status of the call", example: "^(?:grep|rg)$"),
      LanguageKey("input", .patterns, "on the command, path, pattern or address of the call", example: "\\bmigrate\\b"),
      LanguageKey(
        "output", .patterns, "on the output; `^` and `$` match at every line", example: "^fatal: (?<name>.+)$"),
      LanguageKey("place", .word(places), "where in the output the match has to be", example: "tail"),
      LanguageKey("empty", .boolean, "whether the output has nothing but the status", example: "true"),
      LanguageKey("max-bytes", .number(minimum: 1), "only outputs of at most so many bytes", example: "4000"),
      LanguageKey("after", .table(after), "a call that came shortly before", example: "{ tool: shell, input: fmt }"),
      LanguageKey(
        "repeats", .number(minimum: 2), "the same call came so often among the last 20, this one included",
        example: "3"),
      LanguageKey(
        "message", .oneOrMore(.pattern),
        "on one sentence that the user typed; a rule with it is about no call, and asks for nothing else",
        example: "^use (?<command>pnpm), not (?<program>npm)$"),
      LanguageKey("unless", .table(unless), "nothing of this may match", example: "{ program: ^man$ }"),
      LanguageKey(
        "doubt", .table(doubt), "like `unless`, but counts only where the status says success",
        example: "{ output: ^OK$ }"),
    ])

  public static let after = LanguageTable(
    "`after`", "A call that came before the one that the rule matches. Its captures are slots of the rule too.",
    [
      LanguageKey("tool", .oneOrMore(.text), "as in `when`", example: "shell"),
      LanguageKey("outcome", .oneOrMore(.word(outcomes)), "how it ended; default: any", example: "succeeded"),
      LanguageKey("program", .pattern, "name of a program on its command line", example: "^gofmt$"),
      LanguageKey("input", .oneOrMore(.pattern), "on its input", example: "\\bformat\\b"),
      LanguageKey("output", .oneOrMore(.pattern), "on its output", example: "^\\d+ files? reformatted"),
      LanguageKey(
        "within", .number(minimum: 1), "how many calls before at the most, up to 20; default 5", example: "3"),
      LanguageKey("same", .word(same), "what both calls have in common", example: "path"),
    ])

  /// Lists of patterns behind `input` and `output`.
  public static let group = LanguageTable(
    "a group of patterns", "Patterns that count together.",
    [
      LanguageKey("any", .oneOrMore(.pattern), "one of these must match", example: "[^error:, ^fatal:]"),
      LanguageKey("all", .oneOrMore(.pattern), "each of these must match somewhere", example: "[^error:, ^hint:]"),
    ])

  public static let unless = exclusion("`unless`")
  static let doubt = exclusion("`doubt`")

  private static func exclusion(_ name: String) -> LanguageTable {
    LanguageTable(
      name, "Nothing of this may match.",
      [
        LanguageKey("program", .pattern, "name of a program on the command line", example: "^man$"),
        LanguageKey("last", .pattern, "name of the program whose status counts", example: "^tail$"),
        LanguageKey("input", .oneOrMore(.pattern), "on the input", example: "--dry-run"),
        LanguageKey("output", .oneOrMore(.pattern), "on the output", example: "\\d+ passed"),
      ])
  }

  public static let learn = LanguageTable(
    "`learn`", "The line that may prevent the next failure.",
    [
      LanguageKey(
        "key", .oneOrMore(.text), "captures or built-in slots that make two matches the same lesson", example: "module"),
      LanguageKey(
        "section", .text, required: true, "heading of the line: \(sections.joined(separator: ", "))",
        example: "Environment"),
      LanguageKey("target", .word(targets), "which of the agent's files it goes to", example: "memory"),
      LanguageKey("times", .number(minimum: 1), "how often it must have been seen; default 2", example: "3"),
      LanguageKey("sessions", .number(minimum: 1), "in how many sessions; default 1", example: "2"),
      LanguageKey(
        "fixed", .template, "the line when it is known what worked instead; `{fix}` stands for that",
        example: "\"`{module}` is missing from `{program}`; `{fix}` works\""),
      LanguageKey(
        "otherwise", .template, "the line when that is not known", example: "\"`{module}` is not installed here\""),
      LanguageKey(
        "same_as", .text, "the rule whose line tells it, with the matches of both", example: "python/module-missing"),
      LanguageKey(
        "until", .word(refutations), "the line is left out when this has worked since the last match", example: "tool"),
    ])

  private static let call = [
    LanguageKey("tool", .text, "the tool", example: "shell"),
    LanguageKey("input", .text, "the command, path or pattern", example: "python3 tools/report.py"),
    LanguageKey("output", .text, "what the agent saw", example: "\"ModuleNotFoundError: No module named 'yaml'\""),
    LanguageKey("exit", .number(minimum: 0), "the exit status", example: "1"),
    LanguageKey("outcome", .word(outcomes), "how it ended", example: "succeeded"),
  ]

  public static let example = LanguageTable(
    "an example", "A call; what it leaves open is taken from its rule.",
    call + [
      LanguageKey("matches", .boolean, "false for a call that the rule must not match", example: "false"),
      LanguageKey(
        "message", .text, "what the user typed, for a rule about messages", example: "\"use pnpm, not npm\""),
      LanguageKey("before", .list(earlier), "the calls before it, in their order", example: "[…]"),
      LanguageKey("captures", .values, "captures that the match must have", example: "{ module: yaml }"),
      LanguageKey("gap", .boolean, "a known gap: listed, but no failure when it does not hold", example: "true"),
    ])

  static let earlier = LanguageTable(
    "a call before", "A call that came before that of an example.", call)

  /// What a later layer may change of a rule without repeating it.
  public static let override = LanguageTable(
    "an override", "The keys that are given replace those of the rule; the rest stands.",
    [LanguageKey("id", .text, required: true, "the rule to change", example: "git/no-repository")]
      + rule.keys.filter { ["category", "rank", "masked", "why"].contains($0.name) }.map { $0.optional() }
      + [
        LanguageKey(
          "learn", .tableOrNone(change), "changes of the lesson; `none` takes it away", example: "{ times: 5 }")
      ])

  static let change = LanguageTable("`learn`", learn.meaning, learn.keys.map { $0.optional() })
}

extension LanguageKey {
  fileprivate func optional() -> LanguageKey { LanguageKey(name, type, meaning, example: example) }
}

extension RuleLanguage {
  /// The tables in the order in which the reference has them.
  public static var tables: [LanguageTable] { [pack, rule, when, after, group, unless, learn, example, override] }

  /// Headings that lines are put under. Another one is allowed, but splits what belongs together.
  public static let sections = [
    "Environment", "Commands", "File paths", "Large files", "Editing", "Tests and checks", "Git", "Permissions",
    "Tools", "Preferences",
  ]

  public static let harmless = LanguageWord("harmless", "the call did not fail, whatever its status says")
  public static let categories = Category.allCases.map { LanguageWord($0.rawValue, $0.meaning) } + [harmless]

  static let masked = [
    LanguageWord("never", "only calls that the log calls failed"),
    LanguageWord(
      "producer",
      "when a command on the line writes output of its own, not only files, logs or diffs; else when the match opens a short"
        + " output and the rule asks for the command, or captures as `program` one of the line"),
    LanguageWord("program", "when the captured `program` is a command on the line"),
    LanguageWord("always", "whatever the command is"),
  ]

  static let outcomes = [
    LanguageWord("failed", "the log calls it failed (default)"),
    LanguageWord("succeeded", "the log calls it a success"),
    LanguageWord("rejected", "the user said no, interrupted, or answered instead"),
    LanguageWord("blocked", "a permission system, sandbox, hook or policy stopped it"),
    LanguageWord("cancelled", "another call of the same batch failed"),
    LanguageWord("missing", "the log holds no result"),
  ]

  static let same = [
    LanguageWord("path", "the path that they name"), LanguageWord("input", "the whole input"),
  ]

  static let places = [
    LanguageWord("anywhere", "anywhere (default)"),
    LanguageWord("head", "in the first ten lines"),
    LanguageWord("tail", "in the last ten lines"),
  ]

  static let refutations = [
    LanguageWord("tool", "a call of the same tool, or as many of them as failed, whenever that was"),
    LanguageWord("program", "the program that the match names"),
    LanguageWord("head", "the command with its subcommand"),
    LanguageWord("path", "a call on the same path"),
  ]

  static let targets = [
    LanguageWord("context", "facts about the project: CLAUDE.md and its like (default)"),
    LanguageWord("memory", "what belongs to a person or a machine: MEMORY.md"),
  ]
}
