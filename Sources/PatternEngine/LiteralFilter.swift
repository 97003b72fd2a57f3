/// Finds which of many literals occur in a subject, each behind what may stand before it, in one pass.
///
/// Of two windows of eight bytes, one byte apart, in every literal one starts at an even place of the subject: only those
/// are looked at. A bitmap rejects almost all of them by their first four bytes, and another one most of the rest by all
/// eight. What passes is looked up.
///
/// Short literals are led to by windows of six or of four bytes. One of four bytes holds no second window: at an odd place
/// it is told by its first three bytes and each byte that may stand before them.
public struct LiteralFilter: Sendable {
  /// An occurrence of a literal.
  public struct Hit: Hashable, Sendable {
    /// Index of the literal, in the order given.
    public var literal: Int
    /// Byte offset of the literal in the subject.
    public var offset: Int
  }

  private struct Entry {
    /// The bytes of the window, as a table asks for them.
    var key: UInt64
    var literal: Int32
    /// The last four bytes of the literal, folded: most of what comes so far differs there.
    var ending: UInt32
    /// Where the window stands in the literal.
    var offset: Int32
    /// Where the literal stands among the bytes of all, and how long it is.
    var start: Int32
    var length: Int32
    var ignoresCase: Bool
    /// What may stand before the literal.
    var before: ByteKinds

    func led(by key: UInt64, at offset: Int) -> Entry {
      var entry = self
      entry.key = key
      entry.offset = Int32(offset)
      return entry
    }
  }

  private let tables: Tables

  /// Shorter literals hold no window.
  public static let minimumLength = 4

  /// - Parameter literals: At least `minimumLength` bytes each; shorter ones are never found.
  public init(_ literals: [Literal]) {
    var bytes: [UInt8] = []
    var marks = Marks()
    marks.first.reserveCapacity(2 * literals.count)
    marks.eight.reserveCapacity(2 * literals.count)
    for (index, literal) in literals.enumerated() where literal.count >= Self.minimumLength {
      marks.add(
        literal.bytes,
        Entry(
          key: 0, literal: Int32(index), ending: UInt32(truncatingIfNeeded: Self.word(literal.bytes.suffix(4))),
          offset: 0, start: Int32(bytes.count), length: Int32(literal.count),
          ignoresCase: literal.ignoresCase, before: literal.before))
      bytes += literal.bytes
    }
    tables = Tables(marks, bytes)
  }

  /// Calls `visit` for every occurrence of every literal, in no certain order.
  /// - Parameter limit: How many bytes of the subject are looked at.
  public func scan(_ subject: [UInt8], limit: Int = .max, visit: (Hit) -> Void) {
    let count = min(subject.count, limit)
    guard !tables.isEmpty, count >= Self.minimumLength else { return }
    unsafe subject.withUnsafeBufferPointer { buffer in
      guard let subject = buffer.baseAddress else { return }
      unsafe tables.scan(subject, count, visit)
    }
  }

  /// What the windows of literals say.
  private struct Marks {
    /// The first four bytes at an even place.
    var first: [UInt32] = []
    /// By how many bytes of a window are asked for.
    var eight: [Entry] = []
    var six: [Entry] = []
    var four: [Entry] = []

    /// Takes in what leads to a literal.
    mutating func add(_ literal: [UInt8], _ entry: Entry) {
      if literal.count == minimumLength {
        let word = word(literal[...])
        let gram = UInt32(truncatingIfNeeded: word)
        first.append(gram)
        // Folding leaves half of all bytes.
        for byte in UInt32(0)...255 where byte & 0x20 != 0 { first.append(gram << 8 | byte) }
        four += [
          entry.led(by: Window.four.key(of: word), at: 0), entry.led(by: Window.laterFour.key(of: word << 8), at: 0),
        ]
        return
      }
      let start = rarestPair(in: literal)
      for start in [start, start + 1] {
        let word = word(literal[start...])
        first.append(UInt32(truncatingIfNeeded: word))
        switch literal.count - start {
        case 8...: eight.append(entry.led(by: word, at: start))
        case 6...: six.append(entry.led(by: Window.six.key(of: word), at: start))
        default: four.append(entry.led(by: Window.four.key(of: word), at: start))
        }
      }
    }
  }

  /// What a scan looks things up in. It never changes, so it may be shared between threads.
  @safe private final class Tables: @unchecked Sendable {
    private let first: Bitmap
    private let eight: Table
    private let six: Table
    private let four: Table
    private let bytes: UnsafeMutablePointer<UInt8>
    /// Of each byte.
    private let kinds: UnsafeMutablePointer<ByteKinds>
    let isEmpty: Bool

    init(_ marks: Marks, _ text: [UInt8]) {
      isEmpty = marks.first.isEmpty
      first = Bitmap(marks.first.map { hash($0) })
      eight = Table(marks.eight)
      six = Table(marks.six)
      four = Table(marks.four)
      unsafe bytes = .allocate(capacity: text.count)
      for (index, byte) in text.enumerated() { unsafe bytes[index] = byte }
      unsafe kinds = .allocate(capacity: 256)
      for byte in UInt8.min...UInt8.max { unsafe kinds[Int(byte)] = ByteKinds(of: byte) }
    }

