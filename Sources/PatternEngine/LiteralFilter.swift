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
    /// The last four bytes of the literal, folded like a gram: most of what comes so far differs there.
    var ending: UInt32
    /// Where the literal stands among the bytes of all, and how long it is.
    var start: Int32
    var length: Int32
  }

  private let tables: Tables

  /// Shorter literals hold no gram.
  public static let minimumLength = 4

  /// - Parameter literals: At least `minimumLength` bytes each; shorter ones are never found.
  public init(_ literals: [[UInt8]]) {
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    for (index, literal) in literals.enumerated() where literal.count >= Self.minimumLength {
      let folded = Self.folded(literal)
      for (gram, offset) in Self.grams(of: folded) {
        entries.append(
          Entry(
            gram: gram, literal: Int32(index), gramOffset: Int32(offset), ending: Self.gram(folded.suffix(4)),
            start: Int32(bytes.count), length: Int32(folded.count)))
      }
      bytes += folded
    }
    tables = Tables(entries, bytes, shift: UInt32(32 - Self.hashBits(for: entries.count)))
  }

  /// A literal as it is compared: literals that are folded to the same bytes are found together.
  public static func folded(_ literal: [UInt8]) -> [UInt8] { literal.map(asciiLowercased) }

  /// Calls `visit` for every occurrence of every literal, by rising position of its gram.
  /// - Parameter limit: How many bytes of the subject are looked at.
  public func scan(_ subject: [UInt8], limit: Int = .max, visit: (Hit) -> Void) {
    let count = min(subject.count, limit)
    guard !tables.isEmpty, count >= 4 else { return }
    unsafe subject.withUnsafeBufferPointer { buffer in
      guard let subject = buffer.baseAddress else { return }
      unsafe tables.scan(subject, count, visit)
    }
  }

  /// What a scan looks things up in. It never changes, so it may be shared between threads.
  @safe private final class Tables: @unchecked Sendable {
    /// A bit for each gram, by two hashes: few places of a subject pass both by chance.
    private let first: UnsafeMutablePointer<UInt64>
    private let second: UnsafeMutablePointer<UInt64>
    /// Where the entries of each bucket begin, and behind the last one their end.
    private let heads: UnsafeMutablePointer<Int32>
    /// By bucket.
    private let entries: UnsafeMutablePointer<Entry>
    private let bytes: UnsafeMutablePointer<UInt8>
    private let shift: UInt32
    let isEmpty: Bool

    init(_ list: [Entry], _ text: [UInt8], shift: UInt32) {
      self.shift = shift
      isEmpty = list.isEmpty
      let hashes = list.isEmpty ? 0 : 1 << Int(32 - shift)
      let buckets = hashes >> Self.bucketBits
      unsafe first = Self.zeros(hashes / 64, 0)
      unsafe second = Self.zeros(hashes / 64, 0)
      unsafe heads = Self.zeros(buckets + 1, 0)
      unsafe entries = .allocate(capacity: list.count)
      unsafe bytes = .allocate(capacity: text.count)
      for (index, byte) in text.enumerated() { unsafe bytes[index] = byte }
      for entry in list {
        let hash = Self.hash(entry.gram, shift)
        let other = Self.otherHash(entry.gram, shift)
        unsafe first[hash &>> 6] |= 1 &<< UInt64(hash & 63)
        unsafe second[other &>> 6] |= 1 &<< UInt64(other & 63)
        unsafe heads[hash >> Self.bucketBits + 1] += 1
      }
      for bucket in 0..<buckets { unsafe heads[bucket + 1] += heads[bucket] }
      // Each head moves to the end of its entries, and back when all are there.
      for entry in list {
        let bucket = Self.hash(entry.gram, shift) >> Self.bucketBits
        unsafe (entries + Int(heads[bucket])).initialize(to: entry)
        unsafe heads[bucket] += 1
      }
      for bucket in stride(from: buckets - 1, to: 0, by: -1) { unsafe heads[bucket] = heads[bucket - 1] }
      if buckets > 0 { unsafe heads[0] = 0 }
    }

    /// So many bits fewer than a hash has: a table of 32 KiB for the largest filter.
    private static let bucketBits = 4

    private static func zeros<Number>(_ count: Int, _ zero: Number) -> UnsafeMutablePointer<Number> {
      let numbers = UnsafeMutablePointer<Number>.allocate(capacity: count)
      unsafe numbers.initialize(repeating: zero, count: count)
      return unsafe numbers
    }

    deinit {
      unsafe first.deallocate()
      unsafe second.deallocate()
      unsafe heads.deallocate()
      unsafe entries.deallocate()
      unsafe bytes.deallocate()
    }

    func scan(_ subject: UnsafePointer<UInt8>, _ count: Int, _ visit: (Hit) -> Void) {
      let (first, second, shift) = unsafe (first, second, shift)
      var position = 0
      while position <= count - 4 {
        let gram =
          unsafe UnsafeRawPointer(subject + position).loadUnaligned(as: UInt32.self).littleEndian | 0x2020_2020
        let hash = Self.hash(gram, shift)
        if unsafe first[hash &>> 6] &>> UInt64(hash & 63) & 1 != 0 {
          let other = Self.otherHash(gram, shift)
          if unsafe second[other &>> 6] &>> UInt64(other & 63) & 1 != 0 {
            unsafe compare(subject, count, at: position, gram: gram, hash: hash, visit)
          }
        }
        position &+= 2
      }
    }

    /// Compares the literals that have this gram with what stands around it. Not a part of the loop above, which is to
    /// stay in the registers.
    @inline(never)
    private func compare(
      _ subject: UnsafePointer<UInt8>, _ count: Int, at position: Int, gram: UInt32, hash: Int, _ visit: (Hit) -> Void
    ) {
      let bucket = hash &>> Self.bucketBits
      for index in unsafe Int(heads[bucket])..<Int(heads[bucket + 1]) {
        let entry = unsafe entries[index]
        let start = position - Int(entry.gramOffset)
        let length = Int(entry.length)
        guard entry.gram == gram, start >= 0, start + length <= count else { continue }
        let ending = unsafe UnsafeRawPointer(subject + start + length - 4).loadUnaligned(as: UInt32.self)
        guard ending.littleEndian | 0x2020_2020 == entry.ending else { continue }
        let literal = unsafe bytes + Int(entry.start)
        var matched = 0
        while matched < length, unsafe asciiLowercased(subject[start + matched]) == literal[matched] { matched += 1 }
        if matched == length { visit(Hit(literal: Int(entry.literal), offset: start)) }
      }
    }

    /// Folds more than letters, which only lets a few more positions through to the full comparison.
    @inline(__always)
    private static func hash(_ gram: UInt32, _ shift: UInt32) -> Int {
      Int(truncatingIfNeeded: (gram &* 0x9E37_79B1) &>> shift)
    }

    @inline(__always)
    private static func otherHash(_ gram: UInt32, _ shift: UInt32) -> Int {
      Int(truncatingIfNeeded: (gram &* 0x85EB_CA6B) &>> shift)
    }
  }

  /// Enough that few places pass by chance, and never so many that a bitmap (16 KiB) leaves the first cache.
  private static func hashBits(for grams: Int) -> Int {
    min(17, max(8, Int.bitWidth - (grams * 32).leadingZeroBitCount))
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
    func weight(_ start: Int) -> Int {
      weights[start..<start + 4].reduce(0, +) + weights[start + 1..<start + 5].reduce(0, +)
    }
    return (0...(literal.count - 5)).max { weight($0) < weight($1) } ?? 0
  }
}
