import Foundation
import ShellSyntax
import Testing

@Suite struct RoundTripTests {
  static let pieces = [
    "'", "\"", "(", ")", "((", "))", "$((", "$(", "${", "}", "`", "{ ", "} ", "<<a ", "<<a\n", "a\n", "\\", "\\\n",
    "$'",
    "if ", "then ", "else ", "elif ", "fi ", "case x in ", "a) ", "esac ", "for ", "for x in a; ", "do ", "done ",
    "while ", "[[ ", "]] ", "! ", "time ", "a=(", "a=b ", "f() ", "function ", "&& ", "|| ", "| ", "|& ", ";;", ";&",
    ";",
    "& ", "&>", "\n", "> ", ">x ", "2>&1 ", "12>", "<<<", "<<-'a b'\n", "a b\n", "x ", "é", "\r\n", "\r", "#",
    " # it's\n",
    "<(", "C:\\", "sudo ", "bash -c ", "ssh h ", "docker exec c ", "cd a ", "uv run ", "python -m ", "npx ", "\t", "0",
  ]

  /// What must hold for any text at all.
  private func check(_ text: String) {
    let line = CommandLine(parsing: text)
    let again = CommandLine(parsing: line.rendered)
    if again != line { Issue.record("renders differently: \(text.prefix(200).debugDescription)") }
    _ = line.invocations
    _ = CommandDifference(from: line, to: again)
  }

  @Test(arguments: 0..<20) func holdsForGeneratedCommands(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let count = Int.random(in: 1...12, using: &generator)
      check((0..<count).map { _ in Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &generator)] }.joined())
    }
  }

  @Test(arguments: 0..<10) func holdsForRandomBytes(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let count = Int.random(in: 1...40, using: &generator)
      check(String(decoding: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }, as: UTF8.self))
    }
  }

  @Test(arguments: pieces) func holdsForLongRepetitions(_ piece: String) {
    check(String(repeating: piece, count: 20_000 / piece.utf8.count))
  }

  /// A quadratic step would take minutes.
  @Test(.timeLimit(.minutes(5)), arguments: ["'", "(", "((", "$((", "<<a ", "$(<<a\n", "case x in ", "((a)b) ", "\""])
  func takesLinearTime(_ piece: String) {
    let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
    #expect(!CommandLine(parsing: text).rendered.isEmpty)
  }

  /// `HEADROOM_CORPUS_COMMANDS` names a file of commands, each ended by a zero byte.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["HEADROOM_CORPUS_COMMANDS"] != nil))
  func holdsForTheCorpus() throws {
    let path = ProcessInfo.processInfo.environment["HEADROOM_CORPUS_COMMANDS"] ?? ""
    let data = try Data(contentsOf: URL(filePath: path))
    for command in data.split(separator: 0) { check(String(decoding: command, as: UTF8.self)) }
  }

  @Test(arguments: [
    ("a   &&   b;c", "a && b; c"),
    ("cat <<E | grep x && ls\nbody\nE\npwd", "cat <<E | grep x && ls\nbody\nE\npwd"),
    ("run >out 2>/dev/null", "run > out 2>/dev/null"),
    ("if a\nthen b;fi", "if a\nthen b; fi"),
    ("( (a) )", "( ( a ) )"),
  ])
  func rendersUniformly(_ text: String, _ expected: String) {
    #expect(CommandLine(parsing: text).rendered.trimmingCharacters(in: .newlines) == expected)
  }
}

/// SplitMix64, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
