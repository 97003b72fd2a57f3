import SessionModel
import Testing

@testable import SessionReaders

struct CodexScriptTests {
  @Test func callsOfEitherNameAreFoundInOrder() {
    let script = """
      await tools.shell_command({ command: "make" });
      await tools.exec_command({ cmd: 'git status' });
      await tools.shell_command({ "command": `ls` });
      """
    #expect(CodexScript.commands(in: script) == ["make", "git status", "ls"])
  }

  @Test func aScriptMayLeaveTheSandbox() {
    let call = "await tools.exec_command({ cmd: 'git fetch'"
    #expect(CodexScript.input(call + ", sandbox_permissions: 'require_escalated' })").input.leavesSandbox)
    #expect(!CodexScript.input(call + " })").input.leavesSandbox)
  }

  /// A quadratic step would take far longer.
  @Test(.timeLimit(.minutes(5)), arguments: ["shell_command(", "exec_command(", "shell_command({cmd:'a'})"])
  func longScriptsTakeLinearTime(piece: String) {
    _ = CodexScript.commands(in: String(repeating: piece, count: 10_000_000 / piece.utf8.count))
  }
}
