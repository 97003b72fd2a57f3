internal import Foundation

/// The programs that are measured, as far as they are on this machine.
struct Tools {
  let headroom: String
  /// An interpreter itself, not one of the scripts that choose one.
  let python: String?
  /// An interpreter that has the Python tool.
  private(set) var scanner: String?
  private let folder: URL
  /// Options that make a run read everything.
  let cold: [String]

  /// - Parameter scanner: An interpreter that has the Python tool, or `install` to fetch it.
  /// - Throws: `ChildProgram.Fault` when the program is missing or the Python tool cannot be fetched.
  init(headroom: String, scanner: String?, folder: URL) throws {
    self.headroom = headroom
    self.folder = folder
    cold =
      try Self.printed(ChildProgram(path: headroom, arguments: ["help", "learn"]), in: folder)
      .contains("--no-cache") ? ["--no-cache"] : []
    python = try ChildProgram.find("python3").flatMap { shim in
      let code = ["-c", "import sys; print(sys.executable)"]
      return try Self.printed(ChildProgram(path: shim, arguments: code), in: folder)
        .split(separator: "\n").first.map(String.init)
    }
    let own = folder.appending(path: "venv/bin/python").path
    if scanner == "install", let python, !FileManager.default.isExecutableFile(atPath: own) {
      try ChildProgram(path: python, arguments: ["-m", "venv", folder.appending(path: "venv").path]).run()
      try ChildProgram(path: own, arguments: ["-m", "pip", "install", "-q", "headroom-ai"]).run()
    }
    let chosen = scanner == "install" ? own : scanner ?? own
    self.scanner = FileManager.default.isExecutableFile(atPath: chosen) ? chosen : nil
  }

  private static func printed(_ program: ChildProgram, in folder: URL) throws -> String {
    var program = program
    program.output = folder.appending(path: "printed").path
    try program.run()
    return try String(contentsOfFile: program.output, encoding: .utf8)
  }

  /// The program on some data, with a home of its own.
  func run(_ arguments: [String], on data: URL? = nil, cache: String = "cache") -> ChildProgram {
    let home = folder.appending(path: "home").path
    return ChildProgram(
      path: headroom, arguments: arguments,
      variables: [
        "HOME": home, "XDG_CACHE_HOME": folder.appending(path: cache).path, "XDG_STATE_HOME": home + "/state",
        "XDG_CONFIG_HOME": home + "/config", "CLAUDE_CONFIG_DIR": data?.path ?? home + "/claude",
      ])
  }

  /// `learn` over all projects, reading everything.
  func learn(_ data: DataFolder, _ more: String...) -> ChildProgram {
    run(["learn", "--all", "--agent", "claude"] + cold + more, on: data.url)
  }

  /// A rule file for `--rules` after which so many rules are in use.
  func layer(of count: Int) throws -> String {
    let file = folder.appending(path: "rules-\(count).yaml").path
    var program = run(["rules", "bench", "--layer", "\(count)"])
    program.output = file
    try program.run()
    return file
  }

  /// Programs of others that go through the same logs.
  func others(_ names: Set<String>, on data: DataFolder) -> [(name: String, program: ChildProgram)] {
    let all: [(name: String, path: String?, arguments: [String])] = [
      ("wc -l", ChildProgram.find("wc"), ["-l"]),
      ("rg -c", ChildProgram.find("rg"), ["-c", "\"is_error\":true"]),
      ("jq", ChildProgram.find("jq"), ["-c", "select(.type == \"user\") | .uuid"]),
      ("python3 json.loads", python, ["-c", Self.jsonLoads]),
    ]
    return all.compactMap { name, path, arguments in
      guard let path, names.contains(name) else { return nil }
      return (name, ChildProgram(path: path, arguments: arguments + data.logs))
    }
  }

  /// What the scan of the Python tool costs, without the start of the interpreter: seconds by the clock.
  func scan(_ data: DataFolder) throws -> Cost? {
    guard let scanner else { return nil }
    var program = ChildProgram(path: scanner, arguments: ["-c", Self.pythonScan, data.url.path])
    program.output = folder.appending(path: "scanned").path
    var cost = try program.run()
    let printed = try String(contentsOfFile: program.output, encoding: .utf8)
    cost.wall = printed.split(separator: " ").first.flatMap { Double($0) } ?? cost.wall
    return cost
  }

  private static let jsonLoads = """
    from json import loads
    from sys import argv
    for name in argv[1:]:
        with open(name, "rb") as log:
            for line in log:
                loads(line)
    """

  private static let pythonScan = """
    from pathlib import Path
    from sys import argv
    from time import perf_counter
    from headroom.learn.plugins.claude import ClaudeCodePlugin
    plugin = ClaudeCodePlugin(Path(argv[1]))
    begin = perf_counter()
    calls = sum(len(session.tool_calls) for project in plugin.discover_projects()
                for session in plugin.scan_project(project))
    print(perf_counter() - begin, calls)
    """
}
