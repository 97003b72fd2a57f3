/// What the windows of literals say.
struct LiteralWindows {
  /// The first four bytes of windows of eight, and of shorter ones.
  var long: [UInt32] = []
  var short: [UInt32] = []
  /// By how many bytes of a window are asked for.
  var eight: [LiteralEntry] = []
  var five: [LiteralEntry] = []
  var four: [LiteralEntry] = []

  /// Takes in what leads to a literal.
  mutating func add(_ text: LiteralText, _ entry: LiteralEntry) {
    add(text, entry, from: Self.rarest(in: text, entry, at: 0))
    guard entry.length == LiteralFilter.minimumLength else {
      return add(text, entry, from: Self.rarest(in: text, entry, at: 1))
    }
    let word = text.word(at: Int(entry.start)) << 8
    for byte in UInt8.min...UInt8.max where byte & 0x20 != 0 {
      let kinds = ByteKinds(of: byte).union(ByteKinds(of: byte & ~0x20))
      if !entry.before.isDisjoint(with: kinds) { short.append(UInt32(truncatingIfNeeded: word) | UInt32(byte)) }
    }
    four.append(entry.led(by: Window.laterFour.key(of: word), at: 0))
  }

  private mutating func add(_ text: LiteralText, _ entry: LiteralEntry, from offset: Int) {
    let word = text.word(at: Int(entry.start) + offset)
    let gram = UInt32(truncatingIfNeeded: word)
    let length = Int(entry.length) - offset
    if length < 8 { short.append(gram) } else { long.append(gram) }
    switch length {
    case 8...: eight.append(entry.led(by: word, at: offset))
    case 5...: five.append(entry.led(by: Window.five.key(of: word), at: offset))
    default: four.append(entry.led(by: Window.four.key(of: word), at: offset))
    }
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

  /// Where the window starts, among the even or the odd places of a literal, whose first four bytes are least to be met by
  /// chance.
  private static func rarest(in text: LiteralText, _ entry: LiteralEntry, at first: Int) -> Int {
    guard entry.length >= first + 10 else { return first }
    let rarity = rarity
    var best = (offset: first, common: UInt16.max, rarity: 0)
    for offset in stride(from: first, through: Int(entry.length) - 8, by: 2) {
      let gram = text.gram(at: Int(entry.start) + offset)
      let common = CommonText.weight(of: gram)
      guard common <= best.common else { continue }
      let sum = (0..<4).reduce(0) { $0 + rarity[Int(UInt8(truncatingIfNeeded: gram &>> UInt32(8 * $1)))] }
      if common < best.common || sum >= best.rarity { best = (offset, common, sum) }
    }
    return best.offset
  }
}

/// The bytes of all literals, one behind the other.
struct LiteralText {
  /// Behind the last literal there is room for a word.
  let bytes: [UInt8]

  init(_ literals: [Literal]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(literals.reduce(8) { $0 + $1.count })
    for literal in literals { bytes += literal.bytes }
    self.bytes = bytes + repeatElement(0, count: 8)
  }

  /// Eight bytes, folded, the first of which are in the lowest bits; behind a short literal follows the next.
  func word(at index: Int) -> UInt64 {
    let word = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: index, as: UInt64.self) }
    return word.littleEndian | 0x2020_2020_2020_2020
  }

  /// The first four of them.
  func gram(at index: Int) -> UInt32 { UInt32(truncatingIfNeeded: word(at: index)) }
}
