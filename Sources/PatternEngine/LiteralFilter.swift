/// Finds which of many literals occur in a subject, in one pass. Of two windows of six bytes, one byte apart, in every
/// literal one starts at an even place of the subject: only those are looked at. A bitmap rejects almost all of them by
/// their first four bytes, and another one most of the rest by all six. What passes is compared in full.
///
/// A literal of less than seven bytes is led to by four bytes alone. One of four holds no second window: at an odd place it
/// is told by its first three bytes and each byte that may stand before them.
public struct LiteralFilter: Sendable {
  /// An occurrence of a literal.
  public struct Hit: Hashable, Sendable {
    /// Index of the literal, in the order given.
    public var literal: Int
    /// Byte offset of the literal in the subject.
    public var offset: Int
  }

  private struct Entry {
    /// The folded gram, four bytes, that leads here.
    var gram: UInt32
    var literal: Int32
    /// Where the gram stands in the literal.
    var gramOffset: Int32
    /// The last four bytes of the literal, folded like a gram: most of what comes so far differs there.
    var ending: UInt32
    /// Where the literal stands among the bytes of all, and how long it is.
    var start: Int32
    var length: Int32
    var ignoresCase: Bool
  }

  private let tables: Tables

  /// Shorter literals hold no gram.
  public static let minimumLength = 4

  /// - Parameter literals: At least `minimumLength` bytes each; shorter ones are never found.
  public init(_ literals: [Literal]) {
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    var marks = Marks()
    for (index, literal) in literals.enumerated() where literal.count >= Self.minimumLength {
      for offset in marks.add(literal.bytes.map(asciiLowercased)) {
        entries.append(
          Entry(
            gram: Self.gram(literal.bytes[offset...]), literal: Int32(index), gramOffset: Int32(offset),
            ending: Self.gram(literal.bytes.suffix(4)), start: Int32(bytes.count), length: Int32(literal.count),
            ignoresCase: literal.ignoresCase))
      }
      bytes += literal.bytes
    }
    tables = Tables(marks, entries, bytes)
  }

  /// Calls `visit` for every occurrence of every literal, in the order of where they are noticed.
  /// - Parameter limit: How many bytes of the subject are looked at.
  public func scan(_ subject: [UInt8], limit: Int = .max, visit: (Hit) -> Void) {
    let count = min(subject.count, limit)
    guard !tables.isEmpty, count >= Self.minimumLength else { return }
    unsafe subject.withUnsafeBufferPointer { buffer in
      guard let subject = buffer.baseAddress else { return }
      unsafe tables.scan(subject, count, visit)
    }
  }

  /// What the bitmaps are to let pass.
  private struct Marks {
    /// The first four bytes at an even place.
    var first: [UInt64] = []
    /// Six bytes at an even place, the first of which are in the lowest bits.
    var six: [UInt64] = []
    /// All that is asked of four bytes.
    var four: [UInt64] = []

    /// Takes in what leads to a literal.
    /// - Returns: Where the grams stand in it.
    mutating func add(_ literal: [UInt8]) -> [Int] {
      if literal.count == minimumLength {
        let gram = UInt64(gram(literal[...]))
        four += [gram, gram | behind]
        first.append(gram)
        // Folding leaves half of all bytes.
        for byte in UInt64(0)...255 where byte & 0x20 != 0 { first.append(gram << 8 & 0xFFFF_FFFF | byte) }
        return [0]
      }
      let window = min(literal.count - 1, LiteralFilter.window)
      let offset = rarestPair(of: window, in: literal)
      for offset in [offset, offset + 1] {
        let gram = UInt64(gram(literal[offset...]))
        first.append(gram)
        if window == LiteralFilter.window {
          six.append(LiteralFilter.six(literal[offset...]))
        } else {
          four.append(gram)
        }
      }
      return [offset, offset + 1]
    }
  }

