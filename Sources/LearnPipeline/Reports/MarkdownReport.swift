internal import Recommendations

/// The recommended lines alone, as they would stand in a file.
public enum MarkdownReport {
  public static func text(of learnings: [ProjectLearning]) -> String {
    learnings.filter { !$0.recommendations.isEmpty }.map { learning in
      var titles: [String] = []
      for section in learning.recommendations.map(\.draft.section) where !titles.contains(section) {
        titles.append(section)
      }
      let sections = titles.map { title in
        (["### \(title)"] + learning.recommendations.filter { $0.draft.section == title }.map { "- \($0.text)" })
          .joined(separator: "\n")
      }
      return (["## \(learning.summary.name)"] + sections).joined(separator: "\n\n")
    }.joined(separator: "\n\n")
  }
}
