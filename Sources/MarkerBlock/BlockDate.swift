/// The day in the second line of a block, as `2026-11-22`.
public struct BlockDate: Hashable, Sendable {
  /// The day as it is written.
  public let text: String

  /// Nil unless the text is four, two and two digits joined by `-`: nothing else can stand in the line.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10 else { return nil }
    for (index, byte) in bytes.enumerated() {
      guard index == 4 || index == 7 ? byte == Ascii.dash : Ascii.isDigit(byte) else { return nil }
    }
    self.text = text
  }
}

extension BlockDate: CustomStringConvertible {
  public var description: String { text }
}
