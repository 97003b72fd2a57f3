public import RuleEngine
public import SessionModel
public import SessionReaders
internal import Synchronization

/// Which runs may use each other's results.
public struct ShelfKey: Sendable, Hashable {
  public var agent: String
  /// Where the agent's logs are.
  public var place: String
  /// Tells the tool, the rules and the options from others.
  public var fingerprint: UInt64
  /// Whether logs that are not found by a run are still there: those that are named are.
  public var holdsNamedLogs: Bool

  public init(agent: String, place: String, fingerprint: UInt64, holdsNamedLogs: Bool) {
    self.agent = agent
    self.place = place
    self.fingerprint = fingerprint
    self.holdsNamedLogs = holdsNamedLogs
  }

  fileprivate var group: QuickDigest {
    var digest = QuickDigest()
    digest.add(agent)
    digest.add(place)
    return digest
  }

  fileprivate var name: Int64 {
    var digest = group
    digest.add(fingerprint)
    return digest.key
  }
}

/// The results of one kind of run over the logs of one agent.
public final class LogShelf: Sendable {
  private let store: AnalysisStore
  private let key: ShelfKey
  private let name: Int64
  private let state: Mutex<State>

  private struct State {
    var before: [LogName: KeptLog] = [:]
    var projectsBefore: [String: KeptProject] = [:]
    var logs: [LogName: KeptLog] = [:]
    var projects: [String: KeptProject] = [:]
    var used = 0
    var hasChanged = false
    /// What waits to be written.
    var items: [(name: Int64, value: [UInt8])] = []
    var size = 0
  }

  private struct LogName: Hashable {
    var path: String
    var session: String?

    init(path: String, session: String?) {
      self.path = path
      self.session = session
    }

    init(_ log: KeptLog) { self.init(path: log.path, session: log.session) }
  }

  /// How much waits in memory before it is written.
  private static let most = 4 << 20

  public init(_ key: ShelfKey, in store: AnalysisStore) {
    self.store = store
    self.key = key
    name = key.name
    state = Mutex(State())
    let name = name
    guard let kept = store.read({ file throws(CacheFault) in try file.shelf(name) }),
      digest(of: kept.value) == kept.digest, let shelf = Shelf(stored: kept.value)
    else { return }
    state.withLock { state in
      state.used = kept.used
      state.before.reserveCapacity(shelf.logs.count)
      for log in shelf.logs { state.before[LogName(log)] = log }
      for project in shelf.projects { state.projectsBefore[project.path] = project }
    }
  }

  // MARK: Logs

  /// What is kept of a log, when nothing has changed since it was read.
  public func unchanged(_ file: LogFile) -> KeptLog? {
    guard let log = before(file), log.isSettled, FileStamp(of: file.path) == log.stamp,
      log.others.allSatisfy({ FileStamp(of: $0.key) == $0.value })
    else { return nil }
    state.withLock { $0.logs[LogName(log)] = log }
    return log
  }

  /// Where the reading of a log goes on that was only added to, with what the analyzer knew there.
  public func grown(_ file: LogFile) -> (point: ReadingPoint, analyzer: [UInt8])? {
    guard let log = before(file), let resume = log.resume, log.others.isEmpty else { return nil }
    let stamp = FileStamp(of: file.path)
    guard stamp.size > log.stamp.size, stamp.number == log.stamp.number,
      let ends = LogEnds(of: file.path, to: resume.offset), ends.head == resume.head, ends.tail == resume.tail,
      var bytes = bytes(of: resume.state)
    else { return nil }
    seal(ends).apply(to: &bytes)
    return ResumeState(stored: bytes).map { ($0.point, $0.analyzer) }
  }

  private func before(_ file: LogFile) -> KeptLog? {
    let log = state.withLock { $0.before[LogName(path: file.path, session: file.session)] }
    return log?.shape == file.shape ? log : nil
  }

