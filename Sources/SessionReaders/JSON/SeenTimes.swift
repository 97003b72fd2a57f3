internal import SessionModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Notes when a session was seen, record by record. Most records are later than all before them: their time is kept as
/// bytes, over those of the last one, and only the one that is left in the end becomes a string.
struct SeenTimes {
  private var latest: [UInt8] = []

  /// In bytes: real times have 24.
  private static let limit = 64

  mutating func note(_ time: JSONSlice, in session: inout SessionInfo) {
    if !latest.isEmpty, let text = unsafe time.plainText(limit: Self.limit) {
      let order = unsafe Self.order(text, latest)
      if order > 0 {
        latest.removeAll(keepingCapacity: true)
        unsafe latest.append(contentsOf: text)
      }
      if order >= 0 { return }
    }
    settle(in: &session)
    session.note(time.string(limit: Self.limit) ?? "")
    latest = Array(session.lastSeen.utf8)
  }

  /// Tells the session what it has not been told yet.
  func settle(in session: inout SessionInfo) {
    if !latest.isEmpty { session.note(String(decoding: latest, as: UTF8.self)) }
  }

  /// - Returns: Over 0 when the first text comes behind the second one.
  private static func order(_ first: UnsafeBufferPointer<UInt8>, _ second: [UInt8]) -> Int {
    guard let start = first.baseAddress else { return -second.count }
    let order = unsafe memcmp(start, second, min(first.count, second.count))
    return order == 0 ? first.count - second.count : Int(order)
  }
}

extension SeenTimes: Stored {
  static var blank: SeenTimes { SeenTimes() }

  mutating func visit(_ fields: inout StoredFields) { fields.visit(&latest) }
}
