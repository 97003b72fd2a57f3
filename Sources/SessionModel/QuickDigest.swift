/// A 64-bit digest that takes eight bytes at a time: another one than `Digest`, and faster on many bytes.
package struct QuickDigest {
  package private(set) var value: UInt64

  package init(seed: UInt64 = 0) { value = seed ^ 0x9e37_79b9_7f4a_7c15 }

  package init(of bytes: UnsafeBufferPointer<UInt8>) {
    self.init()
    unsafe add(bytes)
  }

  package mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0xff51_afd7_ed55_8ccd
    value ^= value >> 32
  }

  package mutating func add(_ buffer: UnsafeBufferPointer<UInt8>) {
    let bytes = UnsafeRawBufferPointer(buffer)
    var position = 0
    while position + 8 <= bytes.count {
      unsafe add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
      position += 8
    }
    var rest: UInt64 = 0
    while position < bytes.count {
      unsafe rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    add(rest)
    add(UInt64(bytes.count))
  }

  package mutating func add(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBufferPointer { unsafe add($0) } }

  package mutating func add(_ text: String) { unsafe text.withBytes { unsafe add($0) } }

  /// As SQLite keeps it.
  package var key: Int64 {
    var value = value
    value ^= value >> 29
    value = value &* 0xc4ce_b9fe_1a85_ec53
    return Int64(bitPattern: value ^ value >> 32)
  }
}
