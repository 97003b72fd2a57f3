import Foundation
import TestSupport
import Testing

/// The file of the cache, whatever became of it: the program says the same, and warns once at most.
struct CacheFileTests {
  private let folder: TemporaryFolder
  private let program: Program
  private let arguments = ["learn", "--all", "--agent", "claude", "--format", "json"]

  init() throws {
    folder = try TemporaryFolder()
    program = try Program(in: folder)
    let home = Fixture("claude/demo").folder.appending(path: "home")
    for path in try Repository.files(below: home) {
      try folder.write(try Data(contentsOf: home.appending(path: path)), to: "claude/" + path)
    }
  }

  private var cache: String { "cache/headroom/sessions.sqlite" }
  private var log: String {
    get throws { try #require(try Repository.files(below: folder.url).first { $0.hasSuffix(".jsonl") }) }
  }

  /// What changed a moment ago is read again in any case.
  private func settle() { Thread.sleep(forTimeInterval: 0.15) }

  private func setMode(_ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path + "/" + cache)
  }

  private func expected() throws -> String { try program.run(arguments + ["--no-cache"]).output }

  private func check(warns: Bool, _ location: SourceLocation = #_sourceLocation) throws {
    let result = try program.run(arguments)
    #expect(result.status == 0, sourceLocation: location)
    #expect(try result.output == expected(), sourceLocation: location)
    #expect(
      result.errors.split(separator: "\n").count == (warns ? 1 : 0), "\(result.errors)", sourceLocation: location)
  }

  @Test func onlyTheUserMayReadIt() throws {
    #expect(try program.run(arguments + ["--no-cache"]).status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/cache"))
    try check(warns: false)
    for (path, mode) in [("cache/headroom", 0o700), (cache, 0o600)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + path)
      #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
    }
    #expect(try Repository.entries(of: folder.url.appending(path: "cache/headroom")) == ["sessions.sqlite"])
  }

  @Test func aVariableTurnsItOff() throws {
    var program = program
    program.variables["HEADROOM_NO_CACHE"] = "1"
    #expect(try program.run(arguments).output == expected())
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/cache"))
  }

  @Test func everyCommandSaysTheSame() throws {
    settle()
    let place = ["--all", "--agent", "claude"]
    for command in [
      ["learn"], ["learn", "--main-only"], ["learn", "--since", "2026-03-03"], ["failures", "--format", "jsonl"],
      ["failures", "--ignore-flags"], ["failures"], ["explain", "r-273384"], ["foresight", "--lines"],
      ["learn", "-j", "1"], ["learn", "-j", "2"], ["learn", "--min-evidence", "1"],
    ] {
      let alone = try program.run(command + place + ["--no-cache"])
      for _ in 0..<2 {
        let result = try program.run(command + place)
        #expect(result.output == alone.output && result.errors == alone.errors, "\(command)")
      }
    }
  }

  @Test func deletedShrunkAndTouchedLogsAreNoticed() throws {
    settle()
    try check(warns: false)
    let path = try log
    let whole = try folder.data(path)
    // The same size, the same time of change: only the system knows.
    let date = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + path)[.modificationDate]
    var other = whole
    other.replaceSubrange(whole.count - 200..<whole.count, with: Data(repeating: 32, count: 200))
    let handle = try FileHandle(forWritingTo: folder.url.appending(path: path))
    try handle.write(contentsOf: other)
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: date as Any], ofItemAtPath: folder.path + "/" + path)
    try check(warns: false)
    try folder.write(whole.prefix(whole.count / 2), to: path)
    try check(warns: false)
    try folder.write(whole, to: path)
    try check(warns: false)
    settle()
    try check(warns: false)
    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: folder.path + "/" + path)
    try check(warns: false)
    try FileManager.default.removeItem(atPath: folder.path + "/" + path)
    try check(warns: false)
    try check(warns: false)
  }

  @Test func damageIsNoticed() throws {
    settle()
    try check(warns: false)
    let whole = try folder.data(cache)
    let expected = try expected()
    var random = SplitMix64(seed: 4)
    for round in 0..<rounds(60) {
      var bytes = whole
      switch round % 4 {
      case 0: bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
      case 1:
        let start = Int.random(in: 0..<bytes.count - 64, using: &random)
        bytes.replaceSubrange(start..<start + 64, with: (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) })
      default:
        for _ in 0..<[1, 20][round % 2] {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
      }
      try folder.write(bytes, to: cache)
      for _ in 0..<2 {
        let result = try program.run(arguments)
        #expect(result.status == 0 && result.output == expected, "round \(round)")
        #expect(result.errors.split(separator: "\n").count <= 1, "\(result.errors)")
      }
    }
  }

  @Test func whatIsNotTheCacheIsPutAside() throws {
    for text in ["hello, I am a text file that is longer than the head of a database".repeated(10), "x"] {
      try folder.write(text, to: cache)
      try setMode(0o600)
      try check(warns: true)
      #expect(try folder.text(cache + ".aside") == text)
      try check(warns: false)
    }
    // Others could have written it.
    try setMode(0o666)
    try check(warns: true)
    try check(warns: false)
    // A link may lead anywhere.
    try FileManager.default.removeItem(atPath: folder.path + "/" + cache)
    try folder.write("precious", to: "elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/" + cache, withDestinationPath: folder.path + "/elsewhere")
    try check(warns: true)
    #expect(try folder.text("elsewhere") == "precious")
  }

  @Test func aLaterVersionIsPutAside() throws {
    try check(warns: false)
    // The version stands in bytes 60 to 63 of the head, the number of the program in 68 to 71.
    for place in [63, 70] {
      var bytes = try folder.data(cache)
      bytes[place] += 1
      try folder.write(bytes, to: cache)
      try setMode(0o600)
      try check(warns: true)
      try check(warns: false)
    }
  }

  @Test func aFolderThatCannotBeMadeIsSaid() throws {
    try folder.write("", to: "cache")
    try check(warns: true)
  }

  /// A file that may not grow stands for a full disk.
  @Test func aFullDiskIsSaid() throws {
    var full = program
    full.prefix = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 24; exec \"$0\" \"$@\""]
    let arguments = ["learn", "--all", "--agent", "claude", "--format", "markdown"]
    let result = try full.run(arguments)
    #expect(try result.status == 0 && result.output == program.run(arguments + ["--no-cache"]).output)
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains("this run goes on without it"))
    try check(warns: false)
    try check(warns: false)
  }

  @Test func runsAtTheSameTimeDoNotMeet() async throws {
    let expected = try expected()
    for _ in 0..<3 {
      try? FileManager.default.removeItem(atPath: folder.path + "/cache")
      let results = await withTaskGroup(of: Program.Result?.self) { group in
        for _ in 0..<6 { group.addTask { try? program.run(arguments) } }
        return await group.reduce(into: [Program.Result?]()) { $0.append($1) }
      }
      for result in results { #expect(result?.output == expected && result?.errors == "") }
    }
  }

  /// Over real logs, laid out by agent as `claude/NAME`: with HEADROOM_CORPUS naming the folder.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["HEADROOM_CORPUS"] != nil))
  func realLogsSayTheSame() throws {
    let corpus = try #require(ProcessInfo.processInfo.environment["HEADROOM_CORPUS"])
    let homes = [
      "claude": "CLAUDE_CONFIG_DIR", "codex": "CODEX_HOME", "gemini": "GEMINI_CLI_HOME", "opencode": "XDG_DATA_HOME",
    ]
    for (agent, variable) in homes.sorted(by: { $0.key < $1.key }) {
      for name in try Repository.entries(of: URL(filePath: corpus + "/" + agent)) {
        var program = program
        program.variables[variable] = "\(corpus)/\(agent)/\(name)"
        for command in [["learn", "--format", "json"], ["failures", "--format", "jsonl"]] {
          let words = command + ["--all", "--agent", agent]
          let alone = try program.run(words + ["--no-cache", "-j", "1"])
          for threads in ["1", "2"] {
            let result = try program.run(words + ["-j", threads])
            #expect(result.output == alone.output && result.errors == alone.errors, "\(agent)/\(name): \(command)")
          }
        }
      }
    }
  }
}

extension String {
  fileprivate func repeated(_ times: Int) -> String { String(repeating: self, count: times) }
}
