/// A value that can be written to bytes and read back.
///
/// One function goes over the fields for both directions, so that what is written and what is read cannot come apart. The
/// form is meant for the program that wrote it and for nobody else: it names no fields and has no versions.
public protocol Stored {
  /// A value to read into.
  static var blank: Self { get }
  /// Goes over every field, always in the same order.
  mutating func visit(_ fields: inout StoredFields)
}

extension Stored {
  public func stored() -> [UInt8] {
    var fields = StoredFields(.writing)
    var value = self
    value.visit(&fields)
    return fields.written
  }

  /// - Returns: nil when the bytes are not those of such a value.
  public init?(stored bytes: [UInt8]) {
    var fields = StoredFields(reading: bytes)
    var value = Self.blank
    value.visit(&fields)
    guard fields.isReadWell else { return nil }
    self = value
  }
}

/// A stored value that can be in a set or name another one. Equal sets are written alike, because keys are sorted.
public protocol StoredKey: Stored, Hashable, Comparable {}

extension String: StoredKey {}
extension UInt64: StoredKey {}

extension String: Stored {
  public static var blank: String { "" }
  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Int: Stored {
  public static var blank: Int { 0 }
  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension UInt64: Stored {
  public static var blank: UInt64 { 0 }
  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Bool: Stored {
  public static var blank: Bool { false }
  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Double: Stored {
  public static var blank: Double { 0 }
  public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Optional: Stored where Wrapped: Stored {
  @inlinable public static var blank: Wrapped? { nil }
  @inlinable public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Array: Stored where Element: Stored {
  @inlinable public static var blank: [Element] { [] }
  @inlinable public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Set: Stored where Element: StoredKey {
  @inlinable public static var blank: Set<Element> { [] }
  @inlinable public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}

extension Dictionary: Stored where Key: StoredKey, Value: Stored {
  @inlinable public static var blank: [Key: Value] { [:] }
  @inlinable public mutating func visit(_ fields: inout StoredFields) { fields.visit(&self) }
}
