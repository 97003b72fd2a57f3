import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// libzstd is reached through one file, and one file starts programs.
@Suite struct DoorTests {
  @Test(arguments: [
    ("CZstd", "SessionReaders/Bytes/ZstdDecoder.swift"),
    ("CSpawn", "SessionReaders/External/ProgramRun.swift"),
  ])
  func hasOneDoor(_ module: String, _ door: String) throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources").path
    let importing = try FileManager.default.subpathsOfDirectory(atPath: sources).filter { name in
      guard name.hasSuffix(".swift"), let bytes = FileManager.default.contents(atPath: sources + "/" + name) else {
        return false
      }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { $0.hasSuffix("import \(module)") }
    }
    #expect(importing == [door])
  }
}
