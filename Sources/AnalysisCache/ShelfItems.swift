internal import SessionModel
internal import Synchronization

/// The values on one shelf. Each is named by what it holds, so that a damaged one is told from what was written.
final class ShelfItems: Sendable {
  private let store: AnalysisStore
  private let key: ShelfKey
  private let name: Int64
  private let waiting = Mutex(Waiting())

  /// What is not written yet.
  private struct Waiting {
    var items: [(name: Int64, value: [UInt8])] = []
    var size = 0
  }

  /// How much waits in memory before it is written.
  private static let most = 1 << 20

  init(_ key: ShelfKey, in store: AnalysisStore) {
    self.store = store
    self.key = key
    name = key.name
  }

  /// The list of what is on the shelf, and when it was last used, in seconds since 1970; nil when there is none.
  func list<List: Stored>(as type: List.Type) -> (list: List, used: Int)? {
    let name = name
    guard let kept = store.read({ file throws(CacheFault) in try file.shelf(name) }),
      digest(of: kept.value) == kept.digest, let list = List(stored: kept.value)
    else { return nil }
    return (list, kept.used)
  }

  /// - Returns: The name that it can be had by.
  func add(_ bytes: [UInt8]) -> Int {
    let digest = digest(of: bytes)
    let isFull = waiting.withLock { waiting in
      waiting.items.append((digest, bytes))
      waiting.size += bytes.count
      return waiting.size > Self.most
    }
    if isFull { flush() }
    return Int(digest)
  }

  /// Of those that are asked for, the ones that are there and are what was written.
  func bytes(of items: [Int]) -> [Int: [UInt8]] {
    let names = items.map { Int64($0) }
    let found = store.read { file throws(CacheFault) in try file.items(names) } ?? [:]
    var bytes: [Int: [UInt8]] = [:]
    for (name, value) in found where digest(of: value) == name { bytes[Int(name)] = value }
    return bytes
  }

  /// Writes what waits.
  func flush() {
    let items = waiting.withLock { waiting in
      defer { waiting = Waiting() }
      return waiting.items
    }
    guard !items.isEmpty else { return }
    let name = name
    store.write { file throws(CacheFault) in try file.add(items, to: name) }
  }

  /// Writes a new list, and forgets what is not in it.
  /// - Parameters:
  ///   - contents: The names of all values that are still wanted.
  ///   - now: In seconds since 1970.
  func put(_ list: some Stored, contents: Set<Int>, now: Int) {
    let value = list.stored()
    let (name, group, digest) = (name, key.group, digest(of: value))
    store.write { file throws(CacheFault) in
      try file.put(
        shelf: name, group: group, digest: digest, value: value, contents: Set(contents.map { Int64($0) }), now: now)
    }
  }

  /// Notes that the shelf is of use.
  /// - Parameter last: When that was last noted, in seconds since 1970: once a day is enough.
  func use(last: Int, now: Int) {
    guard last < now - 86400 else { return }
    let name = name
    store.write { file throws(CacheFault) in try file.use(name, now: now) }
  }

  /// For bytes that belong to a log with such ends.
  func seal(_ ends: LogEnds) -> Seal { Seal(key: ends.secret, number: UInt64(bitPattern: name)) }

  private func digest(of bytes: [UInt8]) -> Int64 {
    var digest = QuickDigest(seed: UInt64(bitPattern: name))
    digest.add(bytes)
    return digest.key
  }
}
