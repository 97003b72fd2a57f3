import Foundation

/// Sessions of Claude Code that somebody else had a hand in: one value in every place that a rule may look at.
struct HostileLog {
  private var lines: [String] = []
  private let session: String
  private let project: String

  init(session: String, project: String) {
    self.session = session
    self.project = project
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  /// The value as a path, module, script, program, branch, variable, message, refusal, correction and tool.
  mutating func plant(_ value: String) {
    read(value, fails: "File does not exist. Note: your current working directory is \(project).")
    read("src/lost.py", fails: "File does not exist.")
    read(value + "/src/lost.py", fails: nil)
    shell("python3 app.py", "ModuleNotFoundError: No module named '\(value)'")
    shell("uv run python app.py", nil)
    shell("python3 app.py", "ImportError: cannot import name '\(value)' from '\(value)' (\(value))")
    shell("node app.js", "Error: Cannot find module '\(value)'\nRequire stack:\n- /home/dev/shop/app.js")
    shell("npm run \(value)", "npm ERR! Missing script: \"\(value)\"")
    shell("\(value) --version", "/bin/bash: line 1: \(value): command not found")
    shell("gh pr list", "/bin/bash: line 1: gh: command not found")
    shell(value, nil)
    shell("git checkout \(value)", "error: pathspec '\(value)' did not match any file(s) known to git")
    shell("ls \(value)", "ls: cannot access '\(value)': No such file or directory")
    shell("cat notes.txt", "\(value)\nError: \(value)\nfatal: \(value)")
    shell("make \(value)", "make: *** No rule to make target '\(value)'.  Stop.")
    shell("pytest -k x", "FAILED tests/\(value)::test_\(value) - KeyError: '\(value)'\n1 failed in 0.1s")
    shell(
      "rm x", "The user doesn't want to proceed with this tool use. The tool use was rejected. The user said:\n\(value)"
    )
    call("mcp__\(value)__get", ["id": value], "Error: \(value) is unknown")
    call("WebFetch", ["url": value, "prompt": value], "getaddrinfo ENOTFOUND \(value)")
  }

  /// The value where tools and pages may put it, and the agent did not.
  mutating func plantInOutputs(_ value: String) {
    shell("python3 app.py", "ModuleNotFoundError: No module named '\(value)'")
    shell("uv run python app.py", nil)
    shell("node app.js", "Error: Cannot find module '\(value)'\nRequire stack:\n- /home/dev/shop/app.js")
    shell("npm run build", "npm ERR! Missing script: \"\(value)\"")
    shell("./check.sh", "./check.sh: line 1: \(value): command not found")
    shell("make", "make: *** No rule to make target '\(value)'.  Stop.")
    shell("cargo test", "error: toolchain '\(value)' is not installed")
    shell("cat a.txt", "cat: \(value): No such file or directory")
    shell("./run", "Error: unknown command \"\(value)\" for \"run\"\nerror: unrecognized arguments: \(value)")
    shell("ssh web", "ssh: Could not resolve hostname \(value): Name or service not known")
    call("Skill", ["skill": "x"], "Unknown skill: \(value)")
    call("Task", ["subagent_type": "x"], "Agent type '\(value)' not found. Available agents: \(value)")
  }

  /// What a page makes of itself: single words too.
  mutating func plantInPages(_ value: String) {
    for output in [
      "ModuleNotFoundError: No module named '\(value)'", "bash: line 1: \(value): command not found",
      "Error: Cannot find module '\(value)'\nRequire stack:\n- /x/app.js",
    ] {
      shell("curl -s https://docs.example/install", output)
      call("WebFetch", ["url": "https://docs.example/x", "prompt": "read"], output)
      call("mcp__pages__get", ["id": "1"], output)
    }
  }

  mutating func shell(_ command: String, _ failure: String?) {
    call("Bash", ["command": command, "description": "Run it"], failure.map { "Exit code 1\n" + $0 }, succeeds: "done")
  }

  mutating func read(_ path: String, fails failure: String?) {
    call("Read", ["file_path": path], failure.map { "<tool_use_error>\($0)</tool_use_error>" }, succeeds: "1\tx = 1")
  }

  mutating func call(_ tool: String, _ input: [String: String], _ failure: String?, succeeds: String = "") {
    let id = "toolu_\(session)\(lines.count)"
    let usage = ["input_tokens": 100, "output_tokens": 50]
    add(
      "assistant",
      [
        "id": "msg_\(id)", "role": "assistant", "usage": usage,
        "content": [
          ["type": "tool_use", "id": id, "name": tool, "input": input] as [String: Any]
        ],
      ])
    var result: [String: Any] = ["type": "tool_result", "tool_use_id": id, "content": failure ?? succeeds]
    result["is_error"] = failure != nil
    add("user", ["role": "user", "content": [result]])
  }

  private mutating func add(_ type: String, _ message: [String: Any]) {
    let record: [String: Any] = [
      "type": type, "sessionId": session, "cwd": project, "message": message, "uuid": "u\(session)\(lines.count)",
      "timestamp": "2026-03-0\(1 + lines.count % 8)T10:00:00.000Z",
    ]
    guard let data = try? JSONSerialization.data(withJSONObject: record, options: [.withoutEscapingSlashes]) else {
      return
    }
    lines.append(String(decoding: data, as: UTF8.self))
  }
}

/// What the program said and left behind.
struct Traces {
  let folder: TemporaryFolder
  /// Standard output and error of each command.
  var printed: [(command: String, text: String)] = []

  init(
    planting values: [String], with plant: (inout HostileLog, String) -> Void = { $0.plant($1) }
  ) throws {
    folder = try TemporaryFolder()
    let program = try Program(in: folder)
    let project = folder.path + "/shop"
    try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
    for (index, value) in values.enumerated() {
      // Two sessions of their own: what is learned of one value does not hide behind another.
      for turn in 0..<2 {
        var log = HostileLog(session: "s\(index)-\(turn)", project: project)
        plant(&log, value)
        try folder.write(log.text, to: "claude/projects/-shop/s\(index)-\(turn).jsonl")
      }
    }
    let selection = ["--project", "shop", "--min-evidence", "1", "--budget", "1000000"]
    for command in [
      ["learn"] + selection, ["learn", "--format", "json"] + selection, ["learn", "--format", "markdown"] + selection,
      ["failures", "--project", "shop"], ["failures", "--project", "shop", "--format", "jsonl"],
      ["rules", "missed", "--project", "shop", "--rows", "10000"], ["learn", "--apply"] + selection,
      ["forget", "--list"],
    ] {
      let result = try program.run(command)
      printed.append((command.joined(separator: " "), result.output))
      printed.append((command.joined(separator: " ") + " (errors)", result.errors))
    }
    // A few of all lessons, written or left out.
    let ids = Set(printed[2].text.split(separator: "\"id\":\"").dropFirst().map { $0.prefix(8) }).sorted()
    for id in stride(from: 0, to: ids.count, by: max(1, ids.count / 4)).map({ ids[$0] }) {
      let result = try program.run(["explain", String(id), "--min-evidence", "1", "--budget", "1000000"])
      printed.append(("explain \(id)", result.output + result.errors))
    }
  }

  /// Every file but the logs themselves.
  func files() throws -> [String: String] {
    try folder.snapshot().filter {
      !$0.key.hasPrefix("claude/projects/-shop/") && $0.key != "claude" || $0.key.hasSuffix(".md")
    }
    .mapValues { String(decoding: $0, as: UTF8.self) }
  }
}