  /// What was made of logs: of those of which it can still be had.
  public func analyses(of logs: [(file: LogFile, kept: KeptLog)]) -> [LogFile: FileAnalysis] {
    var found: [LogFile: FileAnalysis] = [:]
    // A few at a time: their bytes need not all be in memory at once.
    for start in stride(from: 0, to: logs.count, by: 64) {
      let part = logs[start..<min(start + 64, logs.count)]
      let names = part.map { Int64($0.kept.analysis) }
      let items = store.read { file throws(CacheFault) in try file.items(names) } ?? [:]
      for (file, kept) in part {
        var analysis = unpacked(items[Int64(kept.analysis)], named: kept.analysis, as: FileAnalysis.self)
        analysis?.file = file
        found[file] = analysis
      }
    }
    return found
  }

  /// Keeps what was made of a log.
  /// - Parameters:
  ///   - before: The file as it was before it was read.
  ///   - moment: When that was, in nanoseconds since 1970.
  ///   - paths: What was looked at; nil when that is not known, and nothing can be kept.
  ///   - pause: Where the reading can go on, and what the analyzer knew there.
  public func keep(
    _ analysis: FileAnalysis, before: FileStamp, moment: Int, paths: Set<String>?,
    pause: (point: ReadingPoint, analyzer: [UInt8])?
  ) -> KeptLog? {
    let file = analysis.file
    guard let paths = paths.map({ Self.originals(of: $0, file) }), before.size >= 0 else { return nil }
    var others: [String: FileStamp] = [:]
    var isSettled = before.isSettled(at: moment)
    for path in paths where path != file.path {
      let stamp = FileStamp(of: path)
      others[path] = stamp
      // It was looked at some time since.
      if stamp != .missing, !stamp.isSettled(at: moment) { isSettled = false }
    }
    let after = FileStamp(of: file.path)
    if after != before {
      // Somebody writes to it.
      guard after.number == before.number, after.size >= before.size, pause != nil else { return nil }
      isSettled = false
    }
    var log = KeptLog(
      path: file.path, session: file.session, shape: file.shape, stamp: before, isSettled: isSettled, others: others,
      info: analysis.session, isEmpty: analysis.isEmpty, analysis: add(analysis.stored()))
    if let pause, others.isEmpty, let ends = LogEnds(of: file.path, to: pause.point.offset) {
      var bytes = ResumeState(point: pause.point, analyzer: pause.analyzer).stored()
      seal(ends).apply(to: &bytes)
      log.resume = KeptLog.Resume(
        offset: pause.point.offset, head: ends.head, tail: ends.tail, state: add(bytes))
    }
    state.withLock { state in
      state.logs[LogName(log)] = log
      state.hasChanged = true
    }
    return log
  }

  /// A copy stands for what it was made of, with the changes that lay beside it.
  private static func originals(of paths: Set<String>, _ file: LogFile) -> Set<String> {
    guard let copy = file.copy else { return paths }
    var originals: Set<String> = []
    for path in paths {
      if path.hasPrefix(copy) {
        originals.formUnion(["", "-wal", "-journal"].map { file.path + $0 })
      } else {
        originals.insert(path)
      }
    }
    return originals
  }

  // MARK: Projects

  /// What the logs of a project come to.
  public func project<Value: Stored>(_ path: String, of logs: [KeptLog], as type: Value.Type) -> Value? {
    guard let kept = state.withLock({ $0.projectsBefore[path] }), kept.source == Self.source(logs) else { return nil }
    guard let value = bytes(of: kept.content).flatMap({ Value(stored: $0) }) else { return nil }
    state.withLock { $0.projects[path] = kept }
    return value
  }

  public func keep(project value: some Stored, at path: String, of logs: [KeptLog]) {
    let kept = KeptProject(path: path, source: Self.source(logs), content: add(value.stored()))
    state.withLock { state in
      state.projects[path] = kept
      state.hasChanged = true
    }
  }

  private static func source(_ logs: [KeptLog]) -> Int {
    var digest = QuickDigest()
    for log in logs {
      digest.add(log.path)
      digest.add(log.session ?? "")
      digest.add(UInt64(bitPattern: Int64(log.analysis)))
    }
    return Int(digest.key)
  }

  // MARK: Writing

