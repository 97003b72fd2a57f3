/// The line that shows how far a run is.
public struct ProgressLine: Hashable, Sendable {
  private let progress: RunMonitor.Progress
  private let elapsed: Duration

  /// Shorter runs show nothing.
  public static let delay = Duration.milliseconds(500)

  /// - Parameter elapsed: Since reading began.
  public init(_ progress: RunMonitor.Progress, elapsed: Duration) {
    self.progress = progress
    self.elapsed = elapsed
  }

  /// The line for a terminal of so many columns; nil when there is nothing to show yet, or no more. It leaves the last column free, so
  /// that no terminal breaks it.
  public func text(columns: Int) -> String? {
    guard elapsed >= Self.delay, progress.sessions < progress.allSessions else { return nil }
    let percent = progress.allBytes > 0 ? min(100, progress.bytes * 100 / progress.allBytes) : 0
    let short = "\(percent)%"
    let sessions = "\(TextReport.number(progress.sessions)) of \(TextReport.count(progress.allSessions, "session"))"
    let bytes = "\(Self.size(progress.bytes)) of \(Self.size(progress.allBytes))"
    let rate = Self.rate(progress.bytes, in: elapsed)
    let left = remaining.map { "\(Self.time($0)) left" }
    let forms: [[String?]] = [
      ["reading " + sessions, bytes, rate, left], ["reading " + sessions, bytes, left], [bytes, left], [short, left],
      [short],
    ]
    return forms.map { $0.compactMap(\.self).joined(separator: " · ") }.first { $0.count < columns }
  }

  /// At the rate so far; nil before there is one.
  private var remaining: Int64? {
    let milliseconds = Self.milliseconds(elapsed)
    guard progress.bytes > 0, progress.bytes <= progress.allBytes else { return nil }
    let left = Double(progress.allBytes - progress.bytes) / Double(progress.bytes) * Double(milliseconds) / 1000
    return left < 1e6 ? Int64(left.rounded(.up)) : nil
  }

  static func milliseconds(_ time: Duration) -> Int64 {
    time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
  }

  /// Bytes in a second; nil when there is no telling.
  static func rate(_ bytes: Int, in time: Duration) -> String? {
    let milliseconds = milliseconds(time)
    guard bytes > 0, milliseconds > 0 else { return nil }
    return size(Int(Double(bytes) / Double(milliseconds) * 1000)) + "/s"
  }

  /// With units of 1,000, as files are shown elsewhere.
  static func size(_ bytes: Int) -> String {
    if bytes < 1000 { return TextReport.count(bytes, "byte") }
    if bytes < 1_000_000 { return "\(bytes / 1000) kB" }
    if bytes < 1_000_000_000 { return "\(bytes / 1_000_000) MB" }
    return "\(tenths(Int64(bytes / 100_000_000))) GB"
  }

  static func tenths(_ number: Int64) -> String { "\(number / 10).\(number % 10)" }

  static func time(_ seconds: Int64) -> String {
    if seconds < 100 { return "\(seconds) s" }
    if seconds < 6000 { return "\((seconds + 30) / 60) min" }
    return "\((seconds + 1800) / 3600) h"
  }
}
