/// Something of ours that should no longer stand in the block.
public enum Removal: Hashable, Sendable {
  /// All sections of this title. Lines that a person wrote below it stay, with the heading.
  case section(title: String)
  /// This line, wherever it stands in the block, with the indented lines below it.
  case line(String)
}

/// Removals as bytes: strings would compare by canonical equivalence.
struct Removals {
  private var titles: Set<[UInt8]> = []
  private var lines: Set<[UInt8]> = []

  init(_ removals: Set<Removal>) {
    for removal in removals {
      switch removal {
      case .section(let title): titles.insert(Array(title.utf8))
      case .line(let line): lines.insert(Array(line.utf8[...]))
      }
    }
  }

  func contains(title: [UInt8]) -> Bool { titles.contains(title) }

  /// The lines that stay.
  func remaining(of old: [[UInt8]], by authorship: Authorship) -> [[UInt8]] {
    let units = LineUnit.lines(of: old)
    if lines.isEmpty { return old }
    var kept: [LineUnit] = []
    var isDropping = false
    for (unit, isOurs) in zip(units, authorship.ours(units)) {
      let continues = unit.lines.first.flatMap(\.first).map(Ascii.isBlank) ?? false
      isDropping = !unit.isBlank && (lines.contains(unit.lines[0]) || (isDropping && continues && isOurs))
      if !isDropping || unit.isCode && !isOurs { kept.append(unit) }
    }
    return kept.flatMap(\.lines).withoutBlankEdges
  }
}
