/// Where the values of one record are, taken down while the record is crossed, so that nothing in it is crossed twice.
///
/// A record with more values than the limit has none: its slices then look for what they hold.
@safe final class JSONTape {
  /// A value, followed by those that it holds: keys and values of an object in turn.
  struct Node {
    /// Offsets into the bytes that were crossed. Lines of logs are shorter than 4 GiB.
    var start: UInt32
    var end: UInt32
    /// How many nodes the value takes, its own included; while it is open, the place of the container around it.
    var span: UInt32
    var kind: JSONSlice.Kind
  }

  private var nodes: UnsafeMutablePointer<Node>
  private var capacity = 256
  private var count = 0
  private var current = 0
  private var isFull = false

  /// Real records hold a few hundred values; a megabyte of nodes is enough for all but made-up ones.
  private static let limit = 1 << 16

  init() { unsafe nodes = UnsafeMutablePointer<Node>.allocate(capacity: 256) }

  deinit { unsafe nodes.deallocate() }

  func clear() {
    count = 0
    current = 0
    isFull = false
  }

  /// The first node: the value that was crossed; nil when not all nodes are there.
  var root: UnsafePointer<Node>? { unsafe isFull || count == 0 ? nil : UnsafePointer(nodes) }

  @inline(__always)
  func add(_ kind: JSONSlice.Kind, from start: Int, to end: Int) {
    guard makeRoom() else { return }
    unsafe nodes[count] = Node(
      start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end), span: 1, kind: kind)
    count &+= 1
  }

  @inline(__always)
  func open(_ kind: JSONSlice.Kind, at start: Int) {
    guard makeRoom() else { return }
    unsafe nodes[count] = Node(
      start: UInt32(truncatingIfNeeded: start), end: 0, span: UInt32(truncatingIfNeeded: current), kind: kind)
    current = count
    count &+= 1
  }

  @inline(__always)
  func close(at end: Int) {
    guard !isFull else { return }
    let outer = unsafe Int(nodes[current].span)
    unsafe nodes[current].span = UInt32(truncatingIfNeeded: count - current)
    unsafe nodes[current].end = UInt32(truncatingIfNeeded: end)
    current = outer
  }

  @inline(__always)
  private func makeRoom() -> Bool {
    if count < capacity { return true }
    return grow()
  }

  private func grow() -> Bool {
    guard !isFull, capacity < Self.limit else {
      isFull = true
      return false
    }
    let larger = UnsafeMutablePointer<Node>.allocate(capacity: capacity * 2)
    unsafe larger.moveInitialize(from: nodes, count: count)
    unsafe nodes.deallocate()
    unsafe nodes = larger
    capacity *= 2
    return true
  }
}
