/// A text that a match must hold.
public struct Literal: Hashable, Sendable {
  /// UTF-8; ASCII letters are lowercased where their case does not matter.
  public let bytes: [UInt8]
  /// Whether ASCII letters may be of the other case.
  public let ignoresCase: Bool

  public init(_ bytes: some Sequence<UInt8>, ignoresCase: Bool = false) {
    self.bytes = ignoresCase ? bytes.map(asciiLowercased) : Array(bytes)
    self.ignoresCase = ignoresCase
  }

  public var count: Int { bytes.count }
}

@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
  byte &- 65 < 26 ? byte | 0x20 : byte
}
