internal import Synchronization

/// A pattern that is compiled when it is first needed: most of a large pack never meets its literal. Shared by all threads.
public final class LazyPattern: @unchecked Sendable {
  public let source: String
  private let isReady = Atomic(false)
  private let lock = Mutex(())
  /// Written once, under the lock and before `isReady` says so.
  private var compiled: Pattern?

  public init(_ source: String) { self.source = source }

  /// - Returns: nil when the pattern does not compile, which the reader of the pack has reported already.
  public var pattern: Pattern? {
    if isReady.load(ordering: .acquiring) { return compiled }
    return lock.withLock { _ in
      if !isReady.load(ordering: .relaxed) {
        compiled = try? Pattern(source)
        isReady.store(true, ordering: .releasing)
      }
      return compiled
    }
  }
}
