/// What is in the data: what must come out when it is read.
struct Answers: Codable, Equatable, Sendable {
  struct Project: Codable, Equatable, Sendable {
    var path: String
    var calls = 0
    var failures = 0
    /// A name for each lesson, which stands in its line.
    var lessons: [String] = []
  }

  var seed: UInt64
  var files = 0
  var bytes = 0
  var lines = 0
  var longestLine = 0
  /// Bytes of the logs at 0, 50, 90 and 100 percent.
  var sizes: [Int] = []
  /// Failed calls of each category.
  var failures: [String: Int] = [:]
  /// Searches that found nothing: listed, but not failed.
  var emptySearches = 0
  var projects: [Project] = []

  var calls: Int { projects.reduce(0) { $0 + $1.calls } }
}

/// What one log adds to the answers.
struct LogTally: Sendable {
  var bytes = 0
  var lines = 0
  var longestLine = 0
  var calls = 0
  var failures: [String: Int] = [:]
  var emptySearches = 0
}
