internal import Secrets
internal import SessionModel

/// Takes the secrets out of what is kept of a call. Nothing leaves this module but through here: reports, ledgers,
/// context files and models see observations only.
struct SecretGuard {
  private let scanner: SecretScanner
  /// The secrets of the call, for values that were captured out of their middle: the longest first, because one may be
  /// the start of another.
  private var secrets: [String] = []

  init(_ scanner: SecretScanner = SecretScanner()) { self.scanner = scanner }

  /// How much of an input or output is looked through: far more than is kept.
  private static let reach = 64 << 10

  /// The first characters of the input.
  mutating func input(_ text: String, limit: Int) -> String {
    let bytes = Array(text.utf8.prefix(Self.reach))
    let ranges = remember(scanner.secrets(in: bytes), in: bytes)
    return SecretScanner.masked(bytes, ranges, limit: limit)
  }

  /// The lines of the output from the one that holds the offset.
  mutating func excerpt(of output: String, at offset: Int?, limit: Int) -> String {
    let bytes = Array(output.utf8)
    var start = min(offset ?? 0, bytes.count)
    while start > 0, bytes[start - 1] != 10 { start -= 1 }
    // A key may begin above the line, and a secret that is cut is one all the same.
    let region = max(0, start - 2048)..<min(bytes.count, start + limit + 4096)
    let part = Array(bytes[region])
    let ranges = remember(scanner.secrets(in: part), in: part)
    return SecretScanner.masked(part, ranges, part: (start - region.lowerBound)..<part.count, limit: limit)
  }

  func masked(_ text: String) -> String {
    var text = scanner.masked(text)
    for secret in secrets where text.utf8.count >= 4 {
      if text.contains(secret) {
        text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: SecretScanner.mask)
      } else if text.utf8.count >= 6, secret.contains(text), secret.holds("/") || !secret.holds("@"),
        !secret.holds(" ")
      {
        return SecretScanner.mask
      }
    }
    return text
  }

  func masked(_ correction: Correction) -> Correction {
    var correction = correction
    correction.from = scanner.masked(correction.from)
    correction.text = scanner.masked(correction.text)
    return correction
  }

  private mutating func remember(_ ranges: [Range<Int>], in bytes: [UInt8]) -> [Range<Int>] {
    for range in ranges where range.count >= 4 && range.count <= 4096 {
      let secret = String(decoding: bytes[range], as: UTF8.self)
      if !secrets.contains(secret) { secrets.append(secret) }
    }
    secrets.sort { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    return ranges
  }
}
