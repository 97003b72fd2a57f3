internal import SessionModel

/// Which runs may use each other's results.
public struct ShelfKey: Sendable, Hashable {
  /// The agent, or what else tells one kind of results from another.
  public var agent: String
  /// Where the agent's logs are.
  public var place: String
  /// Tells the tool, the rules and the options from others.
  public var fingerprint: UInt64
  /// Whether logs that are not found by a run are still there: those that are named are.
  public var holdsNamedLogs: Bool

  public init(agent: String, place: String, fingerprint: UInt64, holdsNamedLogs: Bool = false) {
    self.agent = agent
    self.place = place
    self.fingerprint = fingerprint
    self.holdsNamedLogs = holdsNamedLogs
  }

  /// The same for all kinds of runs over the same logs.
  var group: Int64 { digest.key }

  var name: Int64 {
    var digest = digest
    digest.add(fingerprint)
    return digest.key
  }

  private var digest: QuickDigest {
    var digest = QuickDigest()
    digest.add(agent)
    digest.add(place)
    return digest
  }
}
