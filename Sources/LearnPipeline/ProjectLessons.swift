internal import Recommendations
internal import SessionModel
internal import Synchronization

/// What the logs of a project teach, before its files are looked at. Kept from run to run: it holds as long as the logs
/// are the same and the project's folder answers as it did.
struct ProjectLessons: Sendable {
  var summary: ProjectSummary
  var drafts: [Draft]
  var leftOut: [LeftOut]
  var facts: [Fact]

  /// Without the texts of the calls.
  var brief: ProjectLessons {
    var brief = self
    brief.drafts = drafts.map(\.brief)
    brief.leftOut = leftOut.map(\.brief)
    return brief
  }

  func hold(in facts: ProjectFacts) -> Bool {
    self.facts.allSatisfy { $0.answer == Fact.answer(to: $0.question, about: $0.subject, in: facts) }
  }
}

/// What was asked of a project's folder, and what it was.
struct Fact: Sendable, Hashable {
  enum Question: Sendable, CaseIterable { case exists, isInstalled, scripts }

  var question: Question
  /// A path, or the name of a program.
  var subject: String
  var answer: String

  static func answer(to question: Question, about subject: String, in facts: ProjectFacts) -> String {
    switch question {
    case .exists: text(facts.exists(subject))
    case .isInstalled: text(facts.isInstalled(subject))
    case .scripts: text(facts.scripts(subject))
    }
  }

  static func text(_ answer: Bool?) -> String { answer.map { $0 ? "yes" : "no" } ?? "unknown" }

  static func text(_ answer: Set<String>?) -> String { answer.map { $0.sorted().joined(separator: "\n") } ?? "unknown" }
}

/// Notes what is asked of a project's folder.
final class FactRecord: Sendable {
  private let asked = Mutex<Set<Fact>>([])

  var facts: [Fact] {
    asked.withLock { facts in facts.sorted { ("\($0.question)", $0.subject) < ("\($1.question)", $1.subject) } }
  }

  /// The same facts; whoever asks them is noted.
  func noting(_ facts: ProjectFacts) -> ProjectFacts {
    ProjectFacts(
      path: facts.path,
      exists: { path in
        let answer = facts.exists(path)
        self.note(.exists, path, Fact.text(answer))
        return answer
      },
      isInstalled: { program in
        let answer = facts.isInstalled(program)
        self.note(.isInstalled, program, Fact.text(answer))
        return answer
      },
      scripts: { folder in
        let answer = facts.scripts(folder)
        self.note(.scripts, folder, Fact.text(answer))
        return answer
      })
  }

  private func note(_ question: Fact.Question, _ subject: String, _ answer: String) {
    asked.withLock { _ = $0.insert(Fact(question: question, subject: subject, answer: answer)) }
  }
}

extension Fact: Stored {
  static var blank: Fact { Fact(question: .exists, subject: "", answer: "") }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&question)
    fields.visit(&subject)
    fields.visit(&answer)
  }
}

extension ProjectLessons: Stored {
  static var blank: ProjectLessons { ProjectLessons(summary: .blank, drafts: [], leftOut: [], facts: []) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&summary)
    fields.visit(&drafts)
    fields.visit(&leftOut)
    fields.visit(&facts)
  }
}
