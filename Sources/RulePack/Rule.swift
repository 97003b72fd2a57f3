public import PatternEngine
public import SessionModel

/// One way for a call to go wrong (or to only look wrong), and what is to be learned from it.
public struct Rule: Sendable, Hashable {
  /// `pack/name`, unique over all packs.
  public var id: String
  /// nil for a harmless match: the call did not fail, whatever its status says.
  public var category: Category?
  /// The match with the highest rank explains a call; `Category.defaultRank` unless the rule says otherwise.
  public var rank: Int
  public var masked: Masked
  public var when: Conditions
  public var learn: Lesson?
  /// Why the rule is there, in a sentence.
  public var why: String?
  public var examples: [Example]
  /// Where the rule is defined.
  public var source: RuleSource

  public init(
    id: String, category: Category?, rank: Int, masked: Masked = .never, when: Conditions, learn: Lesson? = nil,
    why: String? = nil, examples: [Example] = [], source: RuleSource
  ) {
    self.id = id
    self.category = category
    self.rank = rank
    self.masked = masked
    self.when = when
    self.learn = learn
    self.why = why
    self.examples = examples
    self.source = source
  }

  /// Whether the output is believed where the status says success.
  public enum Masked: String, Sendable, CaseIterable {
    /// Only calls that the log calls failed.
    case never
    /// When a command on the line writes its own output: not when all of them only show files, logs or diffs.
    case producer
    /// When the captured `program` is a command on the line.
    case program
    /// Whatever the command is.
    case always
  }
}

/// The file and line of a rule.
public struct RuleSource: Sendable, Hashable {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// What must hold for a rule to match a call. Everything that is given has to hold.
public struct Conditions: Sendable, Hashable {
  /// Normalized tool names, or names that the agent uses; empty for any.
  public var tools: [String] = []
  public var outcomes: [Outcome] = [.failed]
  /// Exit statuses; empty for any.
  public var exit: [Int] = []
  /// Matches the name of a program on the command line.
  public var program: PatternText?
  /// Matches the name of the program whose status is the status of the call.
  public var last: PatternText?
  /// One of them must match.
  public var input: [PatternText] = []
  /// Each of them must match.
  public var inputAll: [PatternText] = []
  /// One of them must match.
  public var output: [PatternText] = []
  /// Each of them must match somewhere.
  public var outputAll: [PatternText] = []
  public var place: Place = .anywhere
  /// Whether the output has nothing but the status; nil for either.
  public var empty: Bool?
  /// Only outputs of at most so many bytes.
  public var maxBytes: Int?
  /// A call that has to come before.
  public var after: Earlier?
  /// How often the same call has to come among the last ones, this one included; nil for any.
  public var repeats: Int?
  /// One of them must match a sentence that the user typed; a rule with these matches messages, and no calls.
  public var message: [PatternText] = []
  /// Nothing of this may match.
  public var unless = Exclusion()
  /// Nothing of this may match where the status says success.
  public var doubt = Exclusion()

  public init() {}

  /// Where in the output the match has to be.
  public enum Place: String, Sendable, CaseIterable {
    case anywhere
    /// In the first lines.
    case head
    /// In the last lines.
    case tail
  }

  /// What a call that came before has to show.
  public struct Earlier: Sendable, Hashable {
    public var tools: [String] = []
    /// Empty for any.
    public var outcomes: [Outcome] = []
    public var program: PatternText?
    public var input: [PatternText] = []
    public var output: [PatternText] = []
    /// How many calls before at the most.
    public var within: Int = 5
    public var same: Same?

    /// What both calls have in common.
    public enum Same: String, Sendable, CaseIterable { case path, input }

    public init() {}

    public var patterns: [PatternText] { [program].compactMap(\.self) + input + output }
  }

  /// What keeps a rule from matching.
  public struct Exclusion: Sendable, Hashable {
    public var program: PatternText?
    public var last: PatternText?
    public var input: [PatternText] = []
    public var output: [PatternText] = []

    public init(
      program: PatternText? = nil, last: PatternText? = nil, input: [PatternText] = [], output: [PatternText] = []
    ) {
      self.program = program
      self.last = last
      self.input = input
      self.output = output
    }

    /// Every pattern of it.
    public var patterns: [PatternText] { [program, last].compactMap(\.self) + input + output }
  }

  /// Whether it is about what the user types.
  public var readsMessages: Bool { !message.isEmpty }

  /// Patterns whose literals decide whether an output is looked at; one of `gate` occurs in every match. Empty when the
  /// rule has to be tried on every output.
  public var gate: [PatternText] {
    if !output.isEmpty, output.allSatisfy({ !$0.literals.isEmpty }) { return output }
    return outputAll.first { !$0.literals.isEmpty }.map { [$0] } ?? []
  }
}

extension Conditions {
  /// The same for the input, for rules that ask for nothing in the output.
  public var inputGate: [PatternText] {
    if !input.isEmpty, input.allSatisfy({ !$0.literals.isEmpty }) { return input }
    return inputAll.first { !$0.literals.isEmpty }.map { [$0] } ?? []
  }
}

/// A pattern as written, with the literals of which a subject must hold one.
public struct PatternText: Sendable, Hashable {
  public var source: String
  /// Empty when the pattern has to be tried on every subject.
  public var literals: [Literal]

  public init(source: String, literals: [Literal]) {
    self.source = source
    self.literals = literals
  }
}

/// What is to be learned from the matches of a rule.
public struct Lesson: Sendable, Hashable {
  /// Captures (or built-in slots) that make two matches tell the same lesson.
  public var key: [String] = []
  public var section: String = ""
  public var target: Target = .contextFile
  /// How often it must have been seen, and in how many sessions.
  public var times: Int = 2
  public var sessions: Int = 1
  /// The line when it is known what worked instead; `{fix}` stands for that.
  public var fixed: String?
  /// The line when it is not known.
  public var otherwise: String?
  /// The rule whose lesson this is: matches of both are counted together and told by the line of that one.
  public var sameAs: String?
  /// What need only work after the last match for the line to be wrong.
  public var until: Refutation?

  /// Which of the agent's files the line goes to.
  public enum Target: String, Sendable, CaseIterable, Codable {
    /// Facts about the project: CLAUDE.md and its like.
    case contextFile = "context_file"
    /// What belongs to a person or a machine: MEMORY.md.
    case memoryFile = "memory_file"
  }

  /// What shows by working that a lesson does not hold any more: the slot of a match that names it.
  public enum Refutation: String, Sendable, CaseIterable {
    case tool, program, head, path
  }
}

/// A call that a rule must match, or must not.
public struct Example: Sendable, Hashable {
  public var tool: String?
  public var input: String = ""
  public var output: String = ""
  public var exit: Int?
  public var outcome: Outcome?
  /// What the user typed, for a rule about messages.
  public var message: String?
  /// The calls before it.
  public var before: [Example] = []
  public var matches: Bool = true
  /// Captures that the match must have with these values.
  public var captures: [String: String] = [:]
  /// A known gap: it does not hold yet, and that is no failure.
  public var isGap: Bool = false
  public var line: Int = 0
}
