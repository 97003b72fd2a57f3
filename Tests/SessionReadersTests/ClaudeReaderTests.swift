import Foundation
import SessionModel
import Testing

@testable import SessionReaders

@Suite struct ClaudeReaderTests {
  @Test func aCallIsJoinedWithItsResult() throws {
    var log = ClaudeLog()
    log.call("a", "Bash", ["command": "npm tset"])
    log.result("a", "Exit code 127\nsh: npm: not found", isError: true)
    let reading = try log.read()
    let call = try #require(reading["a"])
    #expect(call.tool == .shell)
    #expect(call.toolName == "Bash")
    #expect(call.input.text == "npm tset")
    #expect(call.outcome == .failed)
    #expect(call.exitStatus == 127)
    #expect(call.output == "Exit code 127\nsh: npm: not found")
    #expect(call.location.line == 1)
    #expect(call.resultLine == 2)
    #expect(call.workingDirectory == "/work/shop")
    #expect(
      reading.summary.session
        == SessionInfo(
          id: "s1", workingDirectory: "/work/shop", firstSeen: "2026-03-01T10:00:10.000Z",
          lastSeen: "2026-03-01T10:00:11.000Z"))
    #expect(reading.summary.issues.isEmpty)
  }

  @Test(arguments: [
    ("Exit code 1\nboom", nil, Outcome.failed), ("<tool_use_error>File does not exist.</tool_use_error>", nil, .failed),
    ("The user doesn't want to proceed with this tool use. The tool use was rejected", nil, .rejected),
    ("[Request interrupted by user for tool use]", nil, .rejected), ("User rejected tool use", nil, .rejected),
    ("Sibling tool call errored", nil, .cancelled),
    ("Cancelled: parallel tool call Bash(make) errored", nil, .cancelled),
    ("This command requires approval", nil, .blocked), ("PreToolUse:Bash hook error: no", nil, .blocked),
    ("anything", "permission-rule", .blocked), ("anything", "automode-blocked", .blocked),
    ("anything", "user-rejected", .rejected),
    ("Permission to use Bash has been denied.", "user-rejected", .blocked),
    ("The user wants to clarify these questions", nil, .succeeded),
    ("Exit code 1\nlog: User rejected tool use", nil, .failed),
  ])
  func errorsAreToldApart(text: String, denial: String?, expected: Outcome) throws {
    var log = ClaudeLog()
    log.call("a")
    log.result("a", text, isError: true, fields: denial.map { ["toolDenialKind": $0] } ?? [:])
    #expect(try log.read().outcomes == ["a": expected])
  }

  @Test func aWordOfFailureIsNoFailure() throws {
    var log = ClaudeLog()
    log.call("a")
    log.result("a", "Exit code 1\nError: this was only shown")
    log.call("b")
    log.result("b", "Error", isError: false)
    #expect(try log.read().outcomes == ["a": .succeeded, "b": .succeeded])
  }

  @Test func feedbackIsKept() throws {
    var log = ClaudeLog()
    log.call("a")
    log.result(
      "a", "The user doesn't want to proceed with this tool use. To tell you how to proceed, the user said:\nuse pnpm",
      isError: true)
    #expect(try log.read()["a"]?.feedback == "use pnpm")
  }

  @Test func contentComesInEveryForm() throws {
    var log = ClaudeLog()
    log.call("a")
    log.result(
      "a",
      [["type": "text", "text": "one"], ["type": "image", "source": ["data": "…"]], ["type": "text", "text": "two"]])
    log.call("b")
    log.result("b", ["text": "three"])
    log.call("c")
    log.result("c", NSNull())
    log.call("d")
    log.result("d", [Any]())
    log.call("e")
    log.result("e", 7)
    let reading = try log.read()
    #expect(reading.calls.map(\.output) == ["one\ntwo", "three", "", "", ""])
  }

  @Test func wrappersAndEscapesAreTakenOff() throws {
    var log = ClaudeLog()
    log.call("a", "Read", ["file_path": "/a/b"])
    log.result("a", "<tool_use_error>\u{1B}[31mFile does not exist.\u{1B}[0m</tool_use_error>", isError: true)
    log.call("b", "Read", ["file_path": "/a/b"])
    log.result(
      "b", "text\n\n<system-reminder>be careful</system-reminder>\n<system-reminder>really</system-reminder>\n")
    log.call("c", "Read", ["file_path": "/a/b"])
    log.result("c", "<system-reminder>Warning: the file is empty.</system-reminder>")
    #expect(
      try log.read().calls.map(\.output) == [
        "File does not exist.", "text", "<system-reminder>Warning: the file is empty.</system-reminder>",
      ])
  }

  @Test func aCallCountsOnceHoweverOftenItIsRepeated() throws {
    var log = ClaudeLog()
    log.call("a", message: "m")
    log.call("a", message: "m")
    log.result("a", "first", isError: true)
    log.result("a", "second")
    log.call("a", message: "m")
    log.result("a", "third")
    let reading = try log.read()
    #expect(reading.calls.map(\.output) == ["first"])
    #expect(reading.summary.openCalls.isEmpty)
    #expect(reading.summary.looseResults.isEmpty)
  }

  @Test func resultsInAnotherOrderFindTheirCalls() throws {
    var log = ClaudeLog()
    log.call("a", "Bash", ["command": "one"])
    log.call("b", "Bash", ["command": "two"])
    log.call("c", "Bash", ["command": "three"])
    log.result("c", "3")
    log.result("a", "1")
    log.result("b", "2")
    let reading = try log.read()
    #expect(reading.calls.map { "\($0.input.text)=\($0.output)" } == ["three=3", "one=1", "two=2"])
  }

  @Test func callsAndResultsWithoutTheirOtherHalfAreKept() throws {
    var log = ClaudeLog()
    log.call("open", "Bash", ["command": "sleep 9"])
    log.result("loose", "Exit code 2\nx", isError: true)
    let summary = try log.read().summary
    #expect(summary.openCalls.map(\.id) == ["open"])
    #expect(summary.openCalls.first?.outcome == .missing)
    #expect(summary.looseResults.map(\.id) == ["loose"])
    #expect(summary.looseResults.first?.outcome == .failed)
    #expect(summary.looseResults.first?.exitStatus == 2)
  }

  /// Both halves are handed on, so that they are joined like those of two files.
  @Test func aResultBeforeItsCallIsNotLost() throws {
    var log = ClaudeLog()
    log.result("a", "Exit code 2\nx", isError: true)
    log.call("a", "Bash", ["command": "make"])
    log.result("a", "again")
    let reading = try log.read()
    #expect(reading.calls.isEmpty)
    #expect(reading.summary.looseResults.map(\.id) == ["a"])
    #expect(reading.summary.openCalls.map(\.input.text) == ["make"])
  }

  @Test func usageCountsOncePerMessage() throws {
    var log = ClaudeLog()
    let early: [String: Any] = [
      "input_tokens": 5, "cache_creation_input_tokens": 10, "cache_read_input_tokens": 100, "output_tokens": 1,
    ]
    let late: [String: Any] = [
      "input_tokens": 5, "cache_creation_input_tokens": 10, "cache_read_input_tokens": 100, "output_tokens": 60,
    ]
    log.call("a", message: "m1", usage: early)
    log.call("b", message: "m1", usage: late)
    log.call("c", message: "m1", usage: early)
    log.call("d", message: "m2", usage: ["output_tokens": 7])
    for id in ["a", "b", "c", "d"] { log.result(id) }
    log.record(
      "assistant",
      ["isApiErrorMessage": true, "message": ["id": "m3", "usage": ["output_tokens": 999], "content": [Any]()]])
    let reading = try log.read()
    let usage = reading.summary.usage
    #expect(usage.count == 2)
    #expect(usage[Digest(of: "m1").value] == TokenUsage(input: 115, output: 60))
    #expect(usage[Digest(of: "m2").value] == TokenUsage(input: 0, output: 7))
    #expect(reading.calls.map(\.outputTokens) == [20, 20, 20, 7])
  }

  @Test func absurdCountsDoNotOverflow() throws {
    var log = ClaudeLog()
    let absurd: [String: Any] = ["input_tokens": Int.max, "cache_read_input_tokens": Int.max, "output_tokens": Int.max]
    log.call("a", message: "m1", usage: absurd)
    log.call("b", message: "m2", usage: ["input_tokens": -5, "output_tokens": Int.min])
    log.result("a")
    log.result("b")
    let usage = try log.read().summary.usage
    #expect(usage[Digest(of: "m1").value] == TokenUsage(input: 2 << 30, output: 1 << 30))
    #expect(usage[Digest(of: "m2").value] == TokenUsage())
  }

  @Test(arguments: [
    "<command-name>/clear</command-name>", "<local-command-stdout>x</local-command-stdout>",
    "<bash-input>ls</bash-input>",
    "<task-notification>x</task-notification>", "<teammate-message id=1>x", "<system-reminder>x</system-reminder>",
    "  <ide_opened_file>x", "Stop hook feedback:\nx", "Base directory for this skill: /x", "Caveat: the messages below",
    "[Request interrupted by user]", "[Request interrupted by user for tool use]",
    "This session is being continued from", "", "  \n",
  ])
  func whatNobodyTypedIsNoMessage(text: String) throws {
    var log = ClaudeLog()
    log.user(text)
    log.user([["type": "text", "text": text]])
    #expect(try log.read().messages == [])
  }

  @Test func typedTextIsAMessage() throws {
    var log = ClaudeLog()
    log.user("use pnpm, not npm")
    log.user([["type": "text", "text": "and tabs"], ["type": "image", "source": ["data": ""]]])
    for mark in ["isMeta", "isCompactSummary", "isVisibleInTranscriptOnly", "isSidechain"] {
      log.user("not mine", fields: [mark: true])
    }
    log.user("mine", fields: ["isMeta": false])
    #expect(try log.read().messages == ["use pnpm, not npm", "and tabs", "mine"])
  }

  @Test func callsThatLeaveTheSandboxAreMarked() throws {
    var log = ClaudeLog()
    let inputs: [(id: String, input: [String: Any])] = [
      ("out", ["command": "npm install", "dangerouslyDisableSandbox": true]),
      ("in", ["command": "npm install", "dangerouslyDisableSandbox": false]), ("not said", ["command": "npm install"]),
      ("no answer", ["command": "npm install", "dangerouslyDisableSandbox": "perhaps"]),
    ]
    for (id, input) in inputs {
      log.call(id, "Bash", input)
      log.result(id, "done")
    }
    let read = try log.read()
    #expect(inputs.map { read[$0.id]?.input.leavesSandbox } == [true, false, false, false])
  }

  @Test func sidechainsAreMarked() throws {
    var log = ClaudeLog()
    log.call("a", fields: ["isSidechain": true])
    log.result("a", "x", fields: ["isSidechain": true])
    log.call("b", fields: ["isSidechain": false])
    log.result("b")
    #expect(try log.read().calls.map(\.isSidechain) == [true, false])
    var plain = ClaudeLog()
    plain.call("c")
    plain.result("c")
    #expect(try readClaude(plain.bytes, isSubagent: true).calls.map(\.isSidechain) == [true])
  }

  @Test func theFirstFolderIsTheSessionsAndEachCallHasItsOwn() throws {
    var log = ClaudeLog()
    log.raw(#"{"type":"summary","summary":"x"}"#)
    log.call("a", fields: ["cwd": "/work/shop"])
    log.call("b", fields: ["cwd": "/work/shop/api"])
    log.result("a")
    log.result("b")
    let reading = try log.read()
    #expect(reading.summary.session.workingDirectory == "/work/shop")
    #expect(reading.calls.map(\.workingDirectory) == ["/work/shop", "/work/shop/api"])
  }
}

