internal import Synchronization

/// A pattern that is compiled when it is first needed: most of a large pack never meets its literal. Shared by all threads.
public final class LazyPattern: @unchecked Sendable {
  public let source: String
  private let state = Atomic<UInt8>(0)
  private let lock = Mutex(())
  /// Written once, under the lock and before the state says that it is there.
  private var compiled: Pattern?

  private static let ready: UInt8 = 1

  public init(_ source: String) { self.source = source }

  /// - Returns: nil when the pattern does not compile, which the reader of the pack has reported already.
  public var pattern: Pattern? {
    if state.load(ordering: .acquiring) == Self.ready { return compiled }
    return lock.withLock { _ in
      if state.load(ordering: .relaxed) != Self.ready {
        compiled = try? Pattern(source)
        state.store(Self.ready, ordering: .releasing)
      }
      return compiled
    }
  }
}