  /// Writes what is new. Logs that are gone are forgotten.
  /// - Parameter now: In seconds since 1970.
  public func close(now: Int) {
    flush()
    let (shelf, isNew) = state.withLock { state in
      let rest = state.before.filter { state.logs[$0.key] == nil }
      if key.holdsNamedLogs {
        state.logs.merge(rest.filter { FileStamp(of: $0.key.path) != .missing }) { $1 }
      }
      // A run that looked at one project leaves the others.
      state.projects.merge(state.projectsBefore) { new, _ in new }
      let shelf = Shelf(
        logs: state.logs.values.sorted { ($0.path, $0.session ?? "") < ($1.path, $1.session ?? "") },
        projects: state.projects.values.sorted { $0.path < $1.path })
      return (shelf, state.hasChanged || shelf.logs.count != state.before.count)
    }
    let used = state.withLock { $0.used }
    let (group, name) = (key.group.key, name)
    if isNew {
      let value = shelf.stored()
      let digest = digest(of: value)
      store.write { file throws(CacheFault) in
        try file.put(
          shelf: name, group: group, digest: digest, value: value, contents: shelf.contents, now: now)
      }
    } else if used < now - 86400, !shelf.logs.isEmpty {
      store.write { file throws(CacheFault) in try file.use(name, now: now) }
    }
  }

  private func seal(_ ends: LogEnds) -> Seal { Seal(key: ends.secret, number: UInt64(bitPattern: name)) }

  private func add(_ bytes: [UInt8]) -> Int {
    let digest = digest(of: bytes)
    let isFull = state.withLock { state in
      state.items.append((digest, bytes))
      state.size += bytes.count
      return state.size > Self.most
    }
    if isFull { flush() }
    return Int(digest)
  }

  private func flush() {
    let items = state.withLock { state in
      defer { (state.items, state.size) = ([], 0) }
      return state.items
    }
    guard !items.isEmpty else { return }
    let name = name
    store.write { file throws(CacheFault) in try file.add(items, to: name) }
  }

  private func bytes(of item: Int) -> [UInt8]? {
    let name = Int64(item)
    let bytes = store.read { file throws(CacheFault) in try file.items([name]) }?[name]
    return bytes.flatMap { digest(of: $0) == name ? $0 : nil }
  }

  /// What the name says is what it was.
  private func unpacked<Value: Stored>(_ bytes: [UInt8]?, named name: Int, as type: Value.Type) -> Value? {
    guard let bytes, digest(of: bytes) == Int64(name) else { return nil }
    return Value(stored: bytes)
  }

  private func digest(of bytes: [UInt8]) -> Int64 {
    var digest = QuickDigest(seed: UInt64(bitPattern: name))
    digest.add(bytes)
    return digest.key
  }
}

/// What the reader and the analyzer knew where the reading stopped.
struct ResumeState: Stored {
  var point: ReadingPoint
  var analyzer: [UInt8]

  static var blank: ResumeState { ResumeState(point: .blank, analyzer: []) }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&point)
    fields.visit(&analyzer)
  }
}

/// Digests of the first and last bytes of what was read of a log: whether it was only added to.
struct LogEnds {
  var head: Int
  var tail: Int
  /// A key that only those can have who have the log.
  var secret: [UInt32]

  static let length = 4096

  /// - Returns: nil when it cannot be read.
  init?(of path: String, to end: Int) {
    let length = min(Self.length, end)
    guard let head = FilePart.bytes(of: path, from: 0, count: length),
      let tail = FilePart.bytes(of: path, from: end - length, count: length)
    else { return nil }
    self.head = Self.digest(head)
    self.tail = Self.digest(tail)
    // Where logs have the ids and times of records.
    secret = SHA256.words(of: head.prefix(1024) + tail.suffix(1024))
  }

  private static func digest(_ bytes: [UInt8]) -> Int {
    var digest = QuickDigest()
    digest.add(bytes)
    return Int(digest.key)
  }
}

extension LogFile {
  /// A digest of what a plugin says of a log beside its path.
  fileprivate var shape: UInt64 {
    var digest = QuickDigest()
    digest.add(isSubagent ? 1 : 0)
    digest.add(projectHint ?? "")
    digest.add(group)
    return UInt64(bitPattern: digest.key)
  }
}

extension FileAnalysis {
  /// Whether there is nothing to tell of it.
  public var isEmpty: Bool { calls.isEmpty && openCalls.isEmpty && looseResults.isEmpty && issues.isEmpty }
}
