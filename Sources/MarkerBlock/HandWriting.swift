/// Lines of a person inside a section, with the line of ours that they follow.
struct HandWriting {
  /// A line of ours, and which one of those that read alike.
  private struct Anchor: Hashable {
    var unit: LineUnit
    var turn: Int
  }

  private struct Passage {
    var anchor: Anchor?
    var units: [LineUnit]

    /// Whether lines of ours after it would become part of it: of its chapter, or of its code.
    var takesInWhatFollows: Bool { units.contains { $0.opensChapter || $0.isOpenCode } }
  }

  private var passages: [Passage] = []

  init(in lines: [[UInt8]], by authorship: Authorship) {
    let units = LineUnit.lines(of: lines)
    var passage = Passage(anchor: nil, units: [])
    var turns: [LineUnit: Int] = [:]
    for (unit, isOurs) in zip(units, authorship.ours(units)) {
      if unit.isBlank || !isOurs {
        passage.units.append(unit)
      } else {
        keep(passage)
        turns[unit, default: 0] += 1
        passage = Passage(anchor: Anchor(unit: unit, turn: turns[unit] ?? 1), units: [])
      }
    }
    keep(passage)
  }

  var isEmpty: Bool { passages.isEmpty }

  mutating func append(_ other: HandWriting) { passages += other.passages }

  private mutating func keep(_ passage: Passage) {
    if passage.units.contains(where: { !$0.isBlank }) { passages.append(passage) }
  }

  /// The given lines with each passage after the line that it followed.
  ///
  /// A passage whose line is gone goes to the end, and so does one that would take in the lines after it.
  func woven(into lines: [[UInt8]]) -> [[UInt8]] {
    let units = LineUnit.lines(of: lines)
    var waiting = passages
    var woven: [LineUnit] = []
    var turns: [LineUnit: Int] = [:]
    var last: Anchor?
    func place(_ anchor: Anchor?, before next: LineUnit?) {
      for passage in waiting where passage.anchor == anchor && !passage.takesInWhatFollows {
        woven += passage.units
        // The blank lines here are also ours: without this they would grow with every run.
        while next?.isBlank == true, woven.last?.isBlank == true { woven.removeLast() }
      }
      waiting.removeAll { $0.anchor == anchor && !$0.takesInWhatFollows }
    }
    place(nil, before: units.first)
    for (index, unit) in units.enumerated() {
      woven.append(unit)
      if unit.isBlank { continue }
      turns[unit, default: 0] += 1
      last = Anchor(unit: unit, turn: turns[unit] ?? 1)
      place(last, before: index + 1 < units.count ? units[index + 1] : nil)
    }
    for passage in waiting {
      // One that is where it was needs no more room: it would get some with every run.
      let hasMoved = passage.anchor != last || woven.last != last?.unit
      if hasMoved, let first = passage.units.first, !first.isBlank, !first.isBullet, woven.last?.isBlank == false {
        woven.append(LineUnit(lines: [[]], isCode: false))
      }
      woven += passage.units
    }
    return woven.flatMap(\.lines).withoutBlankEdges
  }
}
