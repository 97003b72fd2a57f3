/// Finds which of many literals occur in a subject, each behind what may stand before it, in one pass.
///
/// Of two windows of a literal, one at an even and one at an odd place of it, one starts at an even place of the subject:
/// only those are looked at. A bitmap rejects almost all of them by their first four bytes, and another one most of the
/// rest by all bytes of the window. What passes is looked up.
///
/// A window has eight bytes where the literal has so many from there on, else five or four. A literal of four bytes holds
/// no second window: at an odd place it is told by its first three bytes and each byte that may stand before them.
public struct LiteralFilter: Sendable {
  /// An occurrence of a literal.
  public struct Hit: Hashable, Sendable {
    /// Index of the literal, in the order given.
    public var literal: Int
    /// Byte offset of the literal in the subject.
    public var offset: Int
  }

  private let tables: LiteralTables

  /// Shorter literals hold no window.
  public static let minimumLength = 4

  /// - Parameter literals: At least `minimumLength` bytes each; shorter ones are never found.
  public init(_ literals: [Literal]) {
    let text = LiteralText(literals)
    var windows = LiteralWindows()
    windows.long.reserveCapacity(2 * literals.count)
    windows.eight.reserveCapacity(2 * literals.count)
    var start = 0
    for (index, literal) in literals.enumerated() {
      defer { start += literal.count }
      guard literal.count >= Self.minimumLength else { continue }
      windows.add(
        text,
        LiteralEntry(
          key: 0, literal: Int32(index), ending: text.gram(at: start + literal.count - 4), offset: 0,
          start: Int32(start), length: Int32(literal.count), ignoresCase: literal.ignoresCase, before: literal.before))
    }
    tables = LiteralTables(windows, text)
  }

  /// Calls `visit` for every occurrence of every literal, in no certain order.
  /// - Parameter limit: How many bytes of the subject are looked at.
  public func scan(_ subject: [UInt8], limit: Int = .max, visit: (Hit) -> Void) {
    let count = min(subject.count, limit)
    guard !tables.isEmpty, count >= Self.minimumLength else { return }
    unsafe subject.withUnsafeBufferPointer { buffer in
      guard let subject = buffer.baseAddress else { return }
      unsafe tables.scan(subject, count, visit)
    }
  }
}
