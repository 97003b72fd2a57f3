/// What `--verbose` says of the time that a run took.
public struct TimesReport {
  private let progress: RunMonitor.Progress
  private let times: [RunMonitor.Stage: RunMonitor.StageTime]
  private let calls: Int
  private let threads: Int
  private let total: Duration

  /// - Parameter total: From the start of the command to its end, by the clock.
  public init(_ monitor: RunMonitor, total: Duration) {
    self.init(
      progress: monitor.progress, times: monitor.times, calls: monitor.counts.calls, threads: monitor.counts.threads,
      total: total)
  }

  init(
    progress: RunMonitor.Progress, times: [RunMonitor.Stage: RunMonitor.StageTime], calls: Int, threads: Int,
    total: Duration
  ) {
    self.progress = progress
    self.times = times
    self.calls = calls
    self.threads = threads
    self.total = total
  }

  /// A line with the amounts, then one for each stage. Stages that run on the threads that read have no time of their own
  /// by the clock.
  public var text: String {
    var counts = [TextReport.count(progress.sessions, "session"), ProgressLine.size(progress.bytes)]
    if calls > 0 { counts.append(TextReport.count(calls, "call")) }
    if threads > 0 { counts.append(TextReport.count(threads, "thread")) }
    if let rate = ProgressLine.rate(progress.bytes, in: total) { counts.append(rate) }
    var lines = [counts.joined(separator: " · "), Self.row("stage", "time", "processor")]
    for stage in RunMonitor.Stage.allCases {
      guard let time = times[stage] else { continue }
      lines.append(
        Self.row(stage.rawValue, time.wall == .zero ? "" : Self.text(time.wall), Self.text(time.processor)))
    }
    let processor = times.values.reduce(Duration.zero) { $0 + $1.processor }
    lines.append(Self.row("all", Self.text(total), Self.text(processor)))
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ wall: String, _ processor: String) -> String {
    func right(_ text: String) -> String { String(repeating: " ", count: max(0, 12 - text.count)) + text }
    return name + String(repeating: " ", count: max(0, 10 - name.count)) + right(wall) + right(processor)
  }

  private static func text(_ time: Duration) -> String {
    let microseconds = time.components.seconds * 1_000_000 + time.components.attoseconds / 1_000_000_000_000
    guard microseconds < 10_000_000 else { return "\(ProgressLine.tenths(microseconds / 100_000)) s" }
    return "\(ProgressLine.tenths(microseconds / 100)) ms"
  }
}
