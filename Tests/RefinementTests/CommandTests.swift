import Foundation
import Recommendations
import Testing

@testable import Refinement

/// Agents' commands, played by shell scripts.
struct CommandTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "headroom-commands-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func ask(_ name: String, script: String, timeout: String = "20") throws -> Result<
    RefinementAnswer, RefinementFailure
  > {
    let program = folder.appending(path: name.split(separator: "-")[0])
    let text = """
      #!/bin/sh
      case " $* " in
        *" --help "*) echo "--tools --setting-sources --no-session-persistence --strict-mcp-config --ephemeral"
          echo "--sandbox --ignore-user-config --output-schema --output-format"; exit ;;
      esac
      printf '%s\\n' "$@" > "\(folder.path)/arguments"
      cat > "\(folder.path)/input"
      pwd > "\(folder.path)/place"
      echo "$GEMINI_CLI_HOME" > "\(folder.path)/home"
      \(script)
      """
    try text.write(to: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let variables = ["PATH": folder.path + ":/usr/bin:/bin", "HEADROOM_TIMEOUT": timeout]
    let choice = try ModelChoice(named: name, baseURL: nil, variables: variables)
    let server = ScriptedServer([.fault(.unusable)])
    let refiner = ModelRefiner(choice, variables: variables, client: server, clock: server.clock) { _ in }
    return Result { () throws(RefinementFailure) in try refiner.answer(to: samplePrompt()) }
  }

  private func note(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  private static let quoted = String(decoding: JSON.text(goodAnswer).bytes, as: UTF8.self)

  @Test(arguments: [
    ("claude-cli", #"{"type":"result","is_error":false,"result":"","structured_output":\#(goodAnswer)}"#),
    ("claude-cli", #"{"type":"result","is_error":false,"result":\#(quoted)}"#),
    ("codex-cli", #"{"type":"item.completed","item":{"type":"agent_message","text":\#(quoted)}}"#),
    ("gemini-cli", #"{"response":\#(quoted),"stats":{}}"#),
  ])
  func readsTheAnswer(_ name: String, _ line: String) throws {
    let answer = try ask(
      name,
      script: "cat <<'END'\n{\"type\":\"system\"}\n\(line)\nEND".replacing(
        "{\"type\":\"system\"}\n", with: name == "gemini-cli" ? "" : "{\"type\":\"system\"}\n"))
    #expect(answer.refinements == goodRefinements, "\(answer)")
    #expect(try note("input").contains("`gh` is not installed here"))
    // Not in a project, whose files the agent would read.
    #expect(try !note("place").contains(FileManager.default.currentDirectoryPath))
    let arguments = try note("arguments")
    switch name {
    case "claude-cli":
      #expect(arguments.contains("--tools\n\n") && arguments.contains("--setting-sources\n\n"))
      #expect(arguments.contains("--no-session-persistence\n"))
    case "codex-cli": #expect(arguments.contains("--ephemeral\n") && arguments.contains("--sandbox\nread-only\n"))
    default:
      #expect(arguments.contains("--output-format\njson\n"))
      #expect(try note("home") == note("place"))
    }
  }

  @Test(arguments: [
    (
      "claude-cli", #"echo '{"type":"result","subtype":"success","is_error":true,"result":"API Error: 529"}'; exit 1"#,
      "529"
    ),
    ("codex-cli", #"echo '{"type":"turn.failed","error":{"message":"no login"}}'; exit 1"#, "no login"),
    ("gemini-cli", #"echo '{"error":{"message":"quota"}}'; exit 1"#, "quota"),
    ("gemini-cli", "echo 'bad flag' >&2; exit 42", "ended with 42: bad flag"), ("claude-cli", "exit 0", "says nothing"),
    ("claude-cli", "kill -9 $$", "ended with 9"),
    ("codex-cli", #"echo '{"type":"item.completed","item":{"type":"agent_message","text":"hm"}}'"#, "not the JSON"),
  ])
  func failuresAreReported(_ name: String, _ script: String, _ part: String) throws {
    #expect(try ask(name, script: script).reason.contains(part))
  }

  @Test func whatHangsIsEnded() throws {
    #expect(try ask("claude-cli", script: "sleep 600", timeout: "1").reason.contains("`claude`"))
    let talking = "trap '' TERM; while :; do echo '{}'; sleep 0.1; done"
    #expect(try ask("claude-cli", script: talking, timeout: "1").reason.contains("within 1 s"))
    #expect(try ask("claude-cli", script: "yes | head -c 20000000").reason.contains("8 MiB"))
  }

  @Test func whatIsStartedHearsSignals() throws {
    let line = #"{"type":"result","is_error":false,"result":\#(Self.quoted)}"#
    let script = "sh -c 'kill -TERM $$; sleep 5' || cat <<'END'\n\(line)\nEND"
    #expect(try ask("claude-cli", script: script, timeout: "4").refinements == goodRefinements)
  }

  @Test func anOldVersionIsNotCalled() throws {
    let program = folder.appending(path: "claude")
    try "#!/bin/sh\necho '--tools only'\n".write(to: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let variables = ["PATH": folder.path]
    let choice = try ModelChoice(named: "claude-cli", baseURL: nil, variables: variables)
    let failure = #expect(throws: RefinementFailure.self) {
      try AgentCommand(choice, variables: variables).answer(to: samplePrompt(), within: 5)
    }
    #expect(failure?.description.contains("update it") == true)
    let missing = #expect(throws: RefinementFailure.self) {
      try AgentCommand(choice, variables: ["PATH": "/nonexistent"]).answer(to: samplePrompt(), within: 5)
    }
    #expect(missing?.description.contains("no `claude` in PATH") == true)
  }
}
