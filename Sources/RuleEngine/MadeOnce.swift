internal import Synchronization

/// A value that is made when it is first asked for. Two threads may both make it, and then go on with one of the two:
/// nobody waits.
final class MadeOnce<Value: Sendable>: Sendable {
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private let box = AtomicLazyReference<Box>()

  func value(_ make: () -> Value) -> Value { (box.load() ?? box.storeIfNil(Box(make()))).value }
}
