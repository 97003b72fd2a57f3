import GRDB
import SessionModel
import Testing

@testable import SessionReaders

@Suite struct OpenCodeTests {
  private func environment(_ home: TestFolder, _ variables: [String: String] = [:]) -> AgentEnvironment {
    AgentEnvironment(variables: variables.merging(["XDG_DATA_HOME": home.path]) { first, _ in first }, home: "/nobody")
  }

  private func writeAheadDatabase(_ path: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path)
    _ = try queue.writeWithoutTransaction { database in
      _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
      _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = 0")
    }
    return queue
  }

  @Test func readsADatabaseInUseWithoutTouchingIt() throws {
    let home = try TestFolder()
    let path = try home.write("", to: "opencode/opencode.db")
    let queue = try writeAheadDatabase(path)
    try queue.write { try OpenCodeWriter.fill($0, [.call(.init("call_aaaaaaaa01", "make", exit: 2))]) }
    let before = try TestFolder.listing(of: home.path)
    // Nothing is in the database itself yet: it all stands in the log beside it.
    #expect(before.contains { $0.hasPrefix("opencode/opencode.db-wal ") })
    let read = try ReadHome(OpenCodePlugin(), in: environment(home))
    #expect(read.calls.map(\.outcome) == [.failed])
    #expect(read.calls.first?.location.file == path)
    #expect(read.issues.isEmpty)
    #expect(try TestFolder.listing(of: home.path) == before)
    try queue.close()
  }

  /// A repository may hold a database: what it asks itself need not end.
  @Test(.timeLimit(.minutes(5))) func aViewInThePlaceOfATableIsNotAsked() throws {
    let home = try TestFolder()
    let path = try home.write("", to: "shop/.crush/crush.db")
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE VIEW sessions AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
          SELECT x AS id, NULL AS parent_session_id FROM c
          """)
    }
    try queue.close()
    var environment = AgentEnvironment(variables: [:], home: home.path)
    environment.knownFolders = [home.path + "/shop"]
    let found = CrushPlugin().discover(in: environment)
    #expect(found.files.isEmpty)
    #expect(
      found.issues.map(\.reason) == ["`sessions` is no table in it but a view, which no agent makes; it was left out"])
  }

  @Test func doesNotWaitForAWriter() throws {
    let home = try TestFolder()
    let path = try home.write("", to: "opencode/opencode.db")
    let queue = try writeAheadDatabase(path)
    try queue.write { try OpenCodeWriter.fill($0, [.call(.init("call_aaaaaaaa01", "make"))]) }
    try queue.inTransaction(.exclusive) { database in
      try database.execute(sql: "INSERT INTO session VALUES ('s2', 'p1', 's1', '/home/dev/shop')")
      let read = try ReadHome(OpenCodePlugin(), in: environment(home))
      #expect(read.logs.map(\.summary.session.id) == ["s1"])
      return .rollback
    }
    try queue.close()
  }

  @Test func removesItsCopies() throws {
    let home = try TestFolder()
    let path = try home.write("", to: "opencode/opencode.db")
    let queue = try writeAheadDatabase(path)
    try queue.write { try OpenCodeWriter.fill($0, []) }
    var copies = OpenCodePlugin().discover(in: environment(home)).copies.map(\.folder)
    #expect(copies.count == 1)
    copies.removeAll { !FolderListing().exists($0) }
    #expect(copies.isEmpty)
    try queue.close()
  }

  @Test func readsEverySessionByItself() throws {
    let home = try TestFolder()
    try OpenCodeWriter().write([.call(.init("call_aaaaaaaa01", "make"))], in: "", of: home)
    let queue = try DatabaseQueue(path: home.path + "/opencode/opencode.db")
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO session VALUES ('s2', 'p1', 's1', '/home/dev/shop');
          INSERT INTO message VALUES ('m2', 's2', '{"role":"user"}');
          INSERT INTO part VALUES ('p2', 'm2', 's2', '{"type":"text","text":"asked by another agent"}');
          """)
    }
    try queue.close()
    let read = try ReadHome(OpenCodePlugin(), in: environment(home))
    #expect(read.logs.map(\.file.session) == ["s1", "s2"])
    #expect(read.logs.map(\.file.isSubagent) == [false, true])
    #expect(read.logs.last?.summary.session.parentID == "s1")
    #expect(read.logs.flatMap(\.messages).isEmpty)
  }

  @Test func prefersTheDatabaseToTheStorageBeforeIt() throws {
    let home = try TestFolder()
    try OpenCodeWriter().write([.call(.init("call_aaaaaaaa01", "make"))], in: "", of: home)
    try home.write(#"{"id":"s1","directory":"/home/dev/shop"}"#, to: "opencode/storage/session/p1/s1.json")
    try home.write(#"{"id":"s0","directory":"/home/dev/old"}"#, to: "opencode/storage/session/p1/s0.json")
    let read = try ReadHome(OpenCodePlugin(), in: environment(home))
    #expect(read.logs.map(\.summary.session.id) == ["s1", "s0"])
  }

  @Test func takesTheDatabaseThatIsNamed() throws {
    let home = try TestFolder()
    try OpenCodeWriter().write([.call(.init("call_aaaaaaaa01", "make"))], in: "a", of: home)
    try OpenCodeWriter().write([.call(.init("call_aaaaaaaa02", "make"))], in: "", of: home)
    let named = environment(home, ["OPENCODE_DB": home.path + "/a/opencode/opencode.db"])
    #expect(try ReadHome(OpenCodePlugin(), in: named).calls.map(\.id) == ["call_aaaaaaaa01"])
  }

  @Test func doesNotOpenKeys() throws {
    let home = try TestFolder()
    try home.write(#"{"info":{},"messages":[]}"#, to: "opencode/auth.json")
    #expect(OpenCodePlugin().discover(in: environment(home)).files.isEmpty)
  }

  @Test func reportsADatabaseOfSomethingElse() throws {
    let home = try TestFolder()
    try home.write(String(repeating: "not a database. ", count: 100), to: "opencode/opencode.db")
    let read = try ReadHome(OpenCodePlugin(), in: environment(home))
    #expect(read.issues.map(\.kind) == [.unreadableFile])
  }

  @Test(
    arguments: [
      ("call_CuIKxvyeJgGvYsENfr0rOI18", true), ("toolu_01Gr5sAbCdEf", true), ("functions.bash:0", false),
      ("call_1", false), ("REDACTED", false), ("chatcmpl-tool-7193501a7fb44b57", true),
    ])
  func tellsNumbersFromIDs(_ id: String, _ isUnique: Bool) {
    #expect(OpenCodeText.isUnique(id) == isUnique)
  }

  @Test func addressesFilesWithOddNames() throws {
    let home = try TestFolder()
    try OpenCodeWriter().write([.call(.init("call_aaaaaaaa01", "make"))], in: "50% off? #1", of: home)
    let odd = AgentEnvironment(variables: ["XDG_DATA_HOME": home.path + "/50% off? #1"], home: "/nobody")
    #expect(try ReadHome(OpenCodePlugin(), in: odd).calls.count == 1)
  }
}
