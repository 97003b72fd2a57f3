import Foundation
import MarkerBlock
import Synchronization
import Testing

/// The real program, many at once and killed at any moment. `make stress` does more of it, with the optimized program.
@Suite("Under stress", .serialized)
struct StressTests {
  /// How many runs there are in all, and how many are killed.
  private static let rounds = Int(ProcessInfo.processInfo.environment["HEADROOM_STRESS"] ?? "") ?? 16

  private let folder: TemporaryFolder
  private let program: Program
  private var file: String { folder.path + "/shop/CLAUDE.md" }

  init() throws {
    folder = try TemporaryFolder()
    var program = try Program(in: folder)
    if let path = ProcessInfo.processInfo.environment["HEADROOM_PROGRAM"] { program.file = URL(filePath: path) }
    self.program = program
    for session in 0..<2 {
      var log = HostileLog(session: "s\(session)", project: folder.path + "/shop")
      // Lines that differ in two values stay lines of their own.
      for number in 0..<8 {
        log.shell("python3.\(number) app.py", "ModuleNotFoundError: No module named 'module_\(number)'")
      }
      try folder.write(log.text, to: "claude/projects/-shop/s\(session).jsonl")
    }
    try folder.write("# Shop\n", to: "shop/CLAUDE.md")
  }

  /// Writes so many of eight lines of equal length, so that a run which differs from the one before has work to do.
  private func arguments(lines: Int) -> [String] {
    ["learn", "--project", "shop", "--apply", "--budget", "\(lines * 13)"]
  }

  private func block() throws -> BlockDocument { BlockDocument(parsing: Array(try folder.data("shop/CLAUDE.md"))) }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self.folder.path + folder).sorted()
  }

  @Test func eightProcessesAndSomeoneWhoAppendsLoseNoLine() async throws {
    let appender = Appender(file)
    let appending = Task.detached { appender.run() }
    let written = try await withThrowingTaskGroup(of: Int.self) { group in
      for process in 0..<8 {
        group.addTask { [self] in
          var written = 0
          for round in 0..<max(1, Self.rounds / 8) {
            let result = try program.run(arguments(lines: 1 + (process + round) % 8))
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            if result.output.contains("updated") { written += 1 }
          }
          return written
        }
      }
      return try await group.reduce(0, +)
    }
    appender.stop()
    let added = await appending.value
    let lines = try folder.text("shop/CLAUDE.md").split(separator: "\n").map(String.init)
    let theirs = lines.filter { $0.hasPrefix("theirs ") }
    #expect(theirs.count == added && Set(theirs) == Set((0..<added).map { "theirs \($0)" }), "lost or doubled")
    #expect(lines.first == "# Shop" && added > 10 && written > 8)
    #expect(try block().blockCount == 1 && block().notes.isEmpty)
    #expect(try names(in: "/shop") == ["CLAUDE.md"])
    // What is on record fits the file: the next runs find nothing that a person might have done.
    let last = try program.run(arguments(lines: 8))
    #expect(try block().sections.flatMap(\.lines).count == 8, "\(last.output)")
    #expect(try program.run(["forget", "--list"]).output.isEmpty)
    #expect(try program.run(arguments(lines: 8)).output.contains("unchanged"))
  }

  @Test func aRunThatIsKilledLeavesTheOldOrTheNewFile() throws {
    // How long a run takes here, to kill at any time of it.
    let start = ContinuousClock.now
    _ = try program.run(arguments(lines: 8))
    let duration = ContinuousClock.now - start
    var versions: Set<Data> = [try folder.data("shop/CLAUDE.md")]
    for lines in 1...8 {
      _ = try program.run(arguments(lines: lines))
      versions.insert(try folder.data("shop/CLAUDE.md"))
    }
    #expect(versions.count > 4)
    var random = SystemRandomNumberGenerator()
    for round in 0..<Self.rounds {
      let process = try program.start(arguments(lines: 1 + round % 8))
      Thread.sleep(forTimeInterval: duration / .seconds(1) * Double.random(in: 0...1.1, using: &random))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(versions.contains(try folder.data("shop/CLAUDE.md")), "round \(round)")
    }
    let last = try program.run(arguments(lines: 8))
    #expect(last.status == 0, "\(last.output)\(last.errors)")
    #expect(try block().sections.flatMap(\.lines).count == 8)
    #expect(try names(in: "/shop") == ["CLAUDE.md"])
    #expect(try names(in: "/state/headroom/undo").filter { $0.hasSuffix(".pending") } == [])
  }
}

/// Opens the file, adds a line and closes it again, as a shell does with `>>`.
private final class Appender: Sendable {
  private let path: String
  private let isDone = Atomic(false)

  init(_ path: String) { self.path = path }

  func stop() { isDone.store(true, ordering: .relaxed) }

  /// - Returns: How many lines were added.
  func run() -> Int {
    var count = 0
    while !isDone.load(ordering: .relaxed) {
      let file = unsafe open(path, O_WRONLY | O_APPEND)
      if file >= 0 {
        let line = Array("theirs \(count)\n".utf8)
        if unsafe write(file, line, line.count) == line.count { count += 1 }
        close(file)
      }
      usleep(20_000)
    }
    return count
  }
}
