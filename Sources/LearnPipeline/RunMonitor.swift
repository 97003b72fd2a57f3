internal import SessionModel
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How far a run is, and where its time goes: the pipeline tells it, those who show it ask.
public final class RunMonitor: Sendable {
  /// What is to be done, and what is done.
  public struct Progress: Sendable, Hashable {
    public var bytes = 0
    public var allBytes = 0
    public var sessions = 0
    public var allSessions = 0

    public init(bytes: Int = 0, allBytes: Int = 0, sessions: Int = 0, allSessions: Int = 0) {
      self.bytes = bytes
      self.allBytes = allBytes
      self.sessions = sessions
      self.allSessions = allSessions
    }
  }

  /// The steps from logs to files, in order.
  public enum Stage: String, Sendable, CaseIterable {
    /// Loading the rules.
    case rules
    /// Finding the logs.
    case discover
    /// From bytes to calls.
    case read
    /// The rules on each call, and what put it right.
    case match
    /// Putting the logs of each project together.
    case correlate
    /// From findings to recommendations, with a model where one is asked.
    case learn
    /// What the files would hold.
    case plan
    case write
  }

  /// What a stage has cost.
  public struct StageTime: Sendable, Hashable {
    /// By the clock; zero for a stage that runs within another one.
    public var wall: Duration
    /// Of all threads together.
    public var processor: Duration

    public init(wall: Duration = .zero, processor: Duration = .zero) {
      self.wall = wall
      self.processor = processor
    }
  }

  private struct State {
    var progress = Progress()
    var times: [Stage: StageTime] = [:]
    var calls = 0
    var threads = 0
  }

  /// Whether the stages are timed. Progress alone costs nothing worth telling.
  public let keepsTimes: Bool
  private let state = Mutex(State())

  public init(keepsTimes: Bool) { self.keepsTimes = keepsTimes }

  public var progress: Progress { state.withLock { $0.progress } }

  /// What the stages have cost, those that took place.
  public var times: [Stage: StageTime] { state.withLock { $0.times } }

  /// Calls that were looked at, and threads that read.
  public var counts: (calls: Int, threads: Int) { state.withLock { ($0.calls, $0.threads) } }

  func expect(_ files: [LogFile]) {
    let bytes = files.reduce(0) { $0 + $1.size }
    state.withLock {
      $0.progress.allSessions += files.count
      $0.progress.allBytes += bytes
    }
  }

  func finished(_ file: LogFile) {
    state.withLock {
      $0.progress.sessions += 1
      $0.progress.bytes += file.size
    }
  }

  func add(_ cost: WorkerCost, threads: Int) {
    state.withLock {
      $0.times[.read, default: StageTime()].processor += cost.read
      $0.times[.match, default: StageTime()].processor += cost.match
      $0.times[.correlate, default: StageTime()].processor += cost.correlate
      $0.calls += cost.calls
      $0.threads = max($0.threads, threads)
    }
  }

  func add(calls: Int) { state.withLock { $0.calls += calls } }

  func add(_ time: StageTime, for stage: Stage) {
    state.withLock {
      $0.times[stage, default: StageTime()].wall += time.wall
      $0.times[stage, default: StageTime()].processor += time.processor
    }
  }
}

extension RunMonitor? {
  /// Does the work of a stage on this thread, and takes its time where that is asked for.
  public func time<Result, Failure>(
    _ stage: RunMonitor.Stage, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let self, self.keepsTimes else { return try work() }
    let (begin, processor) = (ContinuousClock.now, ThreadClock.now)
    defer {
      self.add(
        RunMonitor.StageTime(wall: ContinuousClock.now - begin, processor: ThreadClock.now - processor), for: stage)
    }
    return try work()
  }

  /// Takes the time of work on other threads, which tell their own part.
  func timeWall<Result>(
    _ stage: RunMonitor.Stage, isolation: isolated (any Actor)? = #isolation, _ work: () async -> Result
  ) async -> Result {
    guard let self, self.keepsTimes else { return await work() }
    let begin = ContinuousClock.now
    let result = await work()
    self.add(RunMonitor.StageTime(wall: ContinuousClock.now - begin), for: stage)
    return result
  }
}

/// What one worker has cost. Only kept where times are.
struct WorkerCost {
  var read = Duration.zero
  var match = Duration.zero
  var correlate = Duration.zero
  var calls = 0

  /// Adds what a file has cost.
  /// - Parameter all: From its start to its end; what was not spent on calls was spent on reading.
  mutating func add(_ file: WorkerCost, all: Duration) {
    match += file.match
    read += all - file.match
    calls += file.calls
  }
}

/// The processor time of this thread.
enum ThreadClock {
  static var now: Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }
}
