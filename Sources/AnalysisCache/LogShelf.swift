public import RuleEngine
public import SessionModel
public import SessionReaders
internal import Synchronization

/// The results of one kind of run over the logs of one agent.
public final class LogShelf: Sendable {
  private let key: ShelfKey
  private let items: ShelfItems
  private let state: Mutex<State>

  private struct State {
    var before: [LogName: KeptLog] = [:]
    var logs: [LogName: KeptLog] = [:]
    var used = 0
    var hasChanged = false
  }

  private struct LogName: Hashable, Comparable {
    var path: String
    var session: String?

    static func < (left: LogName, right: LogName) -> Bool {
      (left.path, left.session ?? "") < (right.path, right.session ?? "")
    }

    init(path: String, session: String?) {
      self.path = path
      self.session = session
    }

    init(_ log: KeptLog) { self.init(path: log.path, session: log.session) }
  }

  public init(_ key: ShelfKey, in store: AnalysisStore) {
    self.key = key
    items = ShelfItems(key, in: store)
    var state = State()
    if let (logs, used) = items.list(as: [KeptLog].self) {
      state.used = used
      state.before.reserveCapacity(logs.count)
      for log in logs { state.before[LogName(log)] = log }
    }
    self.state = Mutex(state)
  }

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
      var bytes = items.bytes(of: [resume.state])[resume.state]
    else { return nil }
    items.seal(ends).apply(to: &bytes)
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
      let bytes = items.bytes(of: part.map(\.kept.analysis))
      for (file, kept) in part {
        var analysis = bytes[kept.analysis].flatMap { FileAnalysis(stored: $0) }
        analysis?.file = file
        found[file] = analysis
      }
    }
    return found
  }

  /// Keeps what was made of a log.
  /// - Parameters:
  ///   - stored: The bytes of it.
  ///   - before: The file as it was before it was read.
  ///   - moment: When that was, in nanoseconds since 1970.
  ///   - paths: What was looked at; nil when that is not known, and nothing can be kept.
  ///   - pause: Where the reading can go on, and what the analyzer knew there.
  public func keep(
    _ analysis: FileAnalysis, stored: [UInt8], before: FileStamp, moment: Int, paths: Set<String>?,
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
      info: analysis.session, isEmpty: analysis.isEmpty, analysis: items.add(stored))
    if let pause, others.isEmpty, let ends = LogEnds(of: file.path, to: pause.point.offset) {
      var bytes = ResumeState(point: pause.point, analyzer: pause.analyzer).stored()
      items.seal(ends).apply(to: &bytes)
      log.resume = KeptLog.Resume(
        offset: pause.point.offset, head: ends.head, tail: ends.tail, state: items.add(bytes))
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

  /// Writes what is new. Logs that are gone are forgotten.
  /// - Parameter now: In seconds since 1970.
  public func close(now: Int) {
    items.flush()
    let (logs, isNew, used) = state.withLock { state in
      if key.holdsNamedLogs {
        let rest = state.before.filter { state.logs[$0.key] == nil }
        state.logs.merge(rest.filter { FileStamp(of: $0.key.path) != .missing }) { $1 }
      }
      return (state.logs, state.hasChanged || state.logs.count != state.before.count, state.used)
    }
    if isNew {
      let logs = logs.keys.sorted().compactMap { logs[$0] }
      items.put(logs, contents: Set(logs.flatMap { [$0.analysis] + ($0.resume.map { [$0.state] } ?? []) }), now: now)
    } else if !logs.isEmpty {
      items.use(last: used, now: now)
    }
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
