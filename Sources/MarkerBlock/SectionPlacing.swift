/// Puts produced and prior sections in order: what was there keeps its place.
struct SectionPlacing {
  private struct Place {
    var section: SectionBody
    /// Index of the produced section that stands here; nil for one carried over.
    var produced: Int?
  }

  private let produced: [SectionBody]
  /// Produced sections that have no place yet, by title, in order.
  private var waiting: [[UInt8]: [Int]] = [:]
  private var places: [Place] = []
  private var hand: [HandWriting?]

  init(_ produced: [SectionBody]) {
    self.produced = produced
    hand = Array(repeating: nil, count: produced.count)
    for (index, section) in produced.enumerated() { waiting[section.title, default: []].append(index) }
  }

  /// Gives the place of a prior section to the produced one of its title; false when there is none.
  ///
  /// With several of one title the k-th replaces the k-th, and prior ones left over are replaced by the last.
  mutating func replace(_ prior: SectionBody, by authorship: Authorship) -> Bool {
    guard let indices = waiting[prior.title] else { return false }
    let taken = Set(places.compactMap(\.produced))
    let index: Int
    if let free = indices.first(where: { !taken.contains($0) }) {
      index = free
      places.append(Place(section: produced[free], produced: free))
    } else if let last = indices.last {
      index = last
    } else {
      return false
    }
    let writing = HandWriting(in: prior.lines, by: authorship)
    if hand[index] == nil { hand[index] = writing } else { hand[index]?.append(writing) }
    return true
  }

  mutating func carry(_ section: SectionBody) { places.append(Place(section: section, produced: nil)) }

  func sections() -> [SectionBody] {
    var places = places
    for index in produced.indices where !places.contains(where: { $0.produced == index }) {
      let predecessor = places.firstIndex { $0.produced == index - 1 }
      places.insert(Place(section: produced[index], produced: index), at: predecessor.map { $0 + 1 } ?? 0)
    }
    return places.map { place in
      guard let index = place.produced, let writing = hand[index], !writing.isEmpty else { return place.section }
      var section = place.section
      section.lines = writing.woven(into: section.lines)
      return section
    }
  }
}
