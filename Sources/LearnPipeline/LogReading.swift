internal import AnalysisCache
internal import RuleEngine
internal import RulePack
internal import SessionModel
internal import SessionReaders

/// A log of which the results are there or can be had. There may be thousands, in one list and another.
final class ReadLog: Sendable {
  let file: LogFile
  let session: SessionInfo
  let isEmpty: Bool
  /// What the cache has of it.
  let kept: KeptLog?
  fileprivate let place: Place

  /// Where its results are.
  fileprivate enum Place: Sendable {
    indirect case memory(FileAnalysis)
    /// Calls and results without their other half are not among the bytes.
    case spilled(Range<Int>, openCalls: [ToolCall], looseResults: [ToolCall])
    case cache
  }

  fileprivate init(_ analysis: FileAnalysis, kept: KeptLog?, at place: Place) {
    file = analysis.file
    session = analysis.session
    isEmpty = analysis.isEmpty
    self.kept = kept
    self.place = place
  }

  fileprivate init(_ file: LogFile, kept: KeptLog) {
    self.file = file
    session = kept.info
    isEmpty = kept.isEmpty
    self.kept = kept
    place = .cache
  }
}

/// The way from the log files of one agent to their results, read or remembered.
struct LogReading: Sendable {
  let plugin: any AgentPlugin
  let classifier: Lazily<Classifier>
  let mainOnly: Bool
  /// Logs may lie in these: they are there as long as somebody may read them.
  let copies: [TemporaryCopy]
  let shelf: LogShelf?
  /// The size in bytes of a log from which it is kept where its reading can go on.
  let resumableSize: Int
  /// Where results wait until they are needed; nil to hold them in memory.
  let spill: SpillFile?

  /// What is known of a log that has not changed.
  func kept(_ file: LogFile) -> ReadLog? {
    guard let shelf, Self.mayBeKept(file), let kept = shelf.unchanged(file) else { return nil }
    return ReadLog(file, kept: kept)
  }

  /// Reads a log, or what was added to it.
  /// - Parameter cost: Takes what it has cost; nil when nobody asks.
  func read(_ file: LogFile, _ scratch: ClassifierScratch, _ cost: inout WorkerCost?) throws(ReadError) -> ReadLog {
    guard let shelf, Self.mayBeKept(file) else {
      let analysis = try analysis(of: file, after: nil, keepsPoints: false, scratch, &cost).analysis
      return log(analysis, stored: spill == nil ? [] : analysis.stored(), kept: nil)
    }
    let moment = ResultCache.moment
    let before = FileStamp(of: file.path)
    // A log that nobody has written to for long is not going to grow, and a small one is read anew as fast.
    let keepsPoints = before.modified > moment - Self.recent && before.size >= resumableSize
    var paths: Set<String>? = [file.path]
    let result: (analysis: FileAnalysis, pause: SelectedCalls.Pause?)
    if let (point, state) = shelf.grown(file),
      let grown = try? analysis(of: file, after: (point, state), keepsPoints: keepsPoints, scratch, &cost)
    {
      result = grown
    } else {
      let trace = ReadTrace()
      result = try trace.follow { () throws(ReadError) in
        try analysis(of: file, after: nil, keepsPoints: keepsPoints, scratch, &cost)
      }
      paths = trace.paths
    }
    let stored = result.analysis.stored()
    let kept = shelf.keep(
      result.analysis, stored: stored, before: before, moment: moment, paths: paths, pause: result.pause)
    return log(result.analysis, stored: stored, kept: kept)
  }

  private func log(_ analysis: FileAnalysis, stored: [UInt8], kept: KeptLog?) -> ReadLog {
    let place = spill?.add(stored).map { range in
      ReadLog.Place.spilled(range, openCalls: analysis.openCalls, looseResults: analysis.looseResults)
    }
    return ReadLog(analysis, kept: kept, at: place ?? .memory(analysis))
  }

  /// Three days in nanoseconds. To read an older log anew when it has grown after all costs less than to keep where each
  /// log ended.
  private static var recent: Int { 3 * 86400 * 1_000_000_000 }

  /// Standard input is another log each time.
  private static func mayBeKept(_ file: LogFile) -> Bool { file.path.hasPrefix("/") }

  private func analysis(
    of file: LogFile, after point: SelectedCalls.Pause?, keepsPoints: Bool, _ scratch: ClassifierScratch,
    _ cost: inout WorkerCost?
  ) throws(ReadError) -> (analysis: FileAnalysis, pause: SelectedCalls.Pause?) {
    let begin = cost.map { _ in ThreadClock.now }
    var sink = SelectedCalls(
      analyzer: CallAnalyzer(classifier: classifier.value, scratch: scratch), leavesOutSubagents: mainOnly)
    sink.keepsPoints = keepsPoints
    sink.cost = cost.map { _ in WorkerCost() }
    if let point, !sink.analyzer.restore(point.analyzer) {
      throw ReadError(path: file.path, reason: "what was kept of it cannot be used")
    }
    var summary = try plugin.read(file, after: point?.point, into: &sink)
    if let begin, let spent = sink.cost { cost?.add(spent, all: ThreadClock.now - begin) }
    if mainOnly {
      summary.openCalls.removeAll(where: \.isSidechain)
      summary.looseResults.removeAll(where: \.isSidechain)
    }
    let read = cost.map { _ in ThreadClock.now }
    defer { if let read { cost?.correlate += ThreadClock.now - read } }
    return (sink.analyzer.finish(summary, file: file), sink.pause)
  }

