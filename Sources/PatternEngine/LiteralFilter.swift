/// Finds which of many literals occur in a subject, in one pass. Of two grams of four bytes, one byte apart, in every
/// literal one starts at an even place of the subject: only those are looked at, and a bitmap rejects almost all of them.
/// What passes is compared in full. ASCII letters are compared without case.
///
/// A literal of four bytes holds one gram only: the other one is made of its first three bytes and each byte that may
/// stand before them.
public struct LiteralFilter: Sendable {
  /// An occurrence of a literal.
  public struct Hit: Hashable, Sendable {
    /// Index of the literal, in the order given.
    public var literal: Int
    /// Byte offset of the literal in the subject.
    public var offset: Int
  }

  private struct Entry {
    /// The folded gram that leads here.
    var gram: UInt32
    var literal: Int32
    /// Where the gram stands in the literal.
    var gramOffset: Int32
    /// Where the literal stands among the bytes of all, and how long it is.
    var start: Int32
    var length: Int32
  }

  private let bytes: [UInt8]
  /// A bit for each gram, by two hashes: few places of a subject pass both by chance.
  private let first: [UInt64]
  private let second: [UInt64]
  /// Where the entries of each hash begin, and behind the last one their end.
  private let heads: [Int32]
  /// Sorted by hash.
  private let entries: [Entry]
  private let hashBits: UInt32

  /// Shorter literals hold no gram.
  public static let minimumLength = 4

  /// - Parameter literals: At least `minimumLength` bytes each; shorter ones are never found.
  public init(_ literals: [[UInt8]]) {
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    for (index, literal) in literals.enumerated() where literal.count >= Self.minimumLength {
      let folded = literal.map(asciiLowercased)
      for (gram, offset) in Self.grams(of: folded) {
        entries.append(
          Entry(
            gram: gram, literal: Int32(index), gramOffset: Int32(offset), start: Int32(bytes.count),
            length: Int32(folded.count)))
      }
      bytes += folded
    }
    let hashBits = Self.hashBits(for: entries.count)
    var first = [UInt64](repeating: 0, count: entries.isEmpty ? 0 : 1 << (hashBits - 6))
    var second = first
    var heads = [Int32](repeating: 0, count: entries.isEmpty ? 0 : 1 << hashBits + 1)
    for entry in entries {
      let hash = Self.hash(entry.gram, hashBits)
      let other = Self.otherHash(entry.gram, hashBits)
      first[hash >> 6] |= 1 << UInt64(hash & 63)
      second[other >> 6] |= 1 << UInt64(other & 63)
      heads[hash + 1] += 1
    }
    for hash in heads.indices.dropFirst() { heads[hash] += heads[hash - 1] }
    self.bytes = bytes
    self.first = first
    self.second = second
    self.heads = heads
    self.entries = entries.sorted { left, right in
      (Self.hash(left.gram, hashBits), left.literal, left.gramOffset)
        < (Self.hash(right.gram, hashBits), right.literal, right.gramOffset)
    }
    self.hashBits = hashBits
  }

  /// Calls `visit` for every occurrence of every literal, by rising position of its gram.
  /// - Parameter limit: How many bytes of the subject are looked at.
  public func scan(_ subject: [UInt8], limit: Int = .max, visit: (Hit) -> Void) {
    guard !entries.isEmpty, subject.count >= 4, limit >= 4 else { return }
    unsafe subject.withUnsafeBytes { subject in
      let subject = unsafe UnsafeRawBufferPointer(rebasing: subject.prefix(limit))
      unsafe first.withUnsafeBufferPointer { first in
        unsafe second.withUnsafeBufferPointer { second in
          let last = subject.count - 4
          var position = 0
          while position <= last {
            let gram = unsafe subject.loadUnaligned(fromByteOffset: position, as: UInt32.self).littleEndian | 0x2020_2020
            let hash = Self.hash(gram, hashBits)
            if unsafe first[hash >> 6] & (1 << UInt64(hash & 63)) != 0 {
              let other = Self.otherHash(gram, hashBits)
              if unsafe second[other >> 6] & (1 << UInt64(other & 63)) != 0 {
                unsafe compare(subject, at: position, gram: gram, hash: hash, visit: visit)
              }
            }
            position += 2
          }
        }
      }
    }
  }

  /// Compares the literals that have this gram with what stands around it.
  private func compare(
    _ subject: UnsafeRawBufferPointer, at position: Int, gram: UInt32, hash: Int, visit: (Hit) -> Void
  ) {
    for index in Int(heads[hash])..<Int(heads[hash + 1]) {
      let entry = entries[index]
      let start = position - Int(entry.gramOffset)
      let length = Int(entry.length)
      guard entry.gram == gram, start >= 0, start + length <= subject.count else { continue }
      let literal = Int(entry.start)
      var matched = 0
      while matched < length, unsafe asciiLowercased(subject[start + matched]) == bytes[literal + matched] {
        matched += 1
      }
      if matched == length { visit(Hit(literal: Int(entry.literal), offset: start)) }
    }
  }

  /// Enough that few places pass by chance, and never so many that a bitmap (16 KiB) leaves the first cache.
  private static func hashBits(for grams: Int) -> UInt32 {
    UInt32(min(17, max(8, Int.bitWidth - (grams * 32).leadingZeroBitCount)))
  }

  /// Folds more than letters, which only lets a few more positions through to the full comparison.
  @inline(__always)
  private static func hash(_ gram: UInt32, _ hashBits: UInt32) -> Int {
    Int(truncatingIfNeeded: (gram &* 0x9E37_79B1) >> (32 - hashBits))
  }

  @inline(__always)
  private static func otherHash(_ gram: UInt32, _ hashBits: UInt32) -> Int {
    Int(truncatingIfNeeded: (gram &* 0x85EB_CA6B) >> (32 - hashBits))
  }

  /// The grams that lead to a literal, with where they stand in it: one at an even distance from its start, one at an odd.
  private static func grams(of literal: [UInt8]) -> [(gram: UInt32, offset: Int)] {
    func gram(at offset: Int) -> (UInt32, Int) { (Self.gram(literal[offset..<offset + 4]), offset) }
    if literal.count > minimumLength {
      let offset = rarestPair(in: literal)
      return [gram(at: offset), gram(at: offset + 1)]
    }
    // Folding leaves half of all bytes.
    let before = (UInt8.min...UInt8.max).filter { $0 & 0x20 != 0 }
    return [gram(at: 0)] + before.map { (Self.gram([$0] + literal.prefix(3)), -1) }
  }

  private static func gram(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1 | 0x20) }
  }

  /// How rare each byte is in English prose and program text: a gram of late letters is rare.
  private static let rarity: [Int] = {
    let byFrequency = Array(" etaoinsrlcdupmhgf_-./:bvy0123456789wkxq'\"()[]{}<>=,;jz".utf8)
    var rarity = [Int](repeating: byFrequency.count, count: 256)
    for (place, byte) in byFrequency.enumerated() { rarity[Int(byte)] = place }
    return rarity
  }()

  /// Where the two grams start, side by side, that are least to be met by chance.
  private static func rarestPair(in literal: [UInt8]) -> Int {
    let weights = literal.map { rarity[Int($0)] }
    // The bytes inside belong to both grams.
    func weight(_ start: Int) -> Int { weights[start..<start + 4].reduce(0, +) + weights[start + 1..<start + 5].reduce(0, +) }
    return (0...(literal.count - 5)).max { weight($0) < weight($1) } ?? 0
  }
}
