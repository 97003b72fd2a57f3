internal import PatternEngine

/// Finds keys, tokens, passwords and addresses in texts, so that none is matched into a line, printed, stored or sent.
///
/// It holds working memory for matching: one for each thread.
public final class SecretScanner {
  /// What stands in the place of a secret.
  public static let mask = "[secret]"

  private lazy var scratch = MatchScratch(limits: MatchLimits(matchLimit: 100_000, stackBytes: 1 << 20))

  public init() {}

  /// - Returns: Where the secrets stand, in order, as bytes of UTF-8.
  public func secrets(in bytes: [UInt8]) -> [Range<Int>] {
    let found = LooseTokens.ranges(in: bytes) + SecretTable.standard.ranges(in: bytes) { scratch }
    return Self.joined(found)
  }

  /// The text with every secret replaced by ``mask``.
  public func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let ranges = secrets(in: bytes)
    return ranges.isEmpty ? text : Self.masked(bytes, ranges)
  }

  /// A part of the bytes, at most `limit` long, with the secrets in it replaced by ``mask``.
  ///
  /// - Parameters:
  ///   - ranges: Where secrets stand, from ``secrets(in:)``; what they hold beyond the part is masked all the same.
  ///   - part: What is wanted of the bytes.
  public static func masked(_ bytes: [UInt8], _ ranges: [Range<Int>], part: Range<Int>? = nil, limit: Int = .max)
    -> String
  {
    let part = part ?? 0..<bytes.count
    var output: [UInt8] = []
    var position = part.lowerBound
    for range in ranges where range.upperBound > position && output.count < limit {
      guard range.lowerBound < part.upperBound else { break }
      if range.lowerBound > position { output += bytes[position..<range.lowerBound].prefix(limit - output.count) }
      if output.count < limit { output += mask.utf8 }
      position = range.upperBound
    }
    if position < part.upperBound, output.count < limit {
      output += bytes[position..<part.upperBound].prefix(limit - output.count)
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
