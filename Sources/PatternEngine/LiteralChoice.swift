/// Literals of which one must occur.
struct LiteralChoice {
  var literals: [Literal] = []

  /// What occurs in half of all outputs, and what occurs in every other line of them: poor choices where there is
  /// another.
  private static let common: Set<String> = [
    "error:", ": error: ", ": warning: ", ": note: ", "warning", "failed", "fail", " fail", " line ", " not found",
    "not found", "could not ", "cannot ", " is not ", ": no ",
  ]
  private static let everywhere: Set<String> = [
    "error", "file", "line", "path", "test", " test", "tests", " tests", "code", "status", " and ", " in ", " of ",
    " at ",
  ]

  private static let longestCommon = common.union(everywhere).map(\.utf8.count).max() ?? 0

  /// The longer they are the fewer outputs hold one, and the fewer there are the better.
  private var worth: Int { (literals.map(Self.worth).min() ?? 0) * 4 - literals.count }

  private static func worth(_ literal: Literal) -> Int {
    guard literal.count <= longestCommon else { return min(literal.count, 24) }
    let text = String(decoding: literal.bytes.map(asciiLowercased), as: UTF8.self)
    return everywhere.contains(text) ? 1 : common.contains(text) ? 3 : min(literal.count, 24)
  }

  /// Which of two to look for; the second only where it can be looked for at all.
  static func better(_ left: LiteralChoice?, _ right: LiteralChoice?) -> LiteralChoice? {
    guard let right, right.literals.allSatisfy({ $0.count >= RequiredLiterals.minimumLength }),
      right.literals.count <= 64
    else { return left }
    guard let left else { return right }
    return right.worth > left.worth ? right : left
  }
}