  /// Tells four bytes behind an even place from those at one.
  private static let behind: UInt64 = 1 << 32

  /// What a scan looks things up in. It never changes, so it may be shared between threads.
  @safe private final class Tables: @unchecked Sendable {
    private let first: Bitmap
    private let six: Bitmap
    private let four: Bitmap
    /// Where the entries of each bucket begin, and behind the last one their end.
    private let heads: UnsafeMutablePointer<Int32>
    /// By bucket.
    private let entries: UnsafeMutablePointer<Entry>
    private let bytes: UnsafeMutablePointer<UInt8>
    private let bucketShift: UInt64
    let isEmpty: Bool

    init(_ marks: Marks, _ list: [Entry], _ text: [UInt8]) {
      isEmpty = list.isEmpty
      first = Bitmap(marks.first)
      six = Bitmap(marks.six)
      four = Bitmap(marks.four)
      let bits = max(1, Int.bitWidth - list.count.leadingZeroBitCount)
      bucketShift = UInt64(64 - bits)
      let buckets = 1 << bits
      unsafe heads = .allocate(capacity: buckets + 1)
      unsafe heads.initialize(repeating: 0, count: buckets + 1)
      unsafe entries = .allocate(capacity: list.count)
      unsafe bytes = .allocate(capacity: text.count)
      for (index, byte) in text.enumerated() { unsafe bytes[index] = byte }
      for entry in list { unsafe heads[bucket(entry.gram) + 1] += 1 }
      for bucket in 0..<buckets { unsafe heads[bucket + 1] += heads[bucket] }
      // Each head moves to the end of its entries, and back when all are there.
      for entry in list {
        let bucket = bucket(entry.gram)
        unsafe (entries + Int(heads[bucket])).initialize(to: entry)
        unsafe heads[bucket] += 1
      }
      for bucket in stride(from: buckets - 1, to: 0, by: -1) { unsafe heads[bucket] = heads[bucket - 1] }
      unsafe heads[0] = 0
    }

    deinit {
      first.deallocate()
      six.deallocate()
      four.deallocate()
      unsafe heads.deallocate()
      unsafe entries.deallocate()
      unsafe bytes.deallocate()
    }

    func scan(_ subject: UnsafePointer<UInt8>, _ count: Int, _ visit: (Hit) -> Void) {
      let (first, six, four) = (first, six, four)
      var position = 0
      while position <= count - 4 {
        let word = unsafe Self.word(subject + position, count - position)
        // Without a branch for each: which of them says yes cannot be foreseen.
        if first.contains(word & 0xFFFF_FFFF) != 0,
          six.contains(word & sixBytes) | four.contains(word & 0xFFFF_FFFF)
            | four.contains(word >> 8 & 0xFFFF_FFFF | behind) != 0
        {
          unsafe look(subject, count, at: position, word, visit)
        }
        position &+= 2
      }
    }

