import Foundation
import Testing

/// Refining as a whole: what asks for it, and what a provider sees.
struct RefineTests {
  private static var provider: String? { ProcessInfo.processInfo.environment["FAKE_PROVIDER"] }

  #if Network
    /// Every kind of answer, from every provider. The provider that plays them is not part of this repository: it needs
    /// the providers' SDKs, which check each request. Where it is missing the test says so.
    @Test(.enabled(if: provider != nil, "it takes minutes: set FAKE_PROVIDER, or `make scenarios`"))
    func everyScenarioHolds() throws {
      let binary = try Program().file.path
      var python = try Program()
      python.file = URL(filePath: "/usr/bin/env")
      python.variables = ProcessInfo.processInfo.environment
      let script = Repository.root.appending(path: "Tests/Scenarios/refine.py").path
      let result = try python.run("python3", script, binary)
      #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
  #endif

  private let folder: TemporaryFolder
  private var program: Program

  init() throws {
    folder = try TemporaryFolder()
    program = try Program(in: folder)
    program.variables["CLAUDE_CONFIG_DIR"] = Repository.fixtures.appending(path: "claude/demo/home").path
    program.variables["XDG_CACHE_HOME"] = folder.path + "/cache"
    // Whoever answers there was asked.
    program.variables["HEADROOM_BASE_URL"] = "http://127.0.0.1:1/v1"
    program.variables["HEADROOM_TIMEOUT"] = "5"
  }

  private func learn(_ arguments: [String] = [], with variables: [String: String] = [:]) throws -> Program.Result {
    var program = program
    program.variables.merge(variables) { $1 }
    return try program.run(["learn", "--all", "--format", "markdown"] + arguments)
  }

  #if Network
    @Test func nothingIsSentUnlessAskedFor() throws {
      let plain = try learn()
      #expect(plain.errors.isEmpty)
      let hinted = try learn(with: ["OPENAI_API_KEY": "k"])
      #expect(hinted.output == plain.output && hinted.errors.contains("nothing was sent; --refine"))
      for variables in [["HEADROOM_OFFLINE": "1"], [:]] {
        let arguments = ["--refine", "--model", "x"] + (variables.isEmpty ? ["--offline"] : [])
        let result = try learn(arguments, with: variables)
        #expect(result.output == plain.output && !result.errors.contains("sending"))
      }
      #expect(try folder.snapshot().isEmpty)
    }

    @Test(arguments: [["--model", "x"], ["--refine"], []])
    func whatFailsLeavesTheLinesOfTheRules(_ arguments: [String]) throws {
      let plain = try learn(["--offline"])
      let result = try learn(arguments, with: arguments.contains("--model") ? [:] : ["HEADROOM_MODEL": "x"])
      #expect(result.status == 0 && result.output == plain.output)
      #expect(result.errors.contains(" drafts, about "))
      #expect(result.errors.contains("to 127.0.0.1:1, model x\n"))
      #expect(result.errors.contains("is not refined, its lines are those of the rules: no answer from 127.0.0.1:1"))
    }

    @Test func promptIsShownAndNotSent() throws {
      let result = try learn(["--show-prompt", "--model", "x"], with: ["HEADROOM_API_KEY": "k-e-y"])
      #expect(result.status == 0 && result.errors.isEmpty)
      #expect(result.output.hasPrefix("POST http://127.0.0.1:1/v1/chat/completions\n"))
      #expect(result.output.contains("authorization: [secret]\n") && !result.output.contains("k-e-y"))
      #expect(result.output.contains("docker compose exec db psql"))
      #expect(try learn(["--show-prompt"], with: ["HEADROOM_BASE_URL": ""]).status == 1)
      #expect(try learn(["--show-prompt", "--apply"]).status == 2)
    }

    @Test func aKeptAnswerIsUsedAndExplained() throws {
      let prompt = try learn(["--show-prompt", "--model", "x"])
      #expect(prompt.status == 0)
      // The name of the file is the key of the drafts: taken from what a run of the same drafts leaves behind.
      let python = try Self.answering(
        #"{"refinements": [{"action": "reword", "ids": ["r-251b38"], "text": "`gh` isn't installed"}, {"action": "reword", "ids": ["r-f7b52f"], "text": "Use sudo"}]}"#
      )
      // What is started from a thread of the tests does not hear SIGTERM.
      defer { kill(python.process.processIdentifier, SIGKILL) }
      let address = ["HEADROOM_BASE_URL": "http://127.0.0.1:\(python.port)/v1"]
      let first = try learn(["--model", "x"], with: address)
      #expect(first.output.contains("- `gh` isn't installed\n"), "\(first)")
      // Nobody answers at the other address.
      let second = try learn(["--model", "x"])
      #expect(second.output == first.output && second.errors.isEmpty)
      let accepted = try program.run("explain", "r-251b38")
      #expect(accepted.output.contains("worded by a model; the rules wrote: `gh` is not installed here"))
      let refused = try program.run("explain", "r-f7b52f")
      #expect(refused.output.contains("a model's `reword` was not taken: `sudo` does not occur in the drafts"))
      #expect(try learn(["--offline"]).output.contains("- `gh` is not installed here\n"))
      // Only words and order differ: what the lines guard against, what they rest on and where they go does not.
      let rules = try lessons(learn(["--offline", "--format", "json"]))
      let model = try lessons(learn(["--model", "x", "--format", "json"]))
      #expect(rules.count > 4 && rules == model)
    }

    /// What a model has no say in, by the ids of the lessons.
    private func lessons(_ result: Program.Result) throws -> [String: NSDictionary] {
      let record = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let projects = try #require(record["projects"] as? [[String: Any]])
      let lines = projects.flatMap { $0["recommendations"] as? [[String: Any]] ?? [] }
      return Dictionary(
        lines.map { line in
          let own = line.filter { !["content", "origin", "refused", "told_with"].contains($0.key) }
          return (line["id"] as? String ?? "", own as NSDictionary)
        }, uniquingKeysWith: { first, _ in first })
    }

    /// Python's own server, with one answer for everyone.
    private static func answering(_ text: String) throws -> (process: Process, port: Int) {
      let content = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [
        "python3", "-c",
        """
        import http.server, sys
        class Answer(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            body = sys.argv[1].encode()
            self.send_response(200); self.send_header("content-length", str(len(body))); self.end_headers()
            self.wfile.write(body)
          def log_message(self, *_): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        print(server.server_port, flush=True)
        server.serve_forever()
        """, #"{"choices": [{"message": {"content": \#(content)}, "finish_reason": "stop"}]}"#,
      ]
      process.standardOutput = output
      try process.run()
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      return (process, try #require(Int(line.filter(\.isNumber))))
    }
  #else
    @Test func aBuildWithoutNetworkCodeSaysSo() throws {
      for arguments in [["--refine"], ["--model", "x"], ["--show-prompt"]] {
        let result = try learn(arguments)
        #expect(result.status == 1 && result.errors.contains("holds no network code"))
      }
      #expect(try learn(with: ["HEADROOM_MODEL": "x"]).status == 0)
    }
  #endif

  @Test(arguments: [
    ("model: [a]\n", "config.yaml:1:8: `model` is a text"), ("\nmodle: x\n", "config.yaml:2:1: unknown key `modle`"),
    ("offline: maybe\n", "config.yaml:1:10: `offline` is true or false"),
    ("a: b: c\n", "config.yaml:1:5: this is not YAML"),
    ("model: a\nmodel: b\n", "config.yaml:1:1: key `model`"),
    ("- model\n", "config.yaml:1:1: the configuration is a list"),
  ])
  func aBrokenConfigurationNamesItsPlace(_ text: String, _ message: String) throws {
    try folder.write(text, to: "config/headroom/config.yaml")
    let result = try learn()
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func theConfigurationAsks() throws {
    try folder.write("model: openai/x\nbase_url: http://127.0.0.1:1/own\n", to: "config/headroom/config.yaml")
    #if Network
      let variables = ["HEADROOM_BASE_URL": "", "OPENAI_API_KEY": "k"]
      #expect(try learn(with: variables).errors.contains("to 127.0.0.1:1, model x"))
      #expect(try learn(with: variables.merging(["HEADROOM_MODEL": "openai/y"]) { $1 }).errors.contains("model y"))
    #endif
    try folder.write("# nothing\n", to: "config/headroom/config.yaml")
    #expect(try learn().errors.isEmpty)
    try folder.write("model: x\noffline: yes\n", to: "config/headroom/config.yaml")
    #expect(try learn().errors.isEmpty)
  }
}
