/// FNV-1a over bytes: a stable 64-bit digest for keys that are compared inside one run or one cache.
public struct Digest: Sendable {
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  public init(of text: String) {
    var text = text
    text.withUTF8 { bytes in
      for index in bytes.indices { unsafe add(bytes[index]) }
    }
  }

  public init(of text: Substring) { self.init(of: String(text)) }

  /// A digest of many bytes, eight at a time: another one than that of the same bytes one by one.
  public init(ofWordsIn bytes: UnsafeBufferPointer<UInt8>) {
    let bytes = UnsafeRawBufferPointer(bytes)
    var position = 0
    while position + 8 <= bytes.count {
      mix(unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian)
      position += 8
    }
    while position < bytes.count {
      unsafe add(bytes[position])
      position += 1
    }
  }

  @inline(__always)
  public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// A product carries only upwards: the high bits are brought down for the next one.
  private mutating func mix(_ word: UInt64) {
    value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value ^= value &>> 32
  }
}
