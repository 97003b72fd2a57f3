internal import PatternEngine

/// One kind of secret, with what it looks like and examples in both directions.
struct SecretKind: Sendable {
  let name: String
  /// PCRE2. The group `secret` is what is masked; without one it is the whole match.
  let pattern: String
  /// Texts of which a match holds one, for the prefilter; read off the pattern unless given.
  let literals: [Literal]
  /// Templates of texts with a secret; the part in `«»` is what must be masked. `{n}` stands for n letters and digits,
  /// `{hex:n}` and `{AZ:n}` for those of a smaller set: so that no real-looking key stands in this repository.
  let examples: [String]
  /// Texts in which this kind sees nothing.
  let counterexamples: [String]

  init(
    _ name: String, _ pattern: String, _ examples: [String], not counterexamples: [String] = [], literals: [String] = []
  ) {
    self.name = name
    self.pattern = pattern
    self.examples = examples
    self.counterexamples = counterexamples
    self.literals = literals.map { Literal($0.utf8, ignoresCase: true) }
  }

  /// A token that is told by how it begins.
  static func token(_ name: String, _ pattern: String, _ example: String) -> SecretKind {
    SecretKind(name, #"(?<![A-Za-z0-9_])(?:"# + pattern + ")", ["«" + example + "»"])
  }
}
