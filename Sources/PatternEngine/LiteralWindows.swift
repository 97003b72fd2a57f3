/// What the windows of literals say.
struct LiteralWindows {
  /// The first four bytes at an even place.
  var first: [UInt32] = []
  /// By how many bytes of a window are asked for.
  var eight: [LiteralEntry] = []
  var six: [LiteralEntry] = []
  var four: [LiteralEntry] = []

  /// Takes in what leads to a literal.
  mutating func add(_ literal: [UInt8], _ entry: LiteralEntry) {
    if literal.count == LiteralFilter.minimumLength {
      let word = Self.word(literal[...])
      let gram = UInt32(truncatingIfNeeded: word)
      first.append(gram)
      // Folding leaves half of all bytes.
      for byte in UInt32(0)...255 where byte & 0x20 != 0 { first.append(gram << 8 | byte) }
      four += [
        entry.led(by: Window.four.key(of: word), at: 0), entry.led(by: Window.laterFour.key(of: word << 8), at: 0),
      ]
      return
    }
    let start = Self.rarestPair(in: literal)
    for start in [start, start + 1] {
      let word = Self.word(literal[start...])
      first.append(UInt32(truncatingIfNeeded: word))
      switch literal.count - start {
      case 8...: eight.append(entry.led(by: word, at: start))
      case 6...: six.append(entry.led(by: Window.six.key(of: word), at: start))
      default: four.append(entry.led(by: Window.four.key(of: word), at: start))
      }
    }
  }

  /// Up to eight bytes, folded, the first of which are in the lowest bits.
  static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
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
