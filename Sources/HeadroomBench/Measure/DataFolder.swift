internal import Foundation

/// Data that was made for the measurements, with what is in it.
struct DataFolder {
  let url: URL
  let answers: Answers
  /// Absolute paths of all logs.
  let logs: [String]

  /// Makes the data in a process of its own: memory that this process once held would count as that of the programs that
  /// it starts.
  /// - Throws: When it cannot be written.
  init(size: Int, seed: UInt64, sessionSize: Int?, below folder: URL) throws {
    url = folder.appending(path: "data-\(size)-\(seed)")
    try? FileManager.default.removeItem(at: url)
    var arguments = ["generate", "--size", "\(size)", "--seed", "\(seed)", "--to", url.path]
    if let sessionSize { arguments += ["--session-size", "\(sessionSize)"] }
    try Self.oneself(arguments).run()
    let file = url.appending(path: "answers.json")
    answers = try JSONDecoder().decode(Answers.self, from: Data(contentsOf: file))
    let paths = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
    let base = url.path
    logs = paths.filter { $0.hasSuffix(".jsonl") }.sorted().map { base + "/" + $0 }
  }

  static func oneself(_ arguments: [String]) -> ChildProgram {
    ChildProgram(path: Bundle.main.executablePath ?? CommandLine.arguments[0], arguments: arguments)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
}
