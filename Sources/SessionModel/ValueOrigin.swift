/// Who put a value into the log: the less it is to be trusted, the smaller.
public enum ValueOrigin: String, Sendable, Codable, Comparable, CaseIterable {
  /// A page, or the answer of a server: anybody's.
  case web
  /// What a tool printed, which files of the project and its dependencies have a hand in.
  case tool
  /// What the agent wrote itself.
  case agent
  case user

  public static func < (left: ValueOrigin, right: ValueOrigin) -> Bool { left.trust < right.trust }

  private var trust: Int {
    switch self {
    case .web: 0
    case .tool: 1
    case .agent: 2
    case .user: 3
    }
  }
}
