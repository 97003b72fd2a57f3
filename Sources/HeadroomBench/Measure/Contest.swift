/// Programs measured side by side: each round runs all of them, one after the other, so that whatever else the machine
/// does meets all.
struct Contest {
  /// By name, one for each round.
  private(set) var costs: [String: [Cost]] = [:]

  /// - Throws: What a program throws.
  mutating func run(_ programs: [(name: String, program: ChildProgram)], rounds: Int) throws {
    for _ in 0..<rounds {
      for (name, program) in programs { add(try program.run(), for: name) }
    }
  }

  mutating func add(_ cost: Cost, for name: String) { costs[name, default: []].append(cost) }

  func wall(_ name: String) -> Double? { costs[name].flatMap { Self.median($0.map(\.wall)) } }

  func processor(_ name: String) -> Double? { costs[name].flatMap { Self.median($0.map(\.processor)) } }

  func peak(_ name: String) -> Int? { costs[name].flatMap { $0.map(\.peak).max() } }

  /// The median over the rounds of what one costs beside the other.
  func ratio(_ name: String, to other: String, of part: (Cost) -> Double = { $0.wall }) -> Double? {
    guard let first = costs[name], let second = costs[other] else { return nil }
    return Self.median(zip(first, second).map { part($0) / max(part($1), 1e-9) })
  }

  /// What each program cost: medians, and the most memory.
  var lines: [String] {
    costs.keys.sorted().map { name in
      "  \(name): \(Figure.seconds(wall(name))), processor \(Figure.seconds(processor(name))),"
        + " \(Figure.megabytes(peak(name) ?? 0))"
    }
  }

  static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
