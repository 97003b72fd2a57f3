public import RulePack
public import SessionModel

/// A call that failed, or a search that found nothing, with what the rules and the calls after it tell of it.
public struct Observation: Sendable, Hashable {
  public var callID: String
  public var sessionID: String
  public var location: LogLocation
  public var timestamp: String
  public var tool: ToolKind
  public var toolName: String
  /// The input, cut to what a person needs to recognise it.
  public var input: String
  public var failed: Bool
  /// The log's own word.
  public var flagged: Bool
  /// The output shows what the status hides.
  public var masked: Bool
  public var category: Category
  /// The rule that explains it; nil when none does.
  public var ruleID: String?
  /// Named groups and built-in slots.
  public var slots: [String: String]
  /// Where the values of the slots come from; one that is not here comes from the output of a tool.
  public var origins: [String: ValueOrigin] = [:]
  /// The first lines of the output that say what happened.
  public var excerpt: String
  public var workingDirectory: String?
  /// Names the command that failed as it was given, as ``SuccessTally/firstRuns`` does; nil for other calls, and where
  /// nobody can tell whether it is the same again.
  public var command: UInt64?
  public var isSidechain: Bool
  /// What the call cost: the tokens that the model wrote for it, by the usage in the log or else by size, and the size
  /// of its result.
  public var tokens: Int
  /// Whether the log's own usage is in `tokens`.
  public var tokensAreMeasured: Bool
  /// What the user said when refusing.
  public var feedback: String?
  public var correction: Correction?
  /// How many failed calls of the same kind, this one included, came so far without a success in between.
  public var repetition: Int

  /// A digest of the call's id: equal for copies of a call in resumed and forked sessions.
  public var key: UInt64 { Digest(of: callID).value }
}

/// What worked instead of a failed call.
public struct Correction: Sendable, Hashable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Another path.
    case path
    /// Another command.
    case command
    /// A command that had to run first.
    case step
    /// The same command with an option or a variable that it lacked.
    case option
    /// The same command in another folder, with a variable, or in a shell that was set up for it.
    case surroundings
    /// The same command, outside of the agent's sandbox.
    case escalation
    /// Another call of one of the agent's own tools.
    case call
  }

  public var kind: Kind
  /// What failed, as far as the correction replaces it: a path, or the words of a command.
  public var from: String
  /// The path, or the words that replace the failed ones.
  public var text: String
  /// Where the text comes from.
  public var origin = ValueOrigin.agent
  /// The call that shows it.
  public var callID: String
  /// 0 to 1: how directly the log shows it.
  public var confidence: Double
}

extension Observation: Stored {
  public static var blank: Observation {
    Observation(
      callID: "", sessionID: "", location: .blank, timestamp: "", tool: .other, toolName: "", input: "", failed: false,
      flagged: false, masked: false, category: .other, slots: [:], excerpt: "", isSidechain: false, tokens: 0,
      tokensAreMeasured: false, repetition: 0)
  }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&callID)
    fields.visit(&sessionID)
    fields.visit(&location)
    fields.visit(&timestamp)
    fields.visit(&tool)
    fields.visit(&toolName)
    fields.visit(&input)
    fields.visit(&failed)
    fields.visit(&flagged)
    fields.visit(&masked)
    fields.visit(&category)
    fields.visit(&ruleID)
    fields.visit(&slots)
    fields.visit(&origins)
    fields.visit(&excerpt)
    fields.visit(&workingDirectory)
    fields.visit(&command)
    fields.visit(&isSidechain)
    fields.visit(&tokens)
    fields.visit(&tokensAreMeasured)
    fields.visit(&feedback)
    fields.visit(&correction)
    fields.visit(&repetition)
  }
}

extension Correction: Stored {
  public static var blank: Correction {
    Correction(kind: .command, from: "", text: "", callID: "", confidence: 0)
  }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&kind)
    fields.visit(&from)
    fields.visit(&text)
    fields.visit(&origin)
    fields.visit(&callID)
    fields.visit(&confidence)
  }
}
