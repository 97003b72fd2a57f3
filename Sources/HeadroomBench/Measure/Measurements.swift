internal import Foundation

/// Everything that is measured, in order.
struct Measurements {
  struct Plan {
    /// Bytes of the data that most is measured on, of a smaller set for slow programs, and of a larger one for how cost
    /// grows; nil to leave that out.
    var size = 200_000_000
    var small = 50_000_000
    var large: Int?
    var sessionSize: Int?
    var rounds = 5
    var seed: UInt64 = 1
    var keepsData = false
  }

  let plan: Plan
  let tools: Tools
  let folder: URL
  private(set) var figures: [Figure] = []
  private(set) var faults: [String] = []

  init(_ plan: Plan, tools: Tools, folder: URL) {
    self.plan = plan
    self.tools = tools
    self.folder = folder
  }

  /// - Throws: When data cannot be made, or a program ends badly.
  mutating func run() throws {
    let main = try DataFolder(size: plan.size, seed: plan.seed, sessionSize: plan.sessionSize, below: folder)
    defer { if !plan.keepsData { main.remove() } }
    describe(main)
    try check(main)
    try reading(main)
    try rules(main)
    try threads(main)
    try scan(main)
    try again(main)
    let small = try DataFolder(size: plan.small, seed: plan.seed + 1, sessionSize: plan.sessionSize, below: folder)
    defer { small.remove() }
    try slow(small)
    try growth(small, main)
    try start()
  }

  // Sessions differ in size; what grows with their square shows it.
  private func describe(_ data: DataFolder) {
    let sizes = data.answers.sizes.map { Figure.number((Double($0) / 1000).rounded()) + " kB" }
    Self.note(
      "\(data.answers.files) sessions of \(sizes[0]) to \(sizes[3]) (median \(sizes[1]), 90% up to \(sizes[2])),"
        + " \(data.answers.bytes / 1_000_000) MB, \(data.answers.lines) lines, \(data.answers.calls) calls,"
        + " longest line \(data.answers.longestLine / 1000) kB")
  }

  static func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

  /// In a process of its own, for the memory that it takes.
  private mutating func check(_ data: DataFolder) throws {
    Self.note("checking the answers")
    let options = ["--headroom", tools.headroom, "--data", data.url.path, "--work", folder.path]
    var program = DataFolder.oneself(["check"] + options)
    program.output = folder.appending(path: "checked").path
    program.accepted = [0, 3]
    try program.run()
    faults = try String(contentsOfFile: program.output, encoding: .utf8).split(separator: "\n").map(String.init)
    figures.append(
      Figure(
        name: "answers: \(data.answers.calls) calls, \(data.answers.failures.values.reduce(0, +)) failures,"
          + " \(data.answers.projects.reduce(0) { $0 + $1.lessons.count }) lessons planted",
        text: faults.isEmpty ? "all right" : "\(faults.count) wrong", target: "all right", isMet: faults.isEmpty))
  }

  private mutating func reading(_ data: DataFolder) throws {
    Self.note("reading beside wc and rg")
    let others = tools.others(["wc -l", "rg -c"], on: data)
    var contest = Contest()
    try contest.run(
      [("learn", tools.learn(data))] + others.map { ($0.name, accepting1($0.program)) }, rounds: plan.rounds)
    Self.note(contest)
    let speed = contest.wall("learn").map { Double(data.answers.bytes) / 1e6 / $0 } ?? 0
    figures.append(
      Figure(
        name: "cold `learn`, all cores, \(Self.size(data))",
        text: "\(Figure.seconds(contest.wall("learn"))), \(Figure.number(speed.rounded())) MB/s"))
    figures.append(against("wc -l", contest, most: 6))
    figures.append(against("rg -c", contest))
    if let peak = contest.peak("learn") {
      let bound = 64 << 20 + data.answers.longestLine
      figures.append(
        Figure(
          name: "peak memory, \(Self.size(data))", text: Figure.megabytes(peak),
          target: "at most \(Figure.megabytes(bound))", isMet: peak <= bound))
    }
  }

  private static func note(_ contest: Contest) { for line in contest.lines { note(line) } }

  private func accepting1(_ program: ChildProgram) -> ChildProgram {
    var program = program
    program.accepted = [0, 1]
    return program
  }

  /// How long the program takes beside another.
  private func against(_ name: String, _ contest: Contest, most: Double? = nil) -> Figure {
    guard contest.wall(name) != nil else { return .missing("time of cold `learn` to `\(name)`", "not installed") }
    return ratio("time of cold `learn` to `\(name)`", contest, "learn", to: name, most: most)
  }

  /// By the clock, and in processor time, which other work on the machine disturbs less.
  private func ratio(
    _ title: String, _ contest: Contest, _ name: String, to other: String, most: Double? = nil
  ) -> Figure {
    var figure = Figure.ratio(title, contest.ratio(name, to: other), most: most)
    if let ratio = contest.ratio(name, to: other, of: \.processor) {
      figure.text += " (processor \(Figure.times(ratio)))"
    }
    return figure
  }