/// Commands that went on in the background and failed there.
@Suite struct ClaudeBackgroundTests {
  private func started() -> ClaudeLog {
    var log = ClaudeLog()
    log.call("a", "Bash", ["command": "npm run build"])
    log.result("a", "Command running in background with ID: t1", fields: ["toolUseResult": ["backgroundTaskId": "t1"]])
    return log
  }

  private func notice(_ status: String, _ summary: String, call: String? = "a", task: String = "t1") -> String {
    "<task-notification>\n<task-id>\(task)</task-id>\n" + (call.map { "<tool-use-id>\($0)</tool-use-id>\n" } ?? "")
      + "<status>\(status)</status>\n<summary>\(summary)</summary>\n</task-notification>"
  }

  private let failure = #"Background command "npm run build" failed with exit code 2"#

  @Test func aNoticeInTextTellsTheFailure() throws {
    var log = started()
    log.call("later")
    log.result("later")
    log.user(notice("failed", failure))
    let reading = try log.read()
    #expect(reading.calls.map(\.id) == ["later", "a"])
    #expect(reading["a"]?.outcome == .failed)
    #expect(reading["a"]?.exitStatus == 2)
    #expect(reading["a"]?.output == failure)
    #expect(reading.messages == [])
  }

  @Test func theSameNoticeCountsOnce() throws {
    var log = started()
    log.record("queue-operation", ["operation": "enqueue", "content": notice("failed", failure)])
    log.record("attachment", ["attachment": ["type": "queued_command", "prompt": notice("failed", failure)]])
    log.user(notice("failed", failure))
    #expect(try log.read().outcomes == ["a": .failed])
    #expect(try log.read().calls.count == 1)
  }

