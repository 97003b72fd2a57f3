/// What one write did to one file.
struct UndoRecord: Hashable, Sendable {
  /// The file, without links.
  var path: String
  /// Nil when it did not exist.
  var before: [UInt8]?
  var after: [UInt8]
  /// The run that wrote: files of one run are taken back together, and later runs have greater numbers.
  var run: UInt64

  init(path: String, before: [UInt8]?, after: [UInt8], run: UInt64 = 0) {
    self.path = path
    self.before = before
    self.after = after
    self.run = run
  }

  private static let magic = "headroom-undo 1"

  /// A line with the lengths and the run, then the path and the two texts as they are.
  var encoded: [UInt8] {
    let header = "\(Self.magic) \(path.utf8.count) \(before?.count ?? -1) \(after.count) \(run)\n"
    return Array(header.utf8) + Array(path.utf8) + (before ?? []) + after
  }

  /// Nil for anything that was not written whole.
  init?(decoding bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let header = String(decoding: bytes[..<end], as: UTF8.self)
    guard header.hasPrefix(Self.magic + " ") else { return nil }
    let numbers = header.dropFirst(Self.magic.count).split(separator: " ")
    let lengths = numbers.prefix(3).compactMap { Int($0) }
    guard numbers.count == 4, let run = UInt64(numbers[3]), lengths.count == 3, lengths[0] >= 0, lengths[1] >= -1,
      lengths[2] >= 0
    else { return nil }
    self.run = run
    let content = bytes[(end + 1)...]
    guard lengths.allSatisfy({ $0 <= content.count }),
      content.count == lengths[0] + max(0, lengths[1]) + lengths[2]
    else { return nil }
    path = String(decoding: content.prefix(lengths[0]), as: UTF8.self)
    before = lengths[1] < 0 ? nil : Array(content.dropFirst(lengths[0]).prefix(lengths[1]))
    after = Array(content.suffix(lengths[2]))
  }
}