    /// Eight bytes, folded, the first of which are in the lowest bits; behind the end there are spaces.
    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
      if count >= 8 { return unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self).littleEndian | folds }
      return (0..<count).reversed().reduce(0) { unsafe $0 << 8 | UInt64(bytes[$1]) } | folds
    }

    /// Not a part of the loop above, which is to stay in the registers.
    @inline(never)
    private func look(
      _ subject: UnsafePointer<UInt8>, _ count: Int, at position: Int, _ word: UInt64, _ visit: (Hit) -> Void
    ) {
      unsafe compare(subject, count, at: position, UInt32(truncatingIfNeeded: word), upTo: .max, visit)
      let next = UInt32(truncatingIfNeeded: word >> 8)
      if four.contains(UInt64(next) | behind) != 0 {
        unsafe compare(subject, count, at: position + 1, next, upTo: minimumLength, visit)
      }
    }

    /// Compares the literals that have this gram with what stands around it.
    private func compare(
      _ subject: UnsafePointer<UInt8>, _ count: Int, at position: Int, _ gram: UInt32, upTo longest: Int,
      _ visit: (Hit) -> Void
    ) {
      let bucket = bucket(gram)
      for index in unsafe Int(heads[bucket])..<Int(heads[bucket + 1]) {
        let entry = unsafe entries[index]
        let start = position - Int(entry.gramOffset)
        let length = Int(entry.length)
        guard entry.gram == gram, length <= longest, start >= 0, start + length <= count else { continue }
        let ending = unsafe UnsafeRawPointer(subject + start + length - 4).loadUnaligned(as: UInt32.self)
        guard ending.littleEndian | 0x2020_2020 == entry.ending else { continue }
        let literal = unsafe bytes + Int(entry.start)
        var matched = 0
        if entry.ignoresCase {
          while matched < length, unsafe asciiLowercased(subject[start + matched]) == literal[matched] { matched += 1 }
        } else {
          while matched < length, unsafe subject[start + matched] == literal[matched] { matched += 1 }
        }
        if matched == length { visit(Hit(literal: Int(entry.literal), offset: start)) }
      }
    }

    private func bucket(_ gram: UInt32) -> Int { Int(truncatingIfNeeded: (UInt64(gram) &* multiplier) &>> bucketShift) }
  }

  /// Says of a number that it may be one of many, or that it is none.
  @safe private struct Bitmap {
    private let words: UnsafeMutablePointer<UInt64>
    private let shift: UInt64

    init(_ numbers: [UInt64]) {
      // Enough that few pass by chance, and never so many that it leaves the first cache (16 KiB).
      let bits = min(17, max(8, Int.bitWidth - (numbers.count * 32).leadingZeroBitCount))
      shift = UInt64(64 - bits)
      unsafe words = .allocate(capacity: 1 << (bits - 6))
      unsafe words.initialize(repeating: 0, count: 1 << (bits - 6))
      for number in numbers {
        let place = place(of: number)
        unsafe words[place &>> 6] |= 1 &<< UInt64(place & 63)
      }
    }

    func deallocate() { unsafe words.deallocate() }

    @inline(__always)
    func contains(_ number: UInt64) -> UInt64 {
      let place = place(of: number)
      return unsafe words[place &>> 6] &>> UInt64(place & 63) & 1
    }

    @inline(__always)
    private func place(of number: UInt64) -> Int { Int(truncatingIfNeeded: (number &* multiplier) &>> shift) }
  }

  private static let window = 6

  private static func gram(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1 | 0x20) }
  }

  private static func six(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.prefix(window).reversed().reduce(0) { $0 << 8 | UInt64($1 | 0x20) }
  }

  /// How rare each byte is in English prose and program text: a gram of late letters is rare.
  private static let rarity: [Int] = {
    let byFrequency = Array(" etaoinsrlcdupmhgf_-./:bvy0123456789wkxq'\"()[]{}<>=,;jz".utf8)
    var rarity = [Int](repeating: byFrequency.count, count: 256)
    for (place, byte) in byFrequency.enumerated() { rarity[Int(byte)] = place }
    return rarity
  }()

  /// Where the two windows start, side by side, that are least to be met by chance.
  private static func rarestPair(of window: Int, in literal: [UInt8]) -> Int {
    func weight(_ place: Int) -> Int { rarity[Int(literal[place])] }
    var best = (start: 0, weight: -1)
    for start in 0...(literal.count - window - 1) {
      // The bytes inside belong to both grams.
      let inside = weight(start + 1) + weight(start + 2) + weight(start + 3)
      let sum = weight(start) + 2 * inside + weight(start + 4)
      if sum >= best.weight { best = (start, sum) }
    }
    return best.start
  }
}

/// Folds more than letters, which only lets a few more places through to the full comparison.
private let folds: UInt64 = 0x2020_2020_2020_2020
private let sixBytes: UInt64 = 0xFFFF_FFFF_FFFF
private let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
