import RuleTools
import Testing

/// What `rules new` asks on a terminal.
@Suite struct RuleQuestionTests {
  private func fill(_ answers: RuleQuestions.Answers, with lines: [String]) -> (RuleQuestions.Answers, asked: [String])
  {
    var (answers, lines, asked) = (answers, lines[...], [String]())
    RuleQuestions { question in
      asked.append(question)
      return lines.popFirst()
    }.fill(&answers)
    return (answers, asked)
  }

  @Test func everythingThatIsMissingIsAskedFor() {
    let (answers, asked) = fill(
      .init(), with: ["shipctl push", "one", "two", ".", "own/locked", "conflict_busy", "use `{fix}`"])
    #expect(
      answers
        == .init(
          input: "shipctl push", output: "one\ntwo", id: "own/locked", category: "conflict_busy", fixed: "use `{fix}`"))
    #expect(asked.count == 7)
  }

  @Test func whatIsGivenIsNotAskedFor() {
    let given = RuleQuestions.Answers(input: "a", output: "b", id: "own/c", category: "other", fixed: "d")
    let (answers, asked) = fill(given, with: [])
    #expect(answers == given && asked.isEmpty)
  }

  @Test func aWrongAnswerIsAskedForAgain() {
    let (answers, asked) = fill(
      .init(input: "a", output: "b", fixed: "d"), with: ["locked", "own/locked", "busy", "conflict_busy"])
    #expect(answers.id == "own/locked" && answers.category == "conflict_busy")
    #expect(asked.contains { $0.hasPrefix("An id has the form pack/name.") })
  }

  @Test func theEndOfTheInputEndsTheQuestions() {
    let (answers, _) = fill(.init(), with: ["a", "b"])
    #expect(answers == .init(input: "a", output: "b"))
  }
}
