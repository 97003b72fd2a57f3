import CZstd
import SessionModel
import TestSupport
import Testing

@testable import SessionReaders

/// Packed rollouts of Codex.
@Suite struct ArchiveTests {
  static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var target = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = unsafe ZSTD_compress(&target, target.count, bytes, bytes.count, 3)
    return Array(target.prefix(count))
  }

  private static let name = "sessions/2026/02/01/rollout-2026-02-01T09-00-00-s1.jsonl"

  private func log(calls: Int, size: Int) -> [UInt8] {
    CodexWriter().log(
      of: (0..<calls).map { index in
        .call(.init("call_\(10_000_000 + index)a", "make", output: String(repeating: "y", count: size)))
      })
  }

  private func read(_ home: TestFolder) throws -> ReadHome {
    try ReadHome(CodexPlugin(), in: AgentEnvironment(variables: ["CODEX_HOME": home.path], home: "/nobody"))
  }

  @Test func unpacksAsItReads() throws {
    let home = try TestFolder()
    // More than one buffer of the reader, and much more than one of the decoder.
    try home.write(Self.packed(log(calls: 300, size: 9000)), to: Self.name + ".zst")
    let read = try read(home)
    #expect(read.calls.count == 300)
    #expect(read.calls.last?.output.utf8.count == 9000)
    #expect(read.allIssues.isEmpty)
  }

  @Test func readsFramesOneAfterAnother() throws {
    let home = try TestFolder()
    let bytes = log(calls: 4, size: 100)
    try home.write(Self.packed(Array(bytes[..<900])) + Self.packed(Array(bytes[900...])), to: Self.name + ".zst")
    #expect(try read(home).calls.count == 4)
  }

  @Test func prefersThePlainSibling() throws {
    let home = try TestFolder()
    try home.write(Self.packed(log(calls: 2, size: 10)), to: Self.name + ".zst")
    try home.write(log(calls: 3, size: 10), to: Self.name)
    let read = try read(home)
    #expect(read.logs.count == 1)
    #expect(read.calls.count == 3)
  }

  @Test func keepsWhatStandsBeforeTheCut() throws {
    let home = try TestFolder()
    // Noise, so that the archive is about as long as the log.
    var random = SplitMix64(seed: 7)
    let entries = (0..<40).map { index in
      var call = SessionEntry.Call("call_\(10_000_000 + index)a", "make")
      call.output = (0..<40_000).map { _ in UInt8.random(in: 48...122, using: &random) }
      return SessionEntry.call(call)
    }
    let archive = Self.packed(CodexWriter().log(of: entries))
    try home.write(archive.dropLast(archive.count / 8), to: Self.name + ".zst")
    let read = try read(home)
    #expect((1..<40).contains(read.calls.count))
    #expect(read.allIssues.map(\.kind) == [.unreadableFile])
  }

  @Test func reportsWhatIsNoArchive() throws {
    let home = try TestFolder()
    try home.write("plain text under a wrong name", to: Self.name + ".zst")
    let read = try read(home)
    #expect(read.logs.isEmpty)
    #expect(read.issues.map(\.kind) == [.unreadableFile])
  }
}
