public import Synchronization

/// A value that is made when it is first asked for: most of a large pack never is. Shared by all threads.
public final class MadeOnce<Value: Sendable>: @unchecked Sendable {
  @usableFromInline let isMade = Atomic(false)
  @usableFromInline let lock = Mutex(())
  /// Written once, under the lock and before `isMade` says so.
  @usableFromInline var made: Value?

  public init() {}

  /// - Parameter make: Must not ask for the value itself. Other threads wait for it.
  @inlinable
  public func value(_ make: () -> Value) -> Value {
    if isMade.load(ordering: .acquiring), let made { return made }
    return lock.withLock { _ in
      if let made { return made }
      let value = make()
      made = value
      isMade.store(true, ordering: .releasing)
      return value
    }
  }
}