  private mutating func rules(_ data: DataFolder) throws {
    Self.note("60 and 1,000 rules")
    let few = try tools.layer(of: 60)
    let many = try tools.layer(of: 1000)
    var contest = Contest()
    try contest.run(
      [("60", tools.learn(data, "--rules", few)), ("1000", tools.learn(data, "--rules", many))], rounds: plan.rounds)
    Self.note(contest)
    figures.append(ratio("time with 1,000 rules to 60", contest, "1000", to: "60", most: 1.3))
  }

  private mutating func threads(_ data: DataFolder) throws {
    Self.note("one and two threads")
    var contest = Contest()
    var one = tools.learn(data, "-j", "1")
    var two = tools.learn(data, "-j", "2")
    one.output = folder.appending(path: "one").path
    two.output = folder.appending(path: "two").path
    try contest.run([("1", one), ("2", two)], rounds: plan.rounds)
    Self.note(contest)
    figures.append(ratio("time with one thread to two", contest, "1", to: "2"))
    try compare("output with one thread and with two", one, two)
  }

  private mutating func compare(_ name: String, _ first: ChildProgram, _ second: ChildProgram) throws {
    let isSame = FileManager.default.contentsEqual(atPath: first.output, andPath: second.output)
    figures.append(Figure(name: name, text: isSame ? "the same" : "differs", target: "the same", isMet: isSame))
    if !isSame { faults.append("\(name): differs") }
  }

  /// The second run over the same logs, and over one that has grown.
  private mutating func again(_ data: DataFolder) throws {
    guard !tools.cold.isEmpty else {
      figures.append(.missing("second run to the first", "nothing is kept between runs", target: "at most 3%"))
      return
    }
    Self.note("the second run")
    try? FileManager.default.removeItem(at: folder.appending(path: "kept"))
    var cold = tools.learn(data)
    cold.output = folder.appending(path: "cold").path
    var kept = cold
    kept.arguments.removeAll { tools.cold.contains($0) }
    kept.variables["XDG_CACHE_HOME"] = folder.appending(path: "kept").path
    kept.output = folder.appending(path: "warm").path
    var contest = Contest()
    contest.add(try kept.run(), for: "first")
    try contest.run([("cold", cold), ("second", kept)], rounds: plan.rounds)
    Self.note(contest)
    try compare("output cold and from what was kept", cold, kept)
    let share = contest.ratio("second", to: "cold")
    figures.append(
      Figure(
        name: "second run to the first", text: share.map { Figure.number(($0 * 10_000).rounded() / 100) + "%" } ?? "—",
        target: "at most 3%", isMet: share.map { $0 <= 0.03 }))
    // What the start costs is part of it: fewer sessions say nothing about a thousand.
    let processor = contest.processor("second")
    let isEnough = data.answers.files >= 1000
    figures.append(
      Figure(
        name: "processor time of the second run, \(data.answers.files) sessions", text: Figure.seconds(processor),
        target: "under 100 ms for 1,000", isMet: isEnough ? processor.map { $0 < 0.1 } : nil))
    if let first = contest.wall("first"), let cold = contest.wall("cold") {
      figures.append(.ratio("first run that keeps its results, to one that does not", first / cold))
    }
    try grown(data, kept, contest)
  }

  private mutating func grown(_ data: DataFolder, _ kept: ChildProgram, _ before: Contest) throws {
    var contest = before
    let names = data.logs.filter { !$0.contains("/subagents/") }
    for round in 0..<plan.rounds {
      guard !names.isEmpty else { return }
      let log = names[round * 7 % names.count]
      try DataFolder.oneself(["append", "--size", "1M", "--seed", "\(round + 100)", "--to", log]).run()
      contest.add(try kept.run(), for: "grown")
      // What was written just before it was read is read once more: the next round is not to pay for that.
      Thread.sleep(forTimeInterval: 0.2)
      _ = try kept.run()
    }
    guard let grown = contest.processor("grown"), let second = contest.processor("second"),
      let cold = contest.processor("cold")
    else { return }
    let megabyte = cold / (Double(data.answers.bytes) / 1e6)
    figures.append(
      Figure(
        name: "processor time after a session grew by 1 MB, beside an unchanged second run",
        text: "+" + Figure.seconds(max(0, grown - second)),
        target: "that of 1 MB (\(Figure.seconds(megabyte)))", isMet: grown - second <= max(megabyte * 1.5, 0.01)))
  }

  private mutating func slow(_ data: DataFolder) throws {
    Self.note("reading beside jq and Python, \(Self.size(data))")
    let others = tools.others(["jq", "python3 json.loads"], on: data)
    var contest = Contest()
    try contest.run([("learn", tools.learn(data))] + others, rounds: max(1, plan.rounds / 2))
    Self.note(contest)
    for name in ["jq", "python3 json.loads"] {
      let title = "time of `\(name)` to cold `learn`"
      figures.append(
        contest.wall(name) == nil
          ? .missing(title, "not installed") : ratio(title, contest, name, to: "learn"))
    }
  }

