/// Why a pattern could not be compiled.
public struct PatternError: Error, Hashable, Sendable {
  /// The message of PCRE2, such as `missing closing parenthesis`.
  public var reason: String
  /// Where the fault stands in the pattern, in bytes of UTF-8.
  public var offset: Int
}

/// Why a match was given up: never to be taken for "no match".
public enum MatchFailure: Error, Hashable, Sendable {
  /// The pattern did more work than `MatchLimits` allows (PCRE2 -47).
  case matchLimit
  /// The JIT stack was too small for this subject (PCRE2 -46).
  case stackLimit
  /// Any other code of PCRE2.
  case other(code: Int32)
}

extension MatchFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .matchLimit: "it reached the match limit"
    case .stackLimit: "it used up the match stack"
    case .other(let code): "PCRE2 gave up with code \(code)"
    }
  }
}

/// A bound on the work of one match. PCRE2 counts it per start offset, so the subject has to be bounded as well.
public struct MatchLimits: Hashable, Sendable {
  public var matchLimit: UInt32
  /// Largest JIT stack, in bytes.
  public var stackBytes: Int

  public init(matchLimit: UInt32, stackBytes: Int) {
    self.matchLimit = matchLimit
    self.stackBytes = stackBytes
  }

  /// Measured on adversarial subjects of 4 KiB: no match takes longer than a few milliseconds.
  public static let standard = MatchLimits(matchLimit: 20_000, stackBytes: 1 << 20)
}