  @Test func eachWayAlone() throws {
    for way in 0..<4 {
      var log = started()
      switch way {
      case 0: log.record("queue-operation", ["operation": "enqueue", "content": notice("failed", failure)])
      case 1: log.record("attachment", ["attachment": ["type": "queued_command", "prompt": notice("failed", failure)]])
      case 2:
        log.record("attachment", ["attachment": ["prompt": [["type": "text", "text": notice("failed", failure)]]]])
      default: log.user(notice("failed", failure, call: nil))
      }
      #expect(try log.read().outcomes == ["a": .failed], "way \(way)")
    }
  }

  @Test func twoNoticesInOneText() throws {
    var log = started()
    log.call("b")
    log.result("b", "started", fields: ["toolUseResult": ["backgroundTaskId": "t2"]])
    log.user(notice("completed", "done") + "\n" + notice("failed", failure, call: "b", task: "t2"))
    #expect(try log.read().outcomes == ["a": .succeeded, "b": .failed])
  }

  @Test(arguments: ["completed", "killed", "stopped"])
  func otherEndsAreNoFailure(status: String) throws {
    var log = started()
    log.user(notice(status, "ended"))
    let reading = try log.read()
    #expect(reading.outcomes == ["a": .succeeded])
    #expect(reading.calls.count == 1)
  }

