internal import PatternEngine

/// Texts that make a pattern work hard: parts of it repeated, with an end at which it fails.
struct AdversarialSubjects {
  private let shape: PatternShape?
  private let scratch = MatchScratch()
  private var samples: [String: String] = [:]

  init(_ source: String) { shape = PatternShape(source) }

  /// What to repeat, and what stands before it.
  private struct Recipe: Hashable {
    var prefix: String
    var unit: String
    /// What has to stand somewhere, lest the matcher gives up before it begins.
    var tail = ""
  }

  /// - Parameter size: Bytes of each text.
  mutating func texts(of size: Int) -> [[UInt8]] {
    recipes().map { recipe in
      let unit = Array(recipe.unit.utf8)
      var bytes = Array(recipe.prefix.utf8).prefix(size / 2) + []
      bytes.reserveCapacity(size)
      var block = unit
      while block.count < 512 { block += unit }
      while bytes.count + block.count < size { bytes += block }
      // A character that no pattern asks for.
      return bytes + [1] + Array(recipe.tail.utf8)
    }
  }

  private mutating func recipes() -> Set<Recipe> {
    var recipes: Set<Recipe> = [" ", "a", "\n"].map { Recipe(prefix: "", unit: $0) }.asSet
    guard let shape else { return recipes }
    collect(shape.parts, before: "", into: &recipes)
    let whole = sample(shape.parts)
    let cut = String(whole.dropLast())
    for unit in [cut, cut + "\n", whole + "\n"] where !unit.isEmpty { recipes.insert(Recipe(prefix: "", unit: unit)) }
    return Set(recipes.filter { !$0.unit.isEmpty }.sorted { ($0.prefix, $0.unit) < ($1.prefix, $1.unit) }.prefix(24))
  }

  private mutating func collect(_ parts: [PatternShape.Part], before: String, into recipes: inout Set<Recipe>) {
    var prefix = before
    for (index, part) in parts.enumerated() {
      switch part {
      case .repeated(let body, _, let isOpen):
        collect([body], before: prefix, into: &recipes)
        guard isOpen else { break }
        let rest = sample(Array(parts[(index + 1)...]))
        for unit in units(of: body) {
          recipes.insert(Recipe(prefix: prefix, unit: unit, tail: rest))
          // What follows, over and over, but never to its end.
          recipes.insert(Recipe(prefix: prefix, unit: unit + rest.dropLast(), tail: rest))
          recipes.insert(Recipe(prefix: "", unit: prefix + unit, tail: rest))
        }
      case .choice(let branches, _), .named(let branches):
        for branch in branches { collect(branch, before: prefix, into: &recipes) }
      default: break
      }
      prefix += sample([part])
    }
  }

  private mutating func units(of body: PatternShape.Part) -> [String] {
    var units = [sample([body])]
    if case .set(let range) = body, let shape {
      let source = shape.source(range)
      units += [" ", "\n", "."].filter { matches(source, $0) }
    }
    switch body {
    case .choice(let branches, _), .named(let branches): units += branches.map { sample($0) }
    default: break
    }
    return units.filter { !$0.isEmpty }
  }

  /// A text that the parts match, as far as that can be told from them alone.
  private mutating func sample(_ parts: [PatternShape.Part]) -> String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .character(let scalar, _): text.unicodeScalars.append(scalar)
      case .set(let range): text += member(of: range)
      case .choice(let branches, _), .named(let branches): text += sample(branches.first ?? [])
      case .repeated(let body, let minimum, let isOpen):
        let once = sample([body])
        text += String(repeating: once, count: max(min(minimum, 40), isOpen ? 1 : 0))
      case .assertion, .other: break
      }
    }
  }

  private mutating func member(of range: Range<Int>) -> String {
    guard let source = shape?.source(range) else { return "" }
    if let known = samples[source] { return known }
    let candidates = [
      "a", "A", "1", ".", "-", "/", ":", " ", "\"", "'", "_", "(", "\n", "\t", "é", "✖", "%", "~", "*", ">",
    ]
    let found = candidates.first { matches(source, $0) } ?? ""
    samples[source] = found
    return found
  }

  private func matches(_ set: String, _ text: String) -> Bool {
    guard let pattern = try? Pattern("^(?:\(set))") else { return false }
    return (try? pattern.firstMatch(in: Array(text.utf8), scratch: scratch)).flatMap(\.self) != nil
  }
}

extension Sequence where Element: Hashable {
  fileprivate var asSet: Set<Element> { Set(self) }
}
