public import SessionModel

/// What could not be read, for commands whose own output does not tell.
public enum LossReport {
  /// So many losses of one kind are told one by one, more are counted.
  private static let few = 3

  public static func lines(of issues: [LogIssue]) -> [String] {
    let byKind = Dictionary(grouping: issues) { $0.kind.rawValue }
    return byKind.sorted { $0.key < $1.key }.flatMap { kind, issues -> [String] in
      let issues = issues.sorted { $0.location < $1.location }
      guard issues.count > few, let first = issues.first else { return issues.map(text) }
      return ["\(kind.replacing("_", with: " ")) \(issues.count), the first at \(text(first))"]
    }
  }

  private static func text(_ issue: LogIssue) -> String {
    let line = issue.location.line > 0 ? ":\(issue.location.line)" : ""
    return "\(issue.location.file)\(line): \(issue.reason)"
  }
}
