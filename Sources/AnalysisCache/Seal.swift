/// Makes bytes unreadable for everyone who does not have the log that they came from: the key is made of the log itself.
/// What is sealed may hold what the log holds, and so it is worth nothing once the log is gone.
///
/// ChaCha with eight rounds; the same key and number seal no two different texts.
struct Seal {
  private let key: [UInt32]
  private let number: UInt64

  /// - Parameter key: Eight words.
  init(key: [UInt32], number: UInt64) {
    self.key = key
    self.number = number
  }

  /// Seals bytes, or opens them again.
  func apply(to bytes: inout [UInt8]) {
    guard key.count == 8 else { return }
    var block: UInt64 = 0
    var position = 0
    var stream = [UInt32](repeating: 0, count: 16)
    while position < bytes.count {
      fill(&stream, block)
      for index in 0..<min(64, bytes.count - position) {
        bytes[position + index] ^= UInt8(truncatingIfNeeded: stream[index >> 2] >> (UInt32(index & 3) * 8))
      }
      position += 64
      block += 1
    }
  }

  private func fill(_ words: inout [UInt32], _ block: UInt64) {
    for index in 0..<16 { words[index] = start(index, block) }
    for _ in 0..<4 {
      Self.mix(&words, 0, 4, 8, 12)
      Self.mix(&words, 1, 5, 9, 13)
      Self.mix(&words, 2, 6, 10, 14)
      Self.mix(&words, 3, 7, 11, 15)
      Self.mix(&words, 0, 5, 10, 15)
      Self.mix(&words, 1, 6, 11, 12)
      Self.mix(&words, 2, 7, 8, 13)
      Self.mix(&words, 3, 4, 9, 14)
    }
    for index in 0..<16 { words[index] &+= start(index, block) }
  }

  private func start(_ index: Int, _ block: UInt64) -> UInt32 {
    switch index {
    case 0: 0x6170_7865
    case 1: 0x3320_646e
    case 2: 0x7962_2d32
    case 3: 0x6b20_6574
    case 4..<12: key[index - 4]
    case 12: UInt32(truncatingIfNeeded: block)
    case 13: UInt32(truncatingIfNeeded: block >> 32)
    case 14: UInt32(truncatingIfNeeded: number)
    default: UInt32(truncatingIfNeeded: number >> 32)
    }
  }

  @inline(__always)
  private static func mix(_ words: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    words[a] &+= words[b]
    words[d] = rotated(words[d] ^ words[a], 16)
    words[c] &+= words[d]
    words[b] = rotated(words[b] ^ words[c], 12)
    words[a] &+= words[b]
    words[d] = rotated(words[d] ^ words[a], 8)
    words[c] &+= words[d]
    words[b] = rotated(words[b] ^ words[c], 7)
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
