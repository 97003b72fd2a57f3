/// Lines of a person inside a section, with the line of ours that they follow.
struct HandWriting {
  private struct Passage {
    var anchor: LineUnit?
    var units: [LineUnit]

    /// Whether lines of ours after it would become part of it: of its chapter, or of its code.
    var takesInWhatFollows: Bool { units.contains { $0.opensChapter || $0.isOpenCode } }
  }

  private var passages: [Passage] = []

  init(in lines: [[UInt8]], by authorship: Authorship) {
    let units = LineUnit.lines(of: lines)
    var passage = Passage(anchor: nil, units: [])
    for (unit, isOurs) in zip(units, authorship.ours(units)) {
      if unit.isBlank || !isOurs {
        passage.units.append(unit)
      } else {
        keep(passage)
        passage = Passage(anchor: unit, units: [])
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
    func place(_ anchor: LineUnit?, before next: LineUnit?) {
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
      if !unit.isBlank { place(unit, before: index + 1 < units.count ? units[index + 1] : nil) }
    }
    for passage in waiting {
      if let first = passage.units.first, !first.isBlank, !first.isBullet, woven.last?.isBlank == false {
        woven.append(LineUnit(lines: [[]], isCode: false))
      }
      woven += passage.units
    }
    return woven.flatMap(\.lines).withoutBlankEdges
  }
}
