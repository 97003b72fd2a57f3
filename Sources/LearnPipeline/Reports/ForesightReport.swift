internal import Recommendations

/// How well lines foresaw what came after them, as a table.
public struct ForesightReport: Sendable {
  private let projects: [Foresight]
  private let showsLines: Bool

  /// - Parameter showsLines: Each line is shown with its hits.
  public init(_ projects: [Foresight], showsLines: Bool) {
    self.projects = projects
    self.showsLines = showsLines
  }

  public var text: String {
    guard !projects.isEmpty else {
      return
        "No project has \(Learner.leastSessions) sessions with times, which is the least to learn from and check.\n"
    }
    var rows = [["project", "sessions", "later failures", "foreseen", "lines", "that hit", "tokens"]]
    rows += projects.map { row($0.name, "\($0.earlier)+\($0.later)", [$0]) }
    if projects.count > 1 { rows.append(row("all", "", projects)) }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }
    return (table + (showsLines ? projects.flatMap(Self.lines) : [])).map { $0 + "\n" }.joined()
  }

  private func row(_ name: String, _ sessions: String, _ projects: [Foresight]) -> [String] {
    let failures = projects.reduce(0) { $0 + $1.failures }
    let foreseen = projects.reduce(0) { $0 + $1.foreseen }
    let lines = projects.flatMap(\.lines)
    let share = failures == 0 ? "" : " (\(Int((Double(foreseen) / Double(failures) * 100).rounded()))%)"
    return [
      name, sessions, "\(failures)", "\(foreseen)\(share)", "\(lines.count)", "\(lines.count { $0.hits > 0 })",
      projects.count > 1 ? "≤ \(projects.map(\.tokens).max() ?? 0)" : "\(projects.reduce(0) { $0 + $1.tokens })",
    ]
  }

  private static func lines(_ project: Foresight) -> [String] {
    guard !project.lines.isEmpty else { return [] }
    return ["", project.name] + project.lines.map { "  ×\($0.hits)  \($0.recommendation.text)" }
  }
}

/// What `foresight --format json` prints.
public struct ForesightRecord: Encodable, Sendable {
  let schema = 1
  var projects: [Project]

  public init(_ projects: [Foresight]) { self.projects = projects.map(Project.init) }

  struct Project: Encodable, Sendable {
    var name, path: String
    var earlierSessions, laterSessions, laterFailures, foreseen, tokens: Int
    var lines: [Line]

    enum CodingKeys: String, CodingKey {
      case name, path, foreseen, tokens, lines
      case earlierSessions = "earlier_sessions"
      case laterSessions = "later_sessions"
      case laterFailures = "later_failures"
    }

    init(_ project: Foresight) {
      (name, path) = (project.name, project.path)
      (earlierSessions, laterSessions) = (project.earlier, project.later)
      (laterFailures, foreseen, tokens) = (project.failures, project.foreseen, project.tokens)
      lines = project.lines.map {
        Line(id: $0.recommendation.draft.id, content: "- " + $0.recommendation.text, hits: $0.hits)
      }
    }
  }

  struct Line: Encodable, Sendable {
    var id, content: String
    var hits: Int
  }
}
