public import Recommendations
internal import RuleEngine

/// What the lines for a project would have been worth: they are learned from its earlier sessions and held against the
/// failures of the later ones.
public struct Foresight: Sendable {
  public struct Line: Sendable {
    public var recommendation: Recommendation
    /// Later failures that it names.
    public var hits: Int
  }

  public var name: String
  public var path: String
  /// Sessions that the lines were learned from, and sessions that they were held against.
  public var earlier: Int
  public var later: Int
  /// Failed calls of the later sessions, without those that the user stopped or that fell with another call.
  public var failures: Int
  /// Those that a line names.
  public var foreseen: Int
  public var lines: [Line]

  /// What the lines cost each session, at four bytes a token.
  public var tokens: Int { lines.reduce(0) { $0 + $1.recommendation.draft.cost } }
}

extension Learner {
  /// Projects with fewer sessions have no past to learn from.
  public static let leastSessions = 5

  /// - Parameter split: The share of a project's sessions, in order of their start, that lines are learned from.
  /// - Returns: The projects that have enough sessions, and the logs.
  public func foresight(_ selection: Selection, split: Double) async -> (projects: [Foresight], survey: LogSurvey) {
    let logs = await read(selection)
    let projects = await Self.byPath(logs.projects).onThreads(selection.threads) { parts -> Foresight? in
      let analysis = ProjectAnalysis.sum(of: parts.map { $0.analysis(keepsParts: true) })
      return analysis.flatMap { foresight(of: $0, split: split) }
    }
    return (projects.compactMap(\.self), logs.survey)
  }

  private func foresight(of project: ProjectAnalysis, split: Double) -> Foresight? {
    let starts = project.starts.values.filter { !$0.isEmpty }.sorted()
    let count = Int(Double(starts.count) * split)
    guard starts.count >= Self.leastSessions, count > 0, count < starts.count else { return nil }
    let past = project.known(by: starts[count - 1])
    let lines = learning(of: past).recommendations.map { Foresight.Line(recommendation: $0, hits: 0) }
    return foresight(with: lines, book(on: past), in: project, from: count, of: starts)
  }

  private func foresight(
    with lines: [Foresight.Line], _ book: LessonBook, in project: ProjectAnalysis, from count: Int, of starts: [String]
  ) -> Foresight {
    var lines = lines
    let failures = project.observations.filter { failure in
      failure.failed && failure.isOwnFailure && (project.starts[failure.sessionID] ?? "") > starts[count - 1]
    }
    var foreseen = 0
    for failure in failures {
      guard let line = lines.firstIndex(where: { book.names(failure, in: $0.recommendation.draft) }) else { continue }
      lines[line].hits += 1
      foreseen += 1
    }
    return Foresight(
      name: project.name, path: project.path, earlier: count, later: starts.count - count, failures: failures.count,
      foreseen: foreseen, lines: lines)
  }
}
