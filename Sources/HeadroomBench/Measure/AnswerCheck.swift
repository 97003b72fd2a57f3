internal import Foundation

/// Holds what the program says of the data against what is in it.
struct AnswerCheck {
  private struct Failure: Decodable {
    var failed: Bool
    var category: String
    var project: String
  }

  private struct Learned: Decodable {
    struct Project: Decodable {
      struct Recommendation: Decodable {
        var content: String
        var rule: String
      }

      var path: String
      var calls: Int
      var failures: Int
      var recommendations: [Recommendation]
    }

    var projects: [Project]
  }

  /// Advice that is given where the failures planted for other reasons cost enough.
  private static let general: Set = ["claude-code/not-read-first", "claude-code/edit-mismatch", "python/ruff"]

  let answers: Answers

  /// - Returns: What is wrong, in sentences; empty when all is right.
  func faults(failures: String, learned: String) throws -> [String] {
    let decoder = JSONDecoder()
    let found = try failures.utf8.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(Failure.self, from: Data($0))
    }
    let projects = try decoder.decode(Learned.self, from: Data(learned.utf8)).projects
    return faults(of: found) + faults(of: projects)
  }

  private func faults(of found: [Failure]) -> [String] {
    var counts: [String: Int] = [:]
    for failure in found where failure.failed { counts[failure.category, default: 0] += 1 }
    var faults = Set(counts.keys).union(answers.failures.keys).sorted().compactMap { category -> String? in
      let (said, planted) = (counts[category] ?? 0, answers.failures[category] ?? 0)
      return said == planted ? nil : "\(category): \(said) failures, \(planted) were planted"
    }
    let empty = found.count { !$0.failed }
    if empty != answers.emptySearches {
      faults.append("\(empty) empty searches, \(answers.emptySearches) were planted")
    }
    return faults
  }

  private func faults(of projects: [Learned.Project]) -> [String] {
    let learned = Dictionary(projects.map { ($0.path, $0) }) { first, _ in first }
    var faults = Set(learned.keys).subtracting(answers.projects.map(\.path)).sorted().map { "\($0): nobody made it" }
    for project in answers.projects {
      guard let said = learned[project.path] else {
        if project.calls > 0 { faults.append("\(project.path): not found") }
        continue
      }
      if said.calls != project.calls { faults.append("\(project.path): \(said.calls) calls of \(project.calls)") }
      if said.failures != project.failures {
        faults.append("\(project.path): \(said.failures) failures of \(project.failures)")
      }
      let lines = said.recommendations.filter { !Self.general.contains($0.rule) }.map(\.content)
      for mark in project.lessons where lines.count(where: { $0.contains(mark) }) != 1 {
        faults.append("\(project.path): \(mark) is not the subject of one line")
      }
      for line in lines where !project.lessons.contains(where: line.contains) {
        faults.append("\(project.path): nobody planted: \(line)")
      }
    }
    return faults
  }
}
