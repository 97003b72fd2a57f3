internal import RulePack

/// Asks a person for what a new rule needs, one thing after another.
public struct RuleQuestions {
  /// What is known of the rule; nil for what is to be asked.
  public struct Answers: Sendable, Hashable {
    public var input: String?
    public var output: String?
    public var id: String?
    public var category: String?
    public var fixed: String?

    public init(
      input: String? = nil, output: String? = nil, id: String? = nil, category: String? = nil, fixed: String? = nil
    ) {
      self.input = input
      self.output = output
      self.id = id
      self.category = category
      self.fixed = fixed
    }
  }

  private let ask: (_ question: String) -> String?

  /// - Parameter ask: Shows a question and returns the line that was answered; nil at the end of the input.
  public init(ask: @escaping (_ question: String) -> String?) { self.ask = ask }

  /// Asks for what is missing. An empty answer leaves the choice to the program; a wrong one is asked for again.
  public func fill(_ answers: inout Answers) {
    if answers.input == nil { answers.input = ask("The command that failed: ") }
    if answers.output == nil { answers.output = output() }
    if answers.id == nil {
      answers.id = answer("An id for the rule, such as own/port-taken (empty: made from the message): ") { text in
        text.split(separator: "/").count == 2 ? nil : "An id has the form pack/name."
      }
    }
    if answers.category == nil {
      answers.category = answer("Its category (empty: guessed): ") { text in
        Category(rawValue: text) == nil
          ? "Known are: \(Category.allCases.map(\.rawValue).joined(separator: ", "))." : nil
      }
    }
    if answers.fixed == nil {
      answers.fixed = answer("The line to learn, with {fix} for what worked instead (empty: none): ") { _ in nil }
    }
  }

  private func output() -> String {
    var lines: [String] = []
    var question = "Its output; a line with a single dot ends it:\n"
    while let line = ask(question), line != "." {
      lines.append(line)
      question = ""
    }
    return lines.joined(separator: "\n")
  }

  /// - Parameter fault: What is wrong with an answer.
  private func answer(_ question: String, fault: (String) -> String?) -> String? {
    var question = question
    while let text = ask(question), !text.isEmpty {
      guard let reason = fault(text) else { return text }
      question = reason + " " + question
    }
    return nil
  }
}
