internal import Foundation

@main
struct Bench {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      Measurements.note("HeadroomBench: \(error)")
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    var arguments = arguments[...]
    switch arguments.popFirst() {
    case "generate": try generate(arguments)
    case "append": try append(arguments)
    case "check": try check(arguments)
    case "run": try measure(arguments)
    default:
      print(
        """
        HeadroomBench generate --to DIR [--size 1G] [--seed 1] [--session-size 4M]
          Make logs as Claude Code has them, and answers.json beside them.
        HeadroomBench append --to LOG [--size 1M] [--seed 1]
          Let a log grow.
        HeadroomBench check --data DIR --headroom PROGRAM --work DIR
          Hold what the program says of such logs against answers.json. Exit status 3 when it is wrong.
        HeadroomBench run --headroom PROGRAM --work DIR [--size 200M] [--small 50M] [--large 4G] [--session-size 4M]
            [--rounds 5] [--seed 1] [--python install|PROGRAM] [--keep yes]
          Measure, and print a table. Exit status 3 when an answer is wrong.
        """)
    }
  }

  private static func generate(_ arguments: ArraySlice<String>) throws {
    let options = try Options(arguments, known: ["size", "to", "seed", "session-size"])
    let folder = URL(filePath: try options.text("to"))
    let data = DataSet(
      seed: UInt64(try options.size("seed", or: 1)), size: try options.size("size", or: 100_000_000),
      sessionSize: try options.sizeIfGiven("session-size"))
    let begin = ContinuousClock.now
    let answers = try data.write(to: folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(answers).write(to: folder.appending(path: "answers.json"))
    print("\(answers.bytes) bytes, \(answers.files) logs, \(answers.calls) calls in \(ContinuousClock.now - begin)")
    print("CLAUDE_CONFIG_DIR=\(folder.path)")
  }

  /// Lets a log grow, as a session does that goes on.
  private static func append(_ arguments: ArraySlice<String>) throws {
    let options = try Options(arguments, known: ["size", "to", "seed"])
    let size = try options.size("size", or: 1_000_000)
    let data = DataSet(seed: UInt64(try options.size("seed", or: 1)), size: size, sessionSize: size)
    guard let plan = data.plan().logs.first else { return }
    let file = try FileHandle(forWritingTo: URL(filePath: try options.text("to")))
    try file.seekToEnd()
    try file.write(contentsOf: Data(data.log(plan).bytes))
    try file.close()
  }

  private static func check(_ arguments: ArraySlice<String>) throws {
    let options = try Options(arguments, known: ["headroom", "data", "work"])
    let data = URL(filePath: try options.text("data"))
    let work = URL(filePath: try options.text("work"))
    let tools = try Tools(headroom: try options.text("headroom"), scanner: nil, folder: work)
    var failures = tools.run(
      ["failures", "--all", "--agent", "claude", "--format", "jsonl"] + tools.cold, on: data)
    var learned = tools.run(["learn", "--all", "--agent", "claude", "--format", "json"] + tools.cold, on: data)
    failures.output = work.appending(path: "failures").path
    learned.output = work.appending(path: "learned").path
    try failures.run()
    try learned.run()
    let answers = try JSONDecoder().decode(
      Answers.self, from: Data(contentsOf: data.appending(path: "answers.json")))
    let faults = try AnswerCheck(answers: answers).faults(
      failures: String(contentsOfFile: failures.output, encoding: .utf8),
      learned: String(contentsOfFile: learned.output, encoding: .utf8))
    for fault in faults { print(fault) }
    if !faults.isEmpty { exit(3) }
  }

  private static func measure(_ arguments: ArraySlice<String>) throws {
    let options = try Options(
      arguments,
      known: ["headroom", "work", "size", "small", "large", "session-size", "rounds", "seed", "python", "keep"])
    let work = URL(filePath: try options.text("work"))
    try FileManager.default.createDirectory(
      at: work.appending(path: "home/claude/projects"), withIntermediateDirectories: true)
    var plan = Measurements.Plan()
    plan.size = try options.size("size", or: plan.size)
    plan.small = try options.size("small", or: min(100_000_000, plan.size / 4))
    plan.large = try options.sizeIfGiven("large")
    plan.sessionSize = try options.sizeIfGiven("session-size")
    plan.rounds = try options.size("rounds", or: plan.rounds)
    plan.seed = UInt64(try options.size("seed", or: 1))
    plan.keepsData = options["keep"] != nil
    let tools = try Tools(headroom: try options.text("headroom"), scanner: options["python"], folder: work)
    var measurements = Measurements(plan, tools: tools, folder: work)
    try measurements.run()
    print(Figure.table(measurements.figures))
    for fault in measurements.faults { Measurements.note("wrong: \(fault)") }
    if !measurements.faults.isEmpty { exit(3) }
  }
}
