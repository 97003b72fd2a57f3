import Foundation
import Testing

@testable import ContextFiles

@Suite("Taking back the last write")
struct UndoTests {
  private let place: Playground

  init() throws { place = try Playground() }

  @Test func theBytesBeforeTheLastWriteComeBack() throws {
    try place.put("one\n", mode: 0o600)
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    _ = try place.replacer().replace(place.file, with: adding("three\n"))
    #expect(try place.replacer().undoable() == [place.file])
    let result = try place.replacer().undo(place.file)
    #expect(result.before == Array("one\ntwo\nthree\n".utf8))
    #expect(place.text() == "one\ntwo\n")
    #expect(try place.status().mode == 0o600)
    #expect(throws: UndoError.nothingRecorded(path: place.file)) { try place.replacer().undo(place.file) }
    #expect(try place.replacer().undoable().isEmpty)
  }

  @Test func onlyTheLastRunIsTakenBackAsAWhole() throws {
    let other = place.home + "/other.md"
    func write(_ path: String, run: UInt64) throws {
      let replacer = FileReplacer(roots: [place.home], stateFolder: place.state, run: run)
      _ = try replacer.replace(path, with: adding("\(run)\n"))
    }
    try write(place.file, run: 1)
    try write(other, run: 1)
    try write(place.file, run: 2)
    #expect(try place.replacer().lastWritten() == [place.file])
    _ = try place.replacer().undo(place.file)
    // What the first run made of the other file is on record, and of this one it is not.
    #expect(try place.replacer().lastWritten().isEmpty)
    #expect(try place.replacer().undoable() == [other])
    try write(place.file, run: 3)
    try write(other, run: 3)
    #expect(try place.replacer().lastWritten() == [place.file, other].sorted())
    _ = try place.replacer().undo(place.file)
    #expect(try place.replacer().lastWritten() == [other])
  }

  @Test func aFileThatWasMadeGoesAway() throws {
    _ = try place.replacer().replace(place.file, with: adding("one\n"))
    let result = try place.replacer().undo(place.file)
    #expect(result.after == nil && result.changed)
    #expect(try place.names().isEmpty)
  }

  @Test func aFileThatHasChangedIsKeptUnlessForced() throws {
    try place.put("one\n")
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    place.append("theirs\n")
    let conflict = UndoError.changedSince(
      path: place.file, before: Array("one\n".utf8), written: Array("one\ntwo\n".utf8),
      current: Array("one\ntwo\ntheirs\n".utf8))
    #expect(throws: conflict) { try place.replacer().undo(place.file) }
    #expect(place.text() == "one\ntwo\ntheirs\n")
    _ = try place.replacer().undo(place.file, force: true)
    #expect(place.text() == "one\n")
  }

  @Test func aFileThatWasRemovedIsAChange() throws {
    try place.put("one\n")
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    try FileManager.default.removeItem(atPath: place.file)
    #expect(throws: UndoError.self) { try place.replacer().undo(place.file) }
    _ = try place.replacer().undo(place.file, force: true)
    #expect(place.text() == "one\n")
  }

  @Test func aWriteThatFailsKeepsTheRecordOfTheOneBefore() throws {
    try place.put("one\n")
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    var calls = SystemCalls.live
    calls.rename = { old, new, kind throws(CallFailure) in
      if kind == .swapping { throw CallFailure(call: "rename", path: new, code: ENOSPC) }
      try SystemCalls.live.rename(old, new, kind)
    }
    #expect(throws: WriteError.self) { try place.replacer(calls).replace(place.file, with: adding("three\n")) }
    _ = try place.replacer().undo(place.file)
    #expect(place.text() == "one\n")
  }

  @Test func theRecordIsFoundThroughALink() throws {
    try place.put("one\n", at: place.home + "/real.md")
    try FileManager.default.createSymbolicLink(atPath: place.file, withDestinationPath: "real.md")
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    _ = try place.replacer().undo(place.home + "/real.md")
    #expect(place.text() == "one\n")
  }

  @Test func whatIsSavedIsForTheOwnerOnly() throws {
    try place.put("one\n")
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    let name = try #require(try place.names(in: place.state + "/undo").first)
    #expect(try place.status(of: place.state + "/undo/" + name).mode == 0o600)
  }

  @Test func recordsReadBackAndTornOnesDoNot() {
    for before in [nil, [], [0x00, 0x0A, 0xFF]] as [[UInt8]?] {
      let record = UndoRecord(path: "/a b\n/é", before: before, after: [0x0A], run: .max)
      #expect(UndoRecord(decoding: record.encoded) == record)
      for length in 0..<record.encoded.count {
        #expect(UndoRecord(decoding: Array(record.encoded.prefix(length))) == nil)
      }
    }
    for text in [
      "headroom-undo 1 9223372036854775807 9223372036854775807 1 0\n", "headroom-undo 1 -1 0 0 0\n",
      "headroom-undo 1 1 -1 0\nx", "\n",
    ] {
      #expect(UndoRecord(decoding: Array(text.utf8)) == nil)
    }
  }
}
