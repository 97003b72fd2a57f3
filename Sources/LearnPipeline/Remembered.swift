internal import Synchronization

/// Answers that are found once.
final class Remembered<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
  private let answers = Mutex<[Question: Answer]>([:])

  func value(of question: Question, _ find: () -> Answer) -> Answer {
    answers.withLock { answers in
      if let answer = answers[question] { return answer }
      let answer = find()
      answers[question] = answer
      return answer
    }
  }
}
