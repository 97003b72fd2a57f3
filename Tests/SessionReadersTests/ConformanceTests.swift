import SessionModel
import Testing

@testable import SessionReaders

/// What every plugin must do, whatever its format. A new agent needs a `SessionWriter` and a place in `writers`.
@Suite struct ConformanceTests {
  static let writers: [any SessionWriter] = [
    ClaudeWriter(), CodexWriter(), GeminiWriter(), OpenCodeWriter(), QwenWriter(), CopilotWriter(), GrokWriter(),
    KimiWriter(), PiWriter(), GooseWriter(), CrushWriter(), ClineWriter(), RooWriter(), OpenHandsWriter(),
    SWEAgentWriter(), MiniSWEAgentWriter(), ATIFWriter(), ClaudeStreamWriter(), JSONLWriter(),
  ]

  private static func writers(with what: Lack) -> [any SessionWriter] {
    writers.filter { $0.lacks.isDisjoint(with: what) }
  }

  private static let places = writers.filter { !$0.plugin.readsNamedLogs }

  private static let first = SessionEntry.Call("call_aaaaaaaa01", "npm test", output: "1 failing", exit: 1, minute: 1)
  private static let second = SessionEntry.Call("call_aaaaaaaa02", "npm run build", output: "built", minute: 2)

  private func read(_ writer: any SessionWriter, _ entries: [SessionEntry]) throws -> ReadHome {
    let home = try TestFolder()
    try writer.write(entries, in: folder(writer), of: home)
    return try ReadHome(writer.plugin, in: environment(writer, home))
  }

  /// What the variable of an agent holds, or what it stands for below the user's home.
  private func folder(_ writer: any SessionWriter) -> String {
    writer.variable == nil && !writer.standardFolder.isEmpty ? "home/" + writer.standardFolder : "home"
  }

  private func environment(_ writer: any SessionWriter, _ home: TestFolder) -> AgentEnvironment {
    let path = home.path + "/home"
    return AgentEnvironment(
      variables: writer.variable.map { [$0: path] } ?? [:], home: writer.variable == nil ? path : home.path + "/nobody",
      knownFolders: ["/home/dev/shop"], namedLogs: writer.plugin.readsNamedLogs ? [path] : [])
  }

  @Test func everyAgentIsHere() {
    #expect(Set(Self.writers.map(\.plugin.name)) == Set(Agents.all.map(\.name)))
  }

