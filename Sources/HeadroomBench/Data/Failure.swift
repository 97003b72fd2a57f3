internal import TestSupport

/// A call that is written out in full, with its result.
struct PlantedCall: Sendable {
  var tool: String
  /// Names and values of the input, in order.
  var input: [(name: String, value: String)]
  var output: String
  /// What kind of failure it is; nil when it went well.
  var category: String?

  static func shell(_ command: String, _ output: String, _ category: String? = nil) -> Self {
    Self(
      tool: "Bash", input: [("command", command), ("description", "Run \(command.prefix { $0 != " " })")],
      output: output, category: category)
  }

  static func read(_ path: String, _ output: String, _ category: String? = nil) -> Self {
    Self(tool: "Read", input: [("file_path", path)], output: output, category: category)
  }

  static func edit(_ path: String, _ output: String, _ category: String, _ random: inout SplitMix64) -> Self {
    Self(
      tool: "Edit",
      input: [("file_path", path), ("old_string", Lines.code(&random)), ("new_string", Lines.code(&random))],
      output: output, category: category)
  }
}

/// Failures that teach nothing: each names things that no other one names.
enum Failure: Sendable {
  case testsFailed, compileError, lint, commandMissing, moduleMissing, fileMissingInShell, badOption, gitRefused
  case exitOnly, network, syntax, rejected, siblingCancelled, approvalNeeded, notRead, modified, fileMissing
  case editMismatch

  func call(in folder: String, _ random: inout SplitMix64) -> PlantedCall {
    let name = Lines.word(&random) + String(random.next() >> 40, radix: 36)
    let path = "\(folder)/\(Lines.word(&random))/\(name).ts"
    switch self {
    case .testsFailed:
      return .shell(
        "uv run pytest tests/test_\(name).py -q",
        """
        Exit code 1
        F...                                                                     [100%]
        =================================== FAILURES ===================================
        ________________________________ test_\(name) _________________________________
        tests/test_\(name).py:14: in test_\(name)
            assert total == 15
        E   assert 20 == 15
        =========================== short test summary info ============================
        FAILED tests/test_\(name).py::test_\(name) - assert 20 == 15
        1 failed, 3 passed in 0.21s
        """, "test_failure")
    case .compileError:
      return .shell(
        "npx tsc --noEmit -p \(name)",
        "Exit code 2\nsrc/\(name).ts(4,26): error TS2339: Property '\(name)' does not exist on type 'Order'.",
        "compile_error")
    case .lint:
      return .shell(
        "uv run ruff check \(name).py",
        "Exit code 1\n\(name).py:3:8: F401 [*] `\(name)` imported but unused\nFound 1 error.", "lint_failure")
    case .commandMissing:
      return .shell(
        "\(name) --version", "Exit code 127\n/bin/bash: line 1: \(name): command not found", "command_not_found")
    case .moduleMissing:
      return .shell(
        "python3 \(name).py",
        """
        Exit code 1
        Traceback (most recent call last):
          File "\(folder)/\(name).py", line 4, in <module>
            from \(name) import start
        ModuleNotFoundError: No module named '\(name)'
        """, "missing_import")
    case .fileMissingInShell:
      return .shell(
        "cat \(Lines.word(&random))/\(name).md",
        "Exit code 1\ncat: \(name).md: No such file or directory", "wrong_path")
    case .badOption:
      return .shell(
        "git log --\(name)", "Exit code 128\nfatal: unrecognized argument: --\(name)", "bad_usage")
    case .gitRefused:
      return .shell(
        "git push origin \(name)",
        """
        Exit code 1
        To example.test:acme/\(name).git
         ! [rejected]        \(name) -> \(name) (non-fast-forward)
        error: failed to push some refs to 'example.test:acme/\(name).git'
        """, "git_error")
    case .exitOnly: return .shell("./scripts/\(name)", "Exit code 1", "exit_only")
    case .network:
      return .shell(
        "curl -fsS http://\(name).test/health", "Exit code 6\ncurl: (6) Could not resolve host: \(name).test",
        "network_error")
    case .syntax:
      return .shell(
        "python3 -c 'print(\(name)'",
        "Exit code 1\n  File \"<string>\", line 1\n    print(\(name)\n         ^\nSyntaxError: '(' was never closed",
        "syntax_error")
    case .rejected:
      return .shell(
        "\(name) publish",
        "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the"
          + " new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to"
          + " proceed.", "user_rejected")
    case .siblingCancelled:
      return .read(path, "<tool_use_error>Sibling tool call errored</tool_use_error>", "cancelled_sibling")
    case .approvalNeeded: return .shell("\(name) sync", "This command requires approval", "blocked")
    case .notRead:
      return .edit(
        path, "<tool_use_error>File has not been read yet. Read it first before writing to it.</tool_use_error>",
        "stale_file", &random)
    case .modified:
      return .edit(
        path,
        "<tool_use_error>File has been modified since read, either by the user or by a linter. Read it again before"
          + " attempting to write it.</tool_use_error>", "stale_file", &random)
    case .fileMissing:
      return .read(
        path,
        "<tool_use_error>File does not exist. Note: your current working directory is \(folder).</tool_use_error>",
        "wrong_path")
    case .editMismatch:
      return .edit(
        path, "<tool_use_error>String to replace not found in file.\nString: \(name)</tool_use_error>",
        "edit_mismatch", &random)
    }
  }
}

/// What a project makes one learn: the same failure in several of its sessions, with what works instead.
struct PlantedLesson: Sendable {
  enum Kind: CaseIterable { case command, path, script, approval, tooLarge }

  let kind: Kind
  /// A name that stands in the line about it, and in no other.
  let mark: String

  /// - Parameter project: Number of the project.
  init(_ kind: Kind, project: Int) {
    self.kind = kind
    let name = Lines.words[project * 7 % Lines.words.count] + String(project, radix: 36)
    mark =
      switch kind {
      case .command: name + "-cli"
      case .path: name + "_view.py"
      case .script: "check:" + name
      case .approval: name + "ctl"
      case .tooLarge: name + "-lock.json"
      }
  }

  func calls(in folder: String) -> [PlantedCall] {
    switch kind {
    case .command:
      [
        .shell("\(mark) status", "Exit code 127\n/bin/bash: line 1: \(mark): command not found", "command_not_found"),
        .shell("docker compose exec tools \(mark) status", "all well"),
      ]
    case .path:
      [
        .read(
          "\(folder)/src/views/\(mark)",
          "<tool_use_error>File does not exist. Note: your current working directory is \(folder).</tool_use_error>",
          "wrong_path"),
        .read("\(folder)/backend/app/views/\(mark)", "     1→def show(): return None"),
      ]
    case .script:
      [
        .shell(
          "npm run \(mark)",
          "Exit code 1\nnpm error Missing script: \"\(mark)\"\nnpm error\nnpm error To see a list of scripts, run:\n"
            + "npm error   npm run", "bad_usage"),
        .shell("npm run verify:\(mark.dropFirst("check:".count))", "> verify\nall well"),
      ]
    case .approval: [.shell("\(mark) deploy", "This command requires approval", "blocked")]
    case .tooLarge:
      [
        .read(
          "\(folder)/\(mark)",
          "File content (68211 tokens) exceeds maximum allowed tokens (25000). Use offset and limit parameters to read"
            + " specific portions of the file, or search for specific content instead of reading the whole file.",
          "too_large")
      ]
    }
  }
}
