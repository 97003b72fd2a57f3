public import SessionModel
internal import Synchronization

/// What one kind of run made of projects.
public final class ProjectShelf: Sendable {
  private let items: ShelfItems
  private let state: Mutex<State>

  private struct State {
    var projects: [String: KeptProject] = [:]
    /// Projects that this run came across.
    var met: Set<String> = []
    var used = 0
    var hasChanged = false
  }

  public init(_ key: ShelfKey, in store: AnalysisStore) {
    items = ShelfItems(key, in: store)
    var state = State()
    if let (projects, used) = items.list(as: [KeptProject].self) {
      state.used = used
      state.projects.reserveCapacity(projects.count)
      for project in projects { state.projects[project.path] = project }
    }
    self.state = Mutex(state)
  }

  /// What was made of projects, by path: of those whose logs are the same as then.
  /// - Parameter sources: What `source(of:)` says of the logs of each project.
  public func values<Value: Stored>(of sources: [String: Int], as type: Value.Type) -> [String: Value] {
    let kept = state.withLock { state in
      state.met.formUnion(sources.keys)
      return sources.compactMap { path, source in state.projects[path].flatMap { $0.source == source ? $0 : nil } }
    }
    let bytes = items.bytes(of: kept.map(\.content))
    var values: [String: Value] = [:]
    for project in kept { values[project.path] = bytes[project.content].flatMap { Value(stored: $0) } }
    return values
  }

  /// - Parameter source: What `source(of:)` says of its logs.
  public func keep(_ value: some Stored, of path: String, source: Int) {
    let project = KeptProject(path: path, source: source, content: items.add(value.stored()))
    state.withLock { state in
      state.projects[path] = project
      state.met.insert(path)
      state.hasChanged = true
    }
  }

  /// A digest of what was made of logs: the same for the same logs in the same order.
  public static func source(of logs: [KeptLog]) -> Int {
    var digest = QuickDigest()
    for log in logs {
      digest.add(log.path)
      digest.add(log.session ?? "")
      digest.add(UInt64(bitPattern: Int64(log.analysis)))
    }
    return Int(digest.key)
  }

  /// Writes what is new.
  /// - Parameters:
  ///   - now: In seconds since 1970.
  ///   - isWhole: Whether this run looked at all projects: those that it did not come across are forgotten.
  public func close(now: Int, isWhole: Bool) {
    items.flush()
    let (projects, hasChanged, used) = state.withLock { state in
      let kept = state.projects.values.filter { !isWhole || state.met.contains($0.path) }
      let isSame = kept.count == state.projects.count && !state.hasChanged
      return (kept.sorted { $0.path < $1.path }, !isSame, state.used)
    }
    if hasChanged {
      items.put(projects, contents: Set(projects.map(\.content)), now: now)
    } else if !projects.isEmpty {
      items.use(last: used, now: now)
    }
  }
}

/// What all logs of a project come to.
struct KeptProject: Sendable, Hashable {
  var path: String
  /// A digest of the logs that it was made of.
  var source: Int
  var content: Int
}

extension KeptProject: Stored {
  static var blank: KeptProject { KeptProject(path: "", source: 0, content: 0) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&path)
    fields.visit(&source)
    fields.visit(&content)
  }
}
