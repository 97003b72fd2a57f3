/// Finds which of many literals occur in a subject, in one pass: a bitmap of four-byte grams rejects almost every
/// position, and what passes is compared in full. ASCII letters are compared without case.
public struct LiteralFilter: Sendable {
  /// An occurrence of a literal.
  public struct Hit: Hashable, Sendable {
    /// Index of the literal, in the order given.
    public var literal: Int
    /// Byte offset of the literal in the subject.
    public var offset: Int
  }

  private struct Entry {
    var literal: Int32
    /// Where the gram stands in the literal.
    var gramOffset: Int32
    /// The next entry of the same gram hash, or -1.
    var next: Int32
  }

  private let literals: [[UInt8]]
  private let bitmap: [UInt64]
  /// The first entry of each gram hash, or -1.
  private let heads: [Int32]
  private let entries: [Entry]

  /// - Parameter literals: At least `RequiredLiterals.minimumLength` bytes each; shorter ones are never found.
  public init(_ literals: [[UInt8]]) {
    let folded = literals.map { $0.map(asciiLowercased) }
    var bitmap = [UInt64](repeating: 0, count: 1024)
    var heads = [Int32](repeating: -1, count: literals.isEmpty ? 0 : 1 << 16)
    var entries: [Entry] = []
    for (index, literal) in folded.enumerated() where literal.count >= RequiredLiterals.minimumLength {
      let offset = Self.rarestGram(in: literal)
      let hash = Self.hash(Self.gram(in: literal, at: offset))
      bitmap[Int(hash >> 6)] |= 1 << UInt64(hash & 63)
      entries.append(Entry(literal: Int32(index), gramOffset: Int32(offset), next: heads[Int(hash)]))
      heads[Int(hash)] = Int32(entries.count - 1)
    }
    self.literals = folded
    self.bitmap = bitmap
    self.heads = heads
    self.entries = entries
  }

  /// Calls `visit` for every occurrence of every literal, by rising position of its gram.
  public func scan(_ subject: [UInt8], visit: (Hit) -> Void) {
    guard !entries.isEmpty, subject.count >= 4 else { return }
    let count = subject.count
    unsafe subject.withUnsafeBufferPointer { bytes in
      unsafe bitmap.withUnsafeBufferPointer { bits in
        var window = unsafe UInt32(bytes[0]) << 8 | UInt32(bytes[1]) << 16 | UInt32(bytes[2]) << 24
        for end in 3..<count {
          window = unsafe window >> 8 | UInt32(bytes[end]) << 24
          let hash = Self.hash(window | 0x2020_2020)
          guard unsafe bits[Int(hash >> 6)] & (1 << UInt64(hash & 63)) != 0 else { continue }
          var index = heads[Int(hash)]
          while index >= 0 {
            let entry = entries[Int(index)]
            index = entry.next
            let literal = literals[Int(entry.literal)]
            let start = end - 3 - Int(entry.gramOffset)
            guard start >= 0, start + literal.count <= count else { continue }
            var matched = 0
            while matched < literal.count, unsafe asciiLowercased(bytes[start + matched]) == literal[matched] {
              matched += 1
            }
            if matched == literal.count { visit(Hit(literal: Int(entry.literal), offset: start)) }
          }
        }
      }
    }
  }

  /// Folds more than letters, which only lets a few more positions through to the full comparison.
  @inline(__always)
  private static func hash(_ gram: UInt32) -> UInt16 {
    UInt16(truncatingIfNeeded: (gram &* 0x9E37_79B1) >> 16)
  }

  private static func gram(in literal: [UInt8], at offset: Int) -> UInt32 {
    var gram: UInt32 = 0
    for index in 0..<4 { gram |= UInt32(literal[offset + index] | 0x20) << UInt32(8 * index) }
    return gram
  }

  /// Letters of English prose and program text, most frequent first: a gram of late letters is rare.
  private static let frequency = Array(" etaoinsrlcdupmhgf_-./:bvy0123456789wkxq'\"()[]{}<>=,;jz".utf8)

  private static func rarestGram(in literal: [UInt8]) -> Int {
    func rarity(_ byte: UInt8) -> Int { frequency.firstIndex(of: byte) ?? frequency.count }
    let offsets = 0...(literal.count - 4)
    return offsets.max { left, right in
      literal[left..<(left + 4)].reduce(0) { $0 + rarity($1) }
        < literal[right..<(right + 4)].reduce(0) { $0 + rarity($1) }
    } ?? 0
  }
}