  @Test(arguments: writers)
  func readsCallsAndResults(_ writer: any SessionWriter) throws {
    let read = try read(writer, [.call(Self.first), .call(Self.second)])
    if !writer.lacks.contains(.ids) { #expect(read.calls.map(\.id) == ["call_aaaaaaaa01", "call_aaaaaaaa02"]) }
    #expect(Set(read.calls.map(\.id)).count == 2)
    #expect(read.calls.map(\.tool) == [.shell, .shell])
    #expect(read.calls.map(\.input.text) == ["npm test", "npm run build"])
    if !writer.lacks.contains(.outcome) { #expect(read.calls.map(\.outcome) == [.failed, .succeeded]) }
    if !writer.lacks.contains(.exitStatus) { #expect(read.calls.first?.exitStatus == 1) }
    #expect(read.calls.first?.output.contains("1 failing") == true)
    #expect(read.calls.last?.output == "built")
    let log = try #require(read.logs.first)
    #expect(log.summary.session.id == "s1")
    #expect((log.summary.session.workingDirectory ?? log.file.projectHint) == "/home/dev/shop")
    #expect(read.calls.allSatisfy { $0.location.file == log.file.path && $0.location.line > 0 })
    #expect(read.allIssues.isEmpty)
  }

  @Test(arguments: writers)
  func keepsWhatStandsBeforeATornEnd(_ writer: any SessionWriter) throws {
    let read = try read(writer, [.call(Self.first), .torn(Self.second)])
    #expect(read.calls.first?.input.text == "npm test")
    #expect(read.allIssues.count == 1)
  }

  @Test(arguments: writers)
  func goesOnBehindJunk(_ writer: any SessionWriter) throws {
    let read = try read(writer, [.call(Self.first), .junk("}} not a record {"), .call(Self.second)])
    #expect(read.calls.count == 2)
    #expect(read.allIssues.map(\.kind) == [.malformedLine])
  }

  @Test(arguments: writers)
  func replacesBadUTF8(_ writer: any SessionWriter) throws {
    var call = Self.second
    call.output = Array("caf".utf8) + [0xE9, 0x20, 0xFF] + Array("!".utf8)
    let read = try read(writer, [.call(Self.first), .call(call)])
    #expect(read.calls.last?.output == "caf\u{FFFD} \u{FFFD}!")
  }

  @Test(arguments: writers)
  func takesAnEmptyLog(_ writer: any SessionWriter) throws {
    let home = try TestFolder()
    try writer.writeEmpty(in: folder(writer), of: home)
    let read = try ReadHome(writer.plugin, in: environment(writer, home))
    #expect(read.calls.isEmpty)
  }

  @Test(arguments: writers)
  func leavesCallsWithoutAResultOpen(_ writer: any SessionWriter) throws {
    let read = try read(writer, [.call(.init("call_aaaaaaaa03", "make", output: nil))])
    #expect(read.calls.isEmpty)
    let open = read.logs.flatMap(\.summary.openCalls)
    #expect(open.map(\.input.text) == ["make"])
    #expect(open.allSatisfy { $0.outcome == .missing })
  }

  @Test(arguments: writers(with: .looseResults))
  func takesResultsWithoutACall(_ writer: any SessionWriter) throws {
    var call = Self.first
    call.hasCall = false
    let read = try read(writer, [.call(call), .call(Self.second)])
    // Where call and result are one record, it is a call that does not say of what.
    let found = read.calls + read.logs.flatMap(\.summary.looseResults)
    #expect(Set(found.map(\.id)).count == 2)
    #expect(found.filter { $0.input.text.isEmpty }.map(\.output).allSatisfy { $0.contains("1 failing") })
    #expect(found.map(\.input.text).sorted() == ["", "npm run build"])
  }

  @Test(arguments: writers(with: .ids))
  func countsARepeatedCallOnce(_ writer: any SessionWriter) throws {
    var again = Self.first
    again.minute = 5
    let read = try read(writer, [.call(Self.first), .call(Self.second), .call(again)])
    #expect(read.calls.map(\.id).sorted() == ["call_aaaaaaaa01", "call_aaaaaaaa02"])
  }

  @Test(arguments: writers)
  func boundsAHugeOutput(_ writer: any SessionWriter) throws {
    var call = Self.second
    call.output = Array(repeating: UInt8(ascii: "x"), count: 3 << 20)
    let read = try read(writer, [.call(call), .call(Self.first)])
    #expect(read.calls.count == 2)
    let huge = try #require(read.calls.max { $0.outputBytes < $1.outputBytes })
    #expect(huge.output.utf8.count <= OutputText.limit + 16)
    #expect(huge.outputBytes >= 3 << 20)
  }

  @Test(arguments: writers(with: .times))
  func takesAClockThatGoesBack(_ writer: any SessionWriter) throws {
    var early = Self.second
    early.minute = 0
    var late = Self.first
    late.minute = 59
    let read = try read(writer, [.call(late), .call(early)])
    let session = try #require(read.logs.first?.summary.session)
    #expect(session.firstSeen.hasPrefix("2026-02-01T09:00"))
    #expect(session.lastSeen.hasPrefix("2026-02-01T09:59"))
    #expect(read.calls.count == 2)
  }

  @Test(arguments: writers)
  func passesOverUnknownRecords(_ writer: any SessionWriter) throws {
    let read = try read(writer, [.unknown, .call(Self.first), .unknown])
    #expect(read.calls.count == 1)
    #expect(read.allIssues.isEmpty)
  }

  @Test(arguments: places)
  func findsTheHomeByVariableOrByItself(_ writer: any SessionWriter) throws {
    let home = try TestFolder()
    try writer.write([.call(Self.first)], in: "elsewhere", of: home)
    try writer.write([.call(Self.second)], in: "user/" + writer.standardFolder, of: home)
    func found(_ variables: [String: String]) throws -> [String] {
      let environment = AgentEnvironment(variables: variables, home: home.path + "/user")
      return try ReadHome(writer.plugin, in: environment).calls.map(\.input.text)
    }
    #expect(try found([:]) == ["npm run build"])
    for variable in writer.plugin.places.first?.variables ?? [] {
      #expect(try found([variable: home.path + "/elsewhere"]) == ["npm test"])
      #expect(try found([variable: ""]) == ["npm run build"])
    }
    let found = writer.plugin.discover(in: AgentEnvironment(variables: [:], home: home.path + "/nobody"))
    #expect(found.files.isEmpty)
    #expect(found.issues.isEmpty)
  }

  @Test(arguments: writers)
  func leavesNoTrace(_ writer: any SessionWriter) throws {
    let home = try TestFolder()
    try writer.write([.call(Self.first), .torn(Self.second)], in: folder(writer), of: home)
    let before = try TestFolder.listing(of: home.path)
    let read = try ReadHome(writer.plugin, in: environment(writer, home))
    #expect(try TestFolder.listing(of: home.path) == before)
    let again = try ReadHome(writer.plugin, in: environment(writer, home))
    #expect(again.logs.map(\.file) == read.logs.map(\.file))
  }
}
