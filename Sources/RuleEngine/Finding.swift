public import RulePack
public import SessionModel

/// A rule matched a call.
public struct Finding: Sendable, Hashable {
  public var ruleID: String
  /// nil for a harmless match.
  public var category: Category?
  public var rank: Int
  /// What the named groups of its patterns hold.
  public var captures: [String: String]
  /// Where in the output the match starts, in bytes.
  public var offset: Int
}

/// What the rules make of one call.
public struct Verdict: Sendable {
  public var failed: Bool
  /// The output shows a failure that the status hides.
  public var masked: Bool
  /// nil when nothing is to be said of the call.
  public var category: Category?
  /// The finding that explains the call.
  public var cause: Finding?
  /// Matches that were given up: rule id and reason.
  public var givenUp: [GivenUp]

  /// A rule whose pattern did more work on a call than is allowed.
  public struct GivenUp: Sendable, Hashable {
    public var ruleID: String
    public var reason: String
  }
}

/// A rule whose pattern was stopped at its limit on some calls, which the rule then says nothing of.
public struct GivenUpMatch: Sendable, Hashable {
  public var ruleID: String
  public var reason: String
  /// The first call that it happened on.
  public var first: LogLocation
  public var times: Int

  public init(ruleID: String, reason: String, first: LogLocation, times: Int = 1) {
    self.ruleID = ruleID
    self.reason = reason
    self.first = first
    self.times = times
  }

  /// Equal for what belongs together.
  public var id: String { "\(ruleID): \(reason)" }

  public func merged(with other: GivenUpMatch) -> GivenUpMatch {
    GivenUpMatch(ruleID: ruleID, reason: reason, first: min(first, other.first), times: times + other.times)
  }
}

extension GivenUpMatch: Stored {
  public static var blank: GivenUpMatch { GivenUpMatch(ruleID: "", reason: "", first: .blank, times: 0) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&ruleID)
    fields.visit(&reason)
    fields.visit(&first)
    fields.visit(&times)
  }
}
