public import SessionModel

/// What could not be read, for commands whose own output does not tell.
public enum LossReport {
  /// So many losses of one kind, for one reason, are told one by one; more are counted.
  private static let few = 3

  public static func lines(of issues: [LogIssue]) -> [String] {
    let groups = Dictionary(grouping: issues) { [$0.kind.rawValue, $0.reason] }
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { key, issues -> [String] in
      let issues = issues.sorted { $0.location < $1.location }
      guard issues.count > few, let first = issues.first else { return issues.map(text) }
      return ["\(key[0].replacing("_", with: " ")) \(issues.count), the first at \(text(first))"]
    }
  }

  private static func text(_ issue: LogIssue) -> String {
    let line = issue.location.line > 0 ? ":\(issue.location.line)" : ""
    return "\(issue.location.file)\(line): \(issue.reason)"
  }
}
