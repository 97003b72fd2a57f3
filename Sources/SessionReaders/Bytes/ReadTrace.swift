internal import Synchronization

/// Which files and folders are looked at while a log is read, whatever its plugin does: what was read holds as long as
/// none of them changes. Every door to the disk in this module adds to it.
public final class ReadTrace: Sendable {
  @TaskLocal private static var current: ReadTrace?

  private let seen = Mutex<Set<String>>([])
  private let isBroken = Mutex(false)

  public init() {}

  /// The paths; nil when it cannot be told what the reading depended on.
  public var paths: Set<String>? {
    isBroken.withLock { $0 } ? nil : seen.withLock { $0 }
  }

  public func follow<Value, Fault: Error>(_ body: () throws(Fault) -> Value) throws(Fault) -> Value {
    try Self.$current.withValue(self) { () -> Result<Value, Fault> in
      do throws(Fault) { return .success(try body()) } catch { return .failure(error) }
    }.get()
  }

  static func add(_ path: String) {
    guard let current else { return }
    current.seen.withLock { _ = $0.insert(path) }
  }

  /// For what depends on more than files.
  static func giveUp() { current?.isBroken.withLock { $0 = true } }
}
