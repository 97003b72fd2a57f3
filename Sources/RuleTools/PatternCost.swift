internal import PatternEngine
internal import RuleEngine

/// What a pattern costs, measured.
public struct PatternCost: Sendable {
  /// How a pattern did on the text that was worst for it.
  public enum Worst: Sendable, Hashable {
    case fine
    /// It did more work than is allowed.
    case limit(bytes: Int)
    case slow(milliseconds: Double, bytes: Int)
  }

  /// No match may take longer.
  public static let limit = Duration.milliseconds(10)

  /// Where a pattern is tried: outputs are looked at in parts, inputs and names as a whole.
  public enum Subject: Sendable {
    case input
    case output
  }

  /// The worst of many texts of 4 to 16 KiB that are made from the pattern itself.
  public static func worst(of source: String, on subject: Subject) -> Worst {
    guard let pattern = try? Pattern(source) else { return .fine }
    let trial = Trial(pattern: pattern, subject: subject)
    var slowest: (time: Duration, bytes: Int) = (.zero, 0)
    var subjects = AdversarialSubjects(source)
    for size in [4 << 10, 16 << 10] {
      for text in subjects.texts(of: size) {
        // Other programs run on this machine too: only a time that comes again counts.
        var best = Duration.seconds(1)
        for _ in 0..<8 where best > limit {
          guard let time = trial.time(on: text) else { return .limit(bytes: size) }
          best = min(best, time)
        }
        if best > slowest.time { slowest = (best, size) }
      }
    }
    if slowest.time <= limit { return .fine }
    return .slow(milliseconds: slowest.time.milliseconds, bytes: slowest.bytes)
  }

  /// One pattern, tried on the parts of a text that the tool tries it on.
  private struct Trial {
    let pattern: Pattern
    let subject: Subject
    let scratch = MatchScratch()

    /// - Returns: nil when the match was given up.
    func time(on text: [UInt8]) -> Duration? {
      let literals = RequiredLiterals.of(pattern.source)
      let windows = subject == .input ? [0..<text.count] : OutputWindows.windows(literals: literals, in: text)
      let begin = ContinuousClock.now
      do throws(MatchFailure) {
        for window in windows where try pattern.firstMatch(in: text, window: window, scratch: scratch) != nil { break }
      } catch {
        return nil
      }
      return ContinuousClock.now - begin
    }
  }

  /// Microseconds that a pattern without a literal costs on each output of 4 KiB.
  public static func onEveryOutput(_ source: String) -> Double {
    guard let pattern = try? Pattern(source) else { return 0 }
    let scratch = MatchScratch()
    let best = (0..<5).map { _ in
      let begin = ContinuousClock.now
      _ = try? pattern.firstMatch(in: usualOutput, scratch: scratch)
      return ContinuousClock.now - begin
    }.min()
    return (best ?? .zero).milliseconds * 1000
  }

  /// 4 KiB of what builds and tests print.
  private static let usualOutput: [UInt8] = {
    let lines = """
      [14/96] Compiling Store Warehouse.swift
      src/shop/cart.py:41: note: defined here
      ok  \tgithub.com/acme/shop/internal/cart\t0.213s
      -rw-r--r--  1 dev dev   4096 Mar  3 09:12 package.json
      test checkout::adds_tax ... ok
      2026-03-03T09:12:44Z INFO listening on http://127.0.0.1:8080 (pid 4711)

      """
    return Array(String(repeating: lines, count: 16).utf8.prefix(4096))
  }()
}

extension Duration {
  /// As a number, for people.
  public var milliseconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) * 1000 + Double(attoseconds) / 1e15
  }
}