  /// The Python tool on the same files. It takes its time: fewer rounds have to do, each between runs of ours.
  private mutating func scan(_ data: DataFolder) throws {
    let title = "time of the Python tool's scan alone to cold `learn`"
    guard tools.scanner != nil else {
      return figures.append(.missing(title, "not installed: BENCH_PYTHON=install", target: "at least 15×"))
    }
    Self.note("the scan of the Python tool")
    var contest = Contest()
    for _ in 0..<max(1, plan.rounds / 3) {
      try contest.run([("learn", tools.learn(data))], rounds: 2)
      if let cost = try tools.scan(data) { contest.add(cost, for: "scan") }
      try contest.run([("learn", tools.learn(data))], rounds: 2)
    }
    Self.note(contest)
    let ratio = contest.wall("scan").flatMap { scan in contest.wall("learn").map { scan / $0 } }
    figures.append(.ratio(title, ratio, least: 15))
  }

  /// How time and memory grow with the data.
  private mutating func growth(_ small: DataFolder, _ main: DataFolder) throws {
    guard let size = plan.large else { return try growth(from: small, to: main) }
    Self.note("making \(size / 1_000_000) MB")
    let tenth = try DataFolder(size: size / 10, seed: plan.seed + 2, sessionSize: plan.sessionSize, below: folder)
    defer { tenth.remove() }
    let large = try DataFolder(size: size, seed: plan.seed + 3, sessionSize: plan.sessionSize, below: folder)
    defer { large.remove() }
    try growth(from: small, to: large)
    try memory(tenth, large)
  }

  private mutating func growth(from small: DataFolder, to large: DataFolder) throws {
    Self.note("from \(Self.size(small)) to \(Self.size(large))")
    var contest = Contest()
    try contest.run([("small", tools.learn(small)), ("large", tools.learn(large))], rounds: max(1, plan.rounds / 2))
    Self.note(contest)
    let scale = Double(large.answers.bytes) / Double(small.answers.bytes)
    figures.append(
      .ratio(
        "time for each GB, \(Self.size(large)) to \(Self.size(small))",
        contest.ratio("large", to: "small").map { $0 / scale }))
  }

  private mutating func memory(_ tenth: DataFolder, _ large: DataFolder) throws {
    let costs = (try tools.learn(tenth).run(), try tools.learn(large).run())
    let bound = 64 << 20 + large.answers.longestLine
    figures.append(
      Figure(
        name: "peak memory, \(Self.size(large))", text: Figure.megabytes(costs.1.peak),
        target: "at most \(Figure.megabytes(bound))", isMet: costs.1.peak <= bound))
    figures.append(
      .ratio(
        "peak memory, \(Self.size(large)) to \(Self.size(tenth))", Double(costs.1.peak) / Double(costs.0.peak),
        most: 1.1))
  }

  private mutating func start() throws {
    Self.note("the start")
    var contest = Contest()
    var version = tools.run(["--version"])
    version.output = folder.appending(path: "version").path
    var programs = [("version", version)]
    if let empty = try emptyProgram() { programs.append(("empty", empty)) }
    try contest.run(programs, rounds: plan.rounds * 6)
    figures.append(
      .ratio(
        "`headroom --version` to an empty Swift program with Foundation",
        contest.ratio("version", to: "empty"), most: 1.3))
    guard let python = tools.python else {
      figures.append(.missing("`headroom failures` on an empty home to `python3 -c pass`", "python3 is not installed"))
      return
    }
    let failures = accepting1(tools.run(["failures"]))
    let pass = ChildProgram(path: python, arguments: ["-c", "pass"])
    try contest.run([("failures", failures), ("python", pass)], rounds: plan.rounds * 6)
    Self.note(contest)
    figures.append(
      .ratio(
        "`headroom failures` on an empty home to `python3 -c pass`",
        contest.ratio("failures", to: "python"), most: 0.5))
  }

  /// nil when there is no compiler.
  private func emptyProgram() throws -> ChildProgram? {
    guard let compiler = ChildProgram.find("swiftc") else { return nil }
    let source = folder.appending(path: "empty.swift").path
    try "import Foundation\nprint(URL(filePath: \"/\").path)\n".write(toFile: source, atomically: true, encoding: .utf8)
    let program = folder.appending(path: "empty").path
    try ChildProgram(path: compiler, arguments: ["-O", source, "-o", program]).run()
    return ChildProgram(path: program, arguments: [])
  }

  private static func size(_ data: DataFolder) -> String {
    let megabytes = Double(data.answers.bytes) / 1e6
    return megabytes >= 1000
      ? Figure.number((megabytes / 100).rounded() / 10) + " GB" : "\(Int(megabytes.rounded())) MB"
  }
}