  @Test func taskOutputTellsTheFailure() throws {
    var log = started()
    log.call("b", "TaskOutput", ["task_id": "t1"])
    log.result("b", "still going", fields: ["toolUseResult": ["task": ["task_id": "t1", "status": "running"]]])
    log.call("c", "TaskOutput", ["task_id": "t1"])
    log.result(
      "c", "error TS2304", fields: ["toolUseResult": ["task": ["task_id": "t1", "status": "failed", "exitCode": 2]]])
    log.user(notice("failed", failure))
    let reading = try log.read()
    #expect(reading.outcomes == ["a": .failed, "b": .succeeded, "c": .succeeded])
    #expect(reading.calls.count == 3)
    #expect(reading["a"]?.exitStatus == 2)
    #expect(reading["a"]?.output == "error TS2304")
  }

  @Test func whatNeverEndsSucceededAsFarAsIsKnown() throws {
    #expect(try started().read().outcomes == ["a": .succeeded])
  }

  @Test func aNoticeOfAnUnknownTaskIsNothing() throws {
    var log = started()
    log.user(notice("failed", failure, call: "zzz", task: "t9"))
    log.user("<task-notification>")
    log.user("<task-notification><task-id></task-id>")
    #expect(try log.read().outcomes == ["a": .succeeded])
  }
}
