/// A text that a match must hold.
public struct Literal: Hashable, Sendable {
  /// UTF-8; ASCII letters are lowercased where their case does not matter.
  public private(set) var bytes: [UInt8]
  /// Whether ASCII letters may be of the other case.
  public private(set) var ignoresCase: Bool
  /// What may stand before it: most messages begin with their line.
  public var before: ByteKinds

  public init(_ bytes: [UInt8], ignoresCase: Bool = false, before: ByteKinds = .any) {
    self.bytes = ignoresCase ? bytes.map(asciiLowercased) : bytes
    self.ignoresCase = ignoresCase
    self.before = before
  }

  public init(_ text: String.UTF8View, ignoresCase: Bool = false, before: ByteKinds = .any) {
    self.init(Array(text), ignoresCase: ignoresCase, before: before)
  }

  public func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  public var count: Int { bytes.count }

  mutating func append(_ other: Literal) {
    if ignoresCase != other.ignoresCase {
      self = Literal(bytes + other.bytes, ignoresCase: true)
    } else {
      bytes += other.bytes
    }
  }
}

@inline(__always)
func asciiLowercased(_ byte: UInt8) -> UInt8 {
  byte &- 65 < 26 ? byte | 0x20 : byte
}
