extension BlockBody {
  /// Takes in another block's content, as after a merge of two branches that both had one.
  ///
  /// What this block already says is not repeated.
  mutating func absorb(_ other: BlockBody) {
    preamble = preamble.united(with: other.preamble)
    let own = sections.indices
    var matched: [[UInt8]: Int] = [:]
    for section in other.sections {
      let places = own.filter { sections[$0].title == section.title }
      guard let last = places.last else {
        sections.append(section)
        continue
      }
      // The k-th section of a title goes to the k-th: the seed tool writes one heading several times.
      let turn = matched[section.title, default: 0]
      matched[section.title] = turn + 1
      let place = turn < places.count ? places[turn] : last
      sections[place].lines = sections[place].lines.united(with: section.lines)
      sections[place].tokens = [sections[place].tokens, section.tokens].compactMap { $0 }.max()
    }
  }
}

extension [[UInt8]] {
  fileprivate func united(with other: [[UInt8]]) -> [[UInt8]] {
    let known = Set(LineUnit.items(of: self))
    let added = LineUnit.items(of: other).filter { !known.contains($0) }
    guard let first = added.first(where: { !$0.isBlank }) else { return self }
    let joint: [[UInt8]] = isEmpty || first.isBullet ? [] : [[]]
    return self + joint + added.flatMap(\.lines).withoutBlankEdges
  }
}
