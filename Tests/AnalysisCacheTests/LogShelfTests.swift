import AnalysisCache
import Foundation
import GRDB
import RuleEngine
import SessionModel
import SessionReaders
import Synchronization
import Testing

/// What counts as the log that was read.
struct LogShelfTests {
  private let folder =
    FileManager.default.temporaryDirectory.path + "/headroom-shelf-\(UInt64.random(in: 0...UInt64.max))"
  private var path: String { folder + "/log.jsonl" }
  private var file: LogFile { LogFile(path: path, size: 0, group: "g") }

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(String(repeating: "0123456789\n", count: 2000).utf8).write(to: URL(filePath: path))
  }

  private func shelf(
    _ fingerprint: UInt64 = 1, complain: @escaping @Sendable (String) -> Void = { Issue.record("\($0)") }
  ) -> LogShelf {
    let store = AnalysisStore(folder: folder + "/cache", complain: complain)
    let key = ShelfKey(agent: "claude", place: "/x", fingerprint: fingerprint, holdsNamedLogs: false)
    return LogShelf(key, in: store)
  }

  private var cache: String { folder + "/cache/sessions.sqlite" }

  /// Reads the log as if all of it but the last line had an end.
  private func keep(isSettled: Bool = true, others: Set<String> = []) throws {
    let shelf = shelf()
    var analysis = FileAnalysis.blank
    analysis.file = file
    analysis.session.id = "s1"
    analysis.calls = [7]
    let before = FileStamp(of: path)
    let moment = max(before.modified, before.changed) + (isSettled ? 5_000_000_000 : 0)
    _ = try #require(
      shelf.keep(
        analysis, stored: analysis.stored(), before: before, moment: moment, paths: others.union([path]),
        pause: (ReadingPoint(offset: 21_990, line: 1999, state: [1, 2]), [3, 4])))
    shelf.close(now: 1)
  }

  private func append(_ text: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  private func overwrite(_ offset: UInt64) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seek(toOffset: offset)
    try handle.write(contentsOf: Data("X".utf8))
    try handle.close()
  }

  @Test func whatHasNotChangedIsKnown() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(shelf().unchanged(file) == nil)
    try keep()
    let kept = try #require(shelf().unchanged(file))
    #expect(kept.info.id == "s1")
    #expect(shelf().analyses(of: [(file, kept)])[file]?.calls == [7])
    #expect(shelf().grown(file) == nil)
    #expect(shelf(2).unchanged(file) == nil, "other rules")
    var other = file
    other.projectHint = "/elsewhere"
    #expect(shelf().unchanged(other) == nil, "found as another")
  }

  @Test func whatWasWrittenAMomentAgoIsReadAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try keep(isSettled: false)
    #expect(shelf().unchanged(file) == nil)
  }

  @Test func whatHasGrownIsReadOn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try keep()
    try append("more\n")
    let known = shelf()
    #expect(known.unchanged(file) == nil)
    let (point, analyzer) = try #require(known.grown(file))
    #expect(point == ReadingPoint(offset: 21_990, line: 1999, state: [1, 2]) && analyzer == [3, 4])
    // What stands behind the last whole line may be written anew.
    try overwrite(21_995)
    #expect(shelf().grown(file) != nil)
  }

  @Test(arguments: [0, 4000, 18_000, 21_989] as [UInt64]) func whatWasChangedBeforeIsReadAnew(_ offset: UInt64) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try keep()
    try overwrite(offset)
    #expect(shelf().unchanged(file) == nil)
    try append("more\n")
    #expect(shelf().grown(file) == nil)
  }

  @Test func whatElseWasLookedAtCounts() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let other = folder + "/other"
    try keep(others: [other])
    #expect(shelf().unchanged(file) != nil)
    try Data("new".utf8).write(to: URL(filePath: other))
    #expect(shelf().unchanged(file) == nil)
    try append("more\n")
    #expect(shelf().grown(file) == nil)
  }

  @Test func whatIsLockedIsLeftAlone() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try keep()
    let other = try DatabaseQueue(path: cache)
    let before = try Data(contentsOf: URL(filePath: cache))
    let complaints = try other.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN EXCLUSIVE")
      defer { try? database.execute(sql: "ROLLBACK") }
      let complaints = Complaints()
      let shelf = shelf { complaints.add($0) }
      #expect(shelf.unchanged(file) == nil)
      shelf.close(now: 1)
      return complaints.all
    }
    #expect(complaints.count == 1 && complaints[0].contains("another program has locked it"), "\(complaints)")
    #expect(try Data(contentsOf: URL(filePath: cache)) == before)
    #expect(shelf().unchanged(file) != nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func whatBelongsToOthersIsPutAside() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try keep()
    try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: cache)
    let complaints = Complaints()
    #expect(shelf { complaints.add($0) }.unchanged(file) == nil)
    #expect(complaints.all.count == 1 && complaints.all[0].contains("it belongs to another user"), "\(complaints.all)")
    #expect(FileManager.default.fileExists(atPath: cache + ".aside"))
  }

  @Test func whatIsGoneIsForgotten() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try keep()
    shelf().close(now: 2)
    #expect(shelf().unchanged(file) == nil)
    // Nothing of it is left.
    let text = String(decoding: try Data(contentsOf: URL(filePath: folder + "/cache/sessions.sqlite")), as: UTF8.self)
    #expect(text.contains("SQLite"))
  }
}

/// What projects came to, as long as their logs are the same.
struct ProjectShelfTests {
  private let folder =
    FileManager.default.temporaryDirectory.path + "/headroom-shelf-\(UInt64.random(in: 0...UInt64.max))"

  private func shelf(_ fingerprint: UInt64 = 1) -> ProjectShelf {
    let store = AnalysisStore(folder: folder) { Issue.record("\($0)") }
    return ProjectShelf(ShelfKey(agent: "lessons", place: "auto", fingerprint: fingerprint), in: store)
  }

  @Test func aProjectIsKnownByItsLogs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = shelf()
    first.keep("shop's", of: "/shop", source: 1)
    first.keep("site's", of: "/site", source: 2)
    first.close(now: 1, isWhole: true)
    let again = shelf()
    #expect(
      again.values(of: ["/shop": 1, "/site": 2, "/new": 3], as: String.self) == ["/shop": "shop's", "/site": "site's"])
    #expect(again.values(of: ["/shop": 9], as: String.self).isEmpty, "other logs")
    #expect(shelf(2).values(of: ["/shop": 1], as: String.self).isEmpty, "other rules")
    // A run that looks at one project leaves the others, and what it replaced goes.
    again.keep("shop's, later", of: "/shop", source: 9)
    again.close(now: 2, isWhole: false)
    #expect(
      shelf().values(of: ["/shop": 9, "/site": 2], as: String.self) == ["/shop": "shop's, later", "/site": "site's"])
    #expect(shelf().values(of: ["/shop": 1], as: String.self).isEmpty)
    // A run that looks at all of them forgets those that are gone.
    let whole = shelf()
    #expect(whole.values(of: ["/site": 2], as: String.self).count == 1)
    whole.close(now: 3, isWhole: true)
    #expect(shelf().values(of: ["/shop": 9, "/site": 2], as: String.self) == ["/site": "site's"])
  }
}

/// What the cache complained of.
private final class Complaints: Sendable {
  private let texts = Mutex<[String]>([])

  func add(_ text: String) { texts.withLock { $0.append(text) } }

  var all: [String] { texts.withLock { $0 } }
}