  /// What the logs of a project come to.
  /// - Parameter keepsParts: Whether the project is going to be asked what was known at an earlier time.
  func project(_ path: String, of logs: [ReadLog], keepsParts: Bool) -> ProjectAnalysis {
    ProjectAnalysis(agent: plugin.name, path: path, files: joined(analyses(of: logs)), keepsParts: keepsParts)
  }

  private func analyses(of logs: [ReadLog]) -> [FileAnalysis] {
    var kept: [LogFile: FileAnalysis] = [:]
    var read: [LogFile: FileAnalysis] = [:]
    var waiting: [(file: LogFile, kept: KeptLog)] = []
    for log in logs {
      switch log.place {
      case .memory(let analysis): read[log.file] = analysis
      case .spilled(let range, let openCalls, let looseResults):
        guard var analysis = spill?.bytes(range).flatMap({ FileAnalysis(stored: $0) }) else { continue }
        analysis.file = log.file
        (analysis.openCalls, analysis.looseResults) = (openCalls, looseResults)
        read[log.file] = analysis
      case .cache:
        if let known = log.kept { waiting.append((log.file, known)) }
      }
    }
    if !waiting.isEmpty { kept = shelf?.analyses(of: waiting) ?? [:] }
    // What was kept may be damaged.
    for log in logs where kept[log.file] == nil && read[log.file] == nil { read[log.file] = anew(log.file) }
    // Of a call or result whose other half is in another log not enough is kept.
    let sought = Set((Array(kept.values) + Array(read.values)).flatMap(\.looseResults).map(\.id))
    for (file, analysis) in kept
    where !analysis.looseResults.isEmpty || analysis.openCalls.contains(where: { sought.contains($0.id) }) {
      kept[file] = nil
      read[file] = anew(file)
    }
    return logs.compactMap { read[$0.file] ?? kept[$0.file] }
  }

  private func anew(_ file: LogFile) -> FileAnalysis? {
    var cost: WorkerCost?
    return (try? analysis(of: file, after: nil, keepsPoints: false, ClassifierScratch(), &cost))?.analysis
  }

  /// Puts calls together whose result is in another log, as when a session was resumed. The log with the result is read
  /// once more with the call at its place: what came after it may show what worked instead.
  private func joined(_ files: [FileAnalysis]) -> [FileAnalysis] {
    guard files.contains(where: { !$0.looseResults.isEmpty }) else { return files }
    let files = files.sorted { $0.order < $1.order }
    var calls: [String: ToolCall] = [:]
    for file in files {
      calls.merge(file.openCalls.map { ($0.id, $0) }) { first, _ in first }
    }
    var known: Set<UInt64> = []
    for file in files { known.formUnion(file.calls) }
    return files.map { file in
      let loose = file.looseResults.filter { !known.contains(Digest(of: $0.id).value) }
      guard !loose.isEmpty else { return file }
      known.formUnion(loose.map { Digest(of: $0.id).value })
      var sink = EventSink()
      // It was read before; whoever took it away since then takes its results along.
      guard var summary = try? plugin.read(file.file, into: &sink) else { return file }
      var selected = SelectedCalls(
        analyzer: CallAnalyzer(classifier: classifier.value, scratch: ClassifierScratch()), leavesOutSubagents: mainOnly
      )
      var waiting = loose.map { result in calls[result.id].map { $0.joined(with: result) } ?? result }[...]
      for event in sink.events {
        while let call = waiting.first, (call.resultLine ?? 0) < event.endLine {
          selected.accept(.call(call))
          waiting.removeFirst()
        }
        selected.accept(event)
      }
      for call in waiting { selected.accept(.call(call)) }
      summary.looseResults = []
      return selected.analyzer.finish(summary, file: file.file)
    }
  }
}

/// Hands calls on, without those of subagents where they are not wanted.
struct SelectedCalls: SessionSink {
  var analyzer: CallAnalyzer
  let leavesOutSubagents: Bool
  var keepsPoints = false
  /// What is spent behind this place; nil when nobody asks.
  var cost: WorkerCost?
  /// Where the reading can go on.
  private(set) var pause: Pause?

  /// A point in the log, and what was known there.
  typealias Pause = (point: ReadingPoint, analyzer: [UInt8])

  func reach(intoOutputOf tool: ToolKind, bytes: Int) -> Int { analyzer.reach(intoOutputOf: tool, bytes: bytes) }

  mutating func pause(at point: ReadingPoint) { pause = (point, analyzer.state()) }

  mutating func accept(_ event: SessionEvent) {
    if leavesOutSubagents, case .call(let call) = event, call.isSidechain { return }
    guard cost != nil else { return analyzer.accept(event) }
    let begin = ThreadClock.now
    analyzer.accept(event)
    cost?.match += ThreadClock.now - begin
    if case .call = event { cost?.calls += 1 }
  }
}
