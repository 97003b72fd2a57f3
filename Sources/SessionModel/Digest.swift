/// FNV-1a over bytes: a stable 64-bit digest for keys that are compared inside one run or one cache.
public struct Digest: Sendable {
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  public init(of text: String) {
    unsafe text.withBytes { bytes in
      for index in bytes.indices { unsafe add(bytes[index]) }
    }
  }

  public init(of text: Substring) { self.init(of: String(text)) }

  @inline(__always)
  public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