    deinit {
      first.deallocate()
      eight.deallocate()
      six.deallocate()
      four.deallocate()
      unsafe bytes.deallocate()
      unsafe kinds.deallocate()
    }

    func scan(_ subject: UnsafePointer<UInt8>, _ count: Int, _ visit: (Hit) -> Void) {
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4 * Self.stretch) { room in
        guard let room = room.baseAddress else { return }
        var position = 0
        while position <= count - 8 {
          let places = min(Self.stretch, (count - position - 6) / 2)
          unsafe look(subject, count, from: position, places, room, visit)
          position += 2 * places
        }
        while position <= count - 4 {
          let word = unsafe Self.word(subject + position, count - position)
          for window in Window.allCases { unsafe compare(subject, count, at: position, window, word, visit) }
          position += 2
        }
      }
    }

    /// How many even places are looked at together: as many as one byte counts.
    private static let stretch = 256

    /// Looks at a stretch, of which at least eight bytes stand at each place. Which places the bitmaps let pass cannot be
    /// foreseen: each is noted without a branch, and stays noted only where it passes.
    private func look(
      _ subject: UnsafePointer<UInt8>, _ count: Int, from start: Int, _ places: Int,
      _ room: UnsafeMutablePointer<UInt8>, _ visit: (Hit) -> Void
    ) {
      let (first, eight, six, four) = (first, eight.bitmap, six.bitmap, four.bitmap)
      let stretch = unsafe subject + start
      var passed = 0
      for index in stride(from: 0, to: places - 1, by: 2) {
        let word = unsafe Self.word(stretch + 2 &* index)
        unsafe room[passed] = UInt8(truncatingIfNeeded: index)
        passed &+= first.contains(hash(UInt32(truncatingIfNeeded: word)))
        unsafe room[passed] = UInt8(truncatingIfNeeded: index &+ 1)
        passed &+= first.contains(hash(UInt32(truncatingIfNeeded: word &>> 16)))
      }
      if !places.isMultiple(of: 2) {
        unsafe room[passed] = UInt8(truncatingIfNeeded: places - 1)
        passed &+= unsafe first.contains(hash(UInt32(truncatingIfNeeded: Self.word(stretch + 2 * (places - 1)))))
      }
      let sixes = unsafe room + Self.stretch
      let fours = unsafe sixes + Self.stretch
      let laterFours = unsafe fours + Self.stretch
      var counts = (eight: 0, six: 0, four: 0, laterFour: 0)
      for index in 0..<passed {
        let step = unsafe room[index]
        let word = unsafe Self.word(stretch + 2 &* Int(step))
        // No more than what was read here is written over.
        unsafe room[counts.eight] = step
        counts.eight &+= eight.contains(hash(Window.eight.key(of: word)))
        unsafe sixes[counts.six] = step
        counts.six &+= six.contains(hash(Window.six.key(of: word)))
        unsafe fours[counts.four] = step
        counts.four &+= four.contains(hash(Window.four.key(of: word)))
        unsafe laterFours[counts.laterFour] = step
        counts.laterFour &+= four.contains(hash(Window.laterFour.key(of: word)))
      }
      unsafe compare(subject, count, from: start, room, counts.eight, .eight, visit)
      unsafe compare(subject, count, from: start, sixes, counts.six, .six, visit)
      unsafe compare(subject, count, from: start, fours, counts.four, .four, visit)
      unsafe compare(subject, count, from: start, laterFours, counts.laterFour, .laterFour, visit)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
      unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self).littleEndian | folds
    }

    /// Less than eight bytes, folded, the first of which are in the lowest bits; behind them there are spaces.
    private static func word(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
      (0..<count).reversed().reduce(0) { unsafe $0 << 8 | UInt64(bytes[$1]) } | folds
    }

    private func compare(
      _ subject: UnsafePointer<UInt8>, _ count: Int, from start: Int, _ places: UnsafePointer<UInt8>, _ passed: Int,
      _ window: Window, _ visit: (Hit) -> Void
    ) {
      for index in 0..<passed {
        let place = unsafe start + 2 * Int(places[index])
        unsafe compare(subject, count, at: place, window, Self.word(subject + place), visit)
      }
    }

    /// Compares the literals that have this window with what stands around it.
    @inline(never)
    private func compare(
      _ subject: UnsafePointer<UInt8>, _ count: Int, at position: Int, _ window: Window, _ word: UInt64,
      _ visit: (Hit) -> Void
    ) {
      let table = window == .eight ? eight : window == .six ? six : four
      let key = window.key(of: word)
      for index in table.places(of: key) {
        let entry = unsafe table.entries[index]
        let start = position + window.delay - Int(entry.offset)
        let length = Int(entry.length)
        guard entry.key == key, start >= 0, start + length <= count else { continue }
        let ending = unsafe UnsafeRawPointer(subject + start + length - 4).loadUnaligned(as: UInt32.self)
        guard ending.littleEndian | 0x2020_2020 == entry.ending else { continue }
        let before = unsafe start == 0 ? .lineEnd : kinds[Int(subject[start - 1])]
        guard !entry.before.isDisjoint(with: before) else { continue }
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
  }

  /// What is asked of the eight bytes at an even place.
  private enum Window: CaseIterable {
    case eight, six, four
    /// Of the four bytes one place later.
    case laterFour

    var delay: Int { self == .laterFour ? 1 : 0 }

    @inline(__always)
    func key(of word: UInt64) -> UInt64 {
      switch self {
      case .eight: word
      case .six: word & 0xFFFF_FFFF_FFFF
      case .four: word & 0xFFFF_FFFF
      // Told from those at an even place.
      case .laterFour: word >> 8 & 0xFFFF_FFFF | 1 << 32
      }
    }
  }

  /// The literals of each window.
  @safe private struct Table {
    let bitmap: Bitmap
    /// By bucket.
    let entries: UnsafeMutablePointer<Entry>
    /// Where the entries of each bucket begin, and behind the last one their end.
    private let heads: UnsafeMutablePointer<Int32>
    private let shift: UInt32

    init(_ list: [Entry]) {
      bitmap = Bitmap(list.map { hash($0.key) })
      let bits = max(1, Int.bitWidth - list.count.leadingZeroBitCount)
      shift = UInt32(32 - bits)
      let buckets = 1 << bits
      unsafe heads = .allocate(capacity: buckets + 1)
      unsafe heads.initialize(repeating: 0, count: buckets + 1)
      unsafe entries = .allocate(capacity: list.count)
      for entry in list { unsafe heads[bucket(entry.key) + 1] += 1 }
      for bucket in 0..<buckets { unsafe heads[bucket + 1] += heads[bucket] }
      // Each head moves to the end of its entries, and back when all are there.
      for entry in list {
        let bucket = bucket(entry.key)
        unsafe (entries + Int(heads[bucket])).initialize(to: entry)
        unsafe heads[bucket] += 1
      }
      for bucket in stride(from: buckets - 1, to: 0, by: -1) { unsafe heads[bucket] = heads[bucket - 1] }
      unsafe heads[0] = 0
    }

    func deallocate() {
      bitmap.deallocate()
      unsafe heads.deallocate()
      unsafe entries.deallocate()
    }

    @inline(__always)
    func places(of key: UInt64) -> Range<Int> {
      let bucket = bucket(key)
      return unsafe Int(heads[bucket])..<Int(heads[bucket + 1])
    }

    @inline(__always)
    private func bucket(_ key: UInt64) -> Int { Int(hash(key) &>> shift) }
  }

  /// Says of a hash that it may be one of many, or that it is none.
  @safe private struct Bitmap {
    private let words: UnsafeMutablePointer<UInt32>
    private let shift: UInt32

    init(_ hashes: [UInt32]) {
      // Enough that few pass by chance, and never so many that it leaves the first cache (16 KiB).
      let bits = min(17, max(8, Int.bitWidth - (hashes.count * 32).leadingZeroBitCount))
      shift = UInt32(32 - bits)
      unsafe words = .allocate(capacity: 1 << (bits - 5))
      unsafe words.initialize(repeating: 0, count: 1 << (bits - 5))
      for hash in hashes {
        let place = hash &>> shift
        unsafe words[Int(place &>> 5)] |= 1 &<< (place & 31)
      }
    }

    func deallocate() { unsafe words.deallocate() }

    /// - Returns: 1 or 0.
    @inline(__always)
    func contains(_ hash: UInt32) -> Int {
      let place = hash &>> shift
      return unsafe Int(words[Int(place &>> 5)] &>> (place & 31) & 1)
    }
  }

  /// Up to eight bytes, folded, the first of which are in the lowest bits.
  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1 | 0x20) }
  }

  /// How rare each byte is in English prose and program text: a gram of late letters is rare.
  private static let rarity: [Int] = {
    let byFrequency = Array(" etaoinsrlcdupmhgf_-./:bvy0123456789wkxq'\"()[]{}<>=,;jz".utf8)
    var rarity = [Int](repeating: byFrequency.count, count: 256)
    for (place, byte) in byFrequency.enumerated() {
      rarity[Int(byte)] = place
      if asciiLowercased(byte & ~0x20) == byte { rarity[Int(byte & ~0x20)] = place }
    }
    return rarity
  }()

  /// Where the two windows start, side by side, whose first four bytes are least to be met by chance.
  private static func rarestPair(in literal: [UInt8]) -> Int {
    func weight(_ place: Int) -> Int { rarity[Int(literal[place])] }
    var best = (start: 0, weight: -1)
    for start in 0...max(0, literal.count - 9) {
      // The bytes inside belong to both.
      let inside = weight(start + 1) + weight(start + 2) + weight(start + 3)
      let sum = weight(start) + 2 * inside + weight(start + 4)
      if sum >= best.weight { best = (start, sum) }
    }
    return best.start
  }
}

/// Folds more than letters, which only lets a few more places through to the full comparison.
private let folds: UInt64 = 0x2020_2020_2020_2020

@inline(__always)
private func hash(_ gram: UInt32) -> UInt32 { gram &* 0x9E37_79B1 }

@inline(__always)
private func hash(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 32) }
