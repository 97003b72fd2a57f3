import Dispatch
import LearnPipeline
import SessionReaders
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Stands beside a command that reads logs: shows how far it is where a person waits for it, says what took its time, and
/// ends it cleanly when it is interrupted.
final class RunWatch: Sendable {
  let monitor: RunMonitor
  private let begin = ContinuousClock.now
  private let display = Mutex(Display())

  private struct Display {
    var isEnded = false
    var isShown = false
  }

  /// - Parameter isVerbose: Whether the stages are to be timed.
  init(isVerbose: Bool, in world: World) {
    monitor = RunMonitor(keepsTimes: isVerbose)
    Interruption.prepare { [weak self] in self?.endProgress() }
    if Terminal.showsProgress(world) { show(on: DispatchQueue(label: "progress"), after: .milliseconds(500)) }
  }

  private func show(on queue: DispatchQueue, after delay: DispatchTimeInterval) {
    queue.asyncAfter(deadline: .now() + delay) { [weak self] in
      guard let self, !self.display.withLock({ $0.isEnded }) else { return }
      self.show()
      self.show(on: queue, after: .milliseconds(100))
    }
  }

  private func show() {
    let line = ProgressLine(monitor.progress, elapsed: ContinuousClock.now - begin)
    let text = line.text(columns: Terminal.columns)
    display.withLock { display in
      guard !display.isEnded, display.isShown || text != nil else { return }
      display.isShown = text != nil
      Terminal.showProgress(text ?? "")
    }
  }

  /// Takes the line away: what comes now is the result.
  func endProgress() {
    display.withLock { display in
      if display.isShown { Terminal.showProgress("") }
      display = Display(isEnded: true, isShown: false)
    }
  }

  /// Ends the command's run: says where the time went, if that is asked for.
  func end() {
    endProgress()
    guard monitor.keepsTimes else { return }
    Terminal.complain(TimesReport(monitor, total: ContinuousClock.now - begin).text)
  }

  /// Does the work of a stage, and takes its time where that is asked for.
  func time<Result>(_ stage: RunMonitor.Stage, _ work: () throws -> Result) throws -> Result {
    try Optional(monitor).time(stage, work)
  }

  /// Writes what must not be left half done: an interruption waits until it is over.
  func writing<Result>(_ work: () -> Result) -> Result {
    Optional(monitor).time(.write) { Interruption.delayed(work) }
  }
}

/// Ctrl-C: the line of progress is taken away, copies of logs are removed, and the exit status is 130.
private enum Interruption {
  /// Writes of the handler wake the thread that waits. A handler may do hardly anything itself; and unlike an ignored
  /// signal, a handled one is not passed on to programs that are started.
  private static let pipe: (reading: Int32, writing: Int32)? = {
    var ends: [Int32] = [-1, -1]
    #if canImport(Darwin)
      let opened = unsafe Darwin.pipe(&ends)
    #elseif canImport(Musl)
      let opened = unsafe Musl.pipe(&ends)
    #else
      let opened = unsafe Glibc.pipe(&ends)
    #endif
    guard opened == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }()

  /// Held while files are written.
  private static let writing = Mutex(())

  static func delayed<Result>(_ work: () -> Result) -> Result { writing.withLock { _ in work() } }

  static func prepare(_ clear: @escaping @Sendable () -> Void) {
    guard let pipe else { return }
    // Whoever started this program may have said that it must not be interrupted.
    let usual = signal(SIGINT, SIG_IGN)
    guard unsafe unsafeBitCast(usual, to: Int.self) != 1 else { return }
    signal(SIGINT) { _ in
      let before = errno
      var byte: UInt8 = 0
      if let pipe = Interruption.pipe { _ = unsafe write(pipe.writing, &byte, 1) }
      errno = before
    }
    DispatchQueue(label: "interruption").async {
      var byte: UInt8 = 0
      while true {
        let count = unsafe read(pipe.reading, &byte, 1)
        if count < 0, errno == EINTR { continue }
        guard count == 1 else { return }
        writing.withLock { _ in
          clear()
          TemporaryCopy.removeAll()
          _exit(130)
        }
      }
    }
  }
}
