import Foundation
import TestSupport
import Testing

@testable import SessionReaders

@Suite struct JSONLineReaderTests {
  private enum Read: Equatable {
    case line([UInt8], number: Int, isTerminated: Bool)
    case oversized(Int)
  }

  private func lines(of bytes: [UInt8], limit: Int = LineReader.lineLimit) throws -> [Read] {
    let file = try TemporaryFile(bytes)
    defer { file.remove() }
    var reader = try LineReader(path: file.path, limit: limit)
    var read: [Read] = []
    while let line = try reader.next() {
      switch line {
      case .bytes(let bytes, let number, let isTerminated):
        read.append(unsafe .line(Array(bytes), number: number, isTerminated: isTerminated))
      case .oversized(let number): read.append(.oversized(number))
      }
    }
    return read
  }

  /// The same by splitting the whole text.
  private func expected(_ bytes: [UInt8], limit: Int) -> [Read] {
    var parts = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let last = parts.removeLast()
    var read = parts.enumerated().map { index, part -> Read in
      part.count > limit ? .oversized(index + 1) : .line(Array(part), number: index + 1, isTerminated: true)
    }
    if !last.isEmpty {
      read.append(
        last.count > limit
          ? .oversized(parts.count + 1) : .line(Array(last), number: parts.count + 1, isTerminated: false))
    }
    return read
  }

  @Test(arguments: ["", "\n", "a", "a\n", "a\nb", "\n\na\n\n", "a\r\nb\r\n"])
  func smallFiles(text: String) throws {
    #expect(try lines(of: Array(text.utf8)) == expected(Array(text.utf8), limit: .max))
  }

  @Test(arguments: [-2, -1, 0, 1, 2])
  func linesAroundTheSizeOfTheBuffer(shift: Int) throws {
    let long = [UInt8](repeating: 97, count: LineReader.chunk + shift)
    for text in [
      long, long + [10], [10] + long + [10, 98], long + [10] + long + [10] + long, [98, 10] + long + long + [10, 99],
    ] {
      #expect(try lines(of: text) == expected(text, limit: .max))
    }
  }

  @Test(arguments: [0, 1, 5, 6, 7, 20])
  func theLimitDoesNotDependOnWhereALineStands(limit: Int) throws {
    let text = Array("123456\n12345\n1234567\n\n1\n123456".utf8)
    #expect(try lines(of: text, limit: limit) == expected(text, limit: limit))
  }

  @Test(arguments: [LineReader.chunk / 2, LineReader.chunk, LineReader.chunk * 2, LineReader.chunk * 2 + 1])
  func longLinesOverTheLimitArePassedOver(limit: Int) throws {
    let long = [UInt8](repeating: 97, count: LineReader.chunk * 2 + 1)
    for text in [long, long + [10], [98, 10] + long + [10, 99, 10] + long + long + [10] + long] {
      #expect(try lines(of: text, limit: limit) == expected(text, limit: limit))
    }
  }

  @Test func randomFiles() throws {
    var random = SplitMix64(seed: 21)
    for _ in 0..<rounds(12) {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        let size = random.pick([
          0, 1, 100, LineReader.chunk - 1, LineReader.chunk, Int.random(in: 0...(LineReader.chunk * 2), using: &random),
        ])
        text += [UInt8](repeating: random.pick(Array("ab\r".utf8)), count: size)
        if random.chance(90) { text.append(10) }
      }
      let limit = random.pick([10, LineReader.chunk, LineReader.chunk * 3])
      #expect(try lines(of: text, limit: limit) == expected(text, limit: limit))
    }
  }

  @Test func whatCannotBeReadSaysWhy() throws {
    #expect(throws: ReadError.self) { _ = try lines(at: "/no/such/file") }
    #expect(throws: ReadError(path: "/tmp", reason: "it is a folder")) { _ = try lines(at: "/tmp") }
  }

  private func lines(at path: String) throws -> Int {
    var reader = try LineReader(path: path)
    var count = 0
    while try reader.next() != nil { count += 1 }
    return count
  }
}

/// A file or folder of its own that goes away with `remove`.
struct TemporaryFile {
  let path: String

  init(_ bytes: [UInt8] = []) throws {
    path = FileManager.default.temporaryDirectory.path + "/headroom-readers-" + UUID().uuidString
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private init(folder: String) throws {
    path = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  static func folder() throws -> TemporaryFile {
    try TemporaryFile(folder: FileManager.default.temporaryDirectory.path + "/headroom-readers-" + UUID().uuidString)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
