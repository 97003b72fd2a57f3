import AnalysisCache
import Foundation
import RuleEngine
import SessionModel
import SessionReaders
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

  private func shelf(_ fingerprint: UInt64 = 1) -> LogShelf {
    let store = AnalysisStore(folder: folder + "/cache") { Issue.record("\($0)") }
    let key = ShelfKey(agent: "claude", place: "/x", fingerprint: fingerprint, holdsNamedLogs: false)
    return LogShelf(key, in: store)
  }

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
