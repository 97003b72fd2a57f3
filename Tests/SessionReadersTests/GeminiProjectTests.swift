import SessionModel
import Testing

@testable import SessionReaders

@Suite struct GeminiProjectTests {
  /// FIPS 180-4 examples, and the lengths around the end of a block.
  @Test(
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
      (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    ])
  func hashes(_ text: String, _ digest: String) {
    #expect(SHA256.hex(of: text) == digest)
  }

  private func session(_ home: TestFolder, known: [String] = [], saying text: String) throws -> ReadLog? {
    let digest = SHA256.hex(of: "/home/dev/shop")
    try home.write(
      """
      {"sessionId":"s1","projectHash":"\(digest)","startTime":"2026-02-01T09:00:00.000Z"}
      {"id":"a","timestamp":"2026-02-01T09:00:00.000Z","type":"user","content":\(quoted(text))}
      """, to: ".gemini/tmp/\(digest)/chats/session-1.jsonl")
    let environment = AgentEnvironment(
      variables: ["GEMINI_CLI_HOME": home.path], home: "/nobody", knownFolders: known)
    return try ReadHome(GeminiPlugin(), in: environment).logs.first
  }

  @Test func findsTheFolderAmongThoseKnown() throws {
    let log = try session(TestFolder(), known: ["/home/dev/shop/web/src", "/tmp"], saying: "hello")
    #expect(log?.file.projectHint == "/home/dev/shop")
  }

  @Test(arguments: ["look into /home/dev/shop/web/a.ts, please", "(see `/home/dev/shop`)", "--dir=/home/dev/shop/"])
  func findsTheFolderInWhatWasSaid(_ text: String) throws {
    #expect(try session(TestFolder(), saying: text)?.summary.session.workingDirectory == "/home/dev/shop")
  }

  @Test func doesNotGuess() throws {
    let log = try session(TestFolder(), known: ["/home/dev"], saying: "look into /home/dev/shopping/a.ts")
    #expect(log?.file.projectHint == nil)
    #expect(log?.summary.session.workingDirectory == nil)
  }

  @Test func knowsFoldersOfWindows() {
    let folders = GeminiProject.withAncestors(#"C:\Users\dev\shop"#)
    #expect(folders == [#"C:\Users\dev\shop"#, #"C:\Users\dev"#, #"C:\Users"#, "C:"])
  }

  /// A document that was cut off gives the messages before the cut.
  @Test func readsATornDocument() throws {
    let home = try TestFolder()
    let text = #"{"sessionId":"s1","messages":[{"id":"a","type":"user","content":"one"},{"id":"b","type":"user","cont"#
    try home.write(text, to: ".gemini/tmp/shop/chats/session-1.json")
    let environment = AgentEnvironment(variables: ["GEMINI_CLI_HOME": home.path], home: "/nobody")
    let log = try #require(try ReadHome(GeminiPlugin(), in: environment).logs.first)
    #expect(log.messages.map(\.text) == ["one"])
    #expect(log.summary.issues.map(\.kind) == [.tornLine])
  }
}

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (1, "1970-01-01T00:00:00.001Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_779_019_347_682, "2026-05-17T12:02:27.682Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (0, ""), (-5, ""), (.max, ""),
    ])
  func writesISO8601(_ milliseconds: Int, _ text: String) {
    #expect(Timestamp.iso(milliseconds: milliseconds) == text)
  }
}
