/// What is asked of the eight bytes at an even place.
enum Window: CaseIterable {
  case eight, five, four
  /// Of the four bytes one place later.
  case laterFour

  var delay: Int { self == .laterFour ? 1 : 0 }

  @inline(__always)
  func key(of word: UInt64) -> UInt64 {
    switch self {
    case .eight: word
    case .five: word & 0xFF_FFFF_FFFF
    case .four: word & 0xFFFF_FFFF
    // Told from those at an even place.
    case .laterFour: word >> 8 & 0xFFFF_FFFF | 1 << 32
    }
  }
}

/// What one window of a literal leads to.
struct LiteralEntry {
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

  func led(by key: UInt64, at offset: Int) -> LiteralEntry {
    var entry = self
    entry.key = key
    entry.offset = Int32(offset)
    return entry
  }
}

/// The literals of each window.
@safe struct WindowTable {
  let bitmap: Bitmap
  /// By bucket.
  let entries: UnsafeMutablePointer<LiteralEntry>
  /// Where the entries of each bucket begin, and behind the last one their end.
  private let heads: UnsafeMutablePointer<Int32>
  private let shift: UInt32

  init(_ list: [LiteralEntry]) {
    bitmap = Bitmap(list.lazy.map { windowHash($0.key) })
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
  private func bucket(_ key: UInt64) -> Int { Int(windowHash(key) &>> shift) }
}

/// Says of a hash that it may be one of many, or that it is none.
@safe struct Bitmap {
  private let words: UnsafeMutablePointer<UInt32>
  private let mask: UInt32

  init(_ hashes: some Collection<UInt32>) {
    let bits = min(Self.mostBits, max(8, Int.bitWidth - (hashes.count * 32).leadingZeroBitCount))
    mask = 1 &<< UInt32(bits) - 1
    unsafe words = .allocate(capacity: 1 << (bits - 5))
    unsafe words.initialize(repeating: 0, count: 1 << (bits - 5))
    for hash in hashes {
      let place = self.place(of: hash)
      unsafe words[Int(place &>> 5)] |= 1 &<< (place & 31)
    }
  }

  func deallocate() { unsafe words.deallocate() }

  /// - Returns: 1 or 0.
  @inline(__always)
  func contains(_ hash: UInt32) -> Int {
    let place = place(of: hash)
    return unsafe Int(words[Int(place &>> 5)] &>> (place & 31) & 1)
  }

  /// By the high bits of a hash, which depend on all of its text.
  @inline(__always)
  private func place(of hash: UInt32) -> UInt32 { hash &>> UInt32(32 - Self.mostBits) & mask }

  /// Enough that few pass by chance, and never so many that it leaves the first cache (16 KiB).
  private static let mostBits = 17
}

@inline(__always)
func windowHash(_ gram: UInt32) -> UInt32 { gram &* 0x9E37_79B1 }

@inline(__always)
func windowHash(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 32) }
