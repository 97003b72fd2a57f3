import TestSupport
import Testing

@testable import MarkerBlock

@Suite("For every document and every set of sections")
struct PropertyTests {
  private static let documentsPerSeed = 12_500

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func nothingOutsideChangesAndASecondRunChangesNothing(seed: UInt64) throws {
    var generator = Generator(random: SplitMix64(seed: seed))
    let date = try BlockDate.day("2026-11-22")
    let later = try BlockDate.day("2027-01-01")
    var refused = 0
    for round in 0..<Self.documentsPerSeed {
      let document = generator.bytes(generator.lines(trapPercent: generator.pick([0, 20, 50, 90]), upTo: 9))
      let sections = generator.sections()
      let removals = generator.removals()
      let record = generator.record()
      let result = merge(
        sections: sections, removing: removals, into: document, date: date, previouslyWritten: record)
      if result.notes.contains(.refused) {
        refused += 1
        try require(result.bytes == document && !result.changed, "a refusal changed bytes", seed, round, document)
        continue
      }
      let after = BlockLayout(result.bytes)
      try require(result.changed == (result.bytes != document), "changed", seed, round, document)
      try require(keepsOutside(of: document, in: after), "outside", seed, round, document)
      let count = after.blocks.count
      try require(sections.isEmpty ? count <= 1 || !result.changed : count == 1, "one block", seed, round, document)
      let again = merge(
        sections: sections, removing: removals, into: result.bytes, date: later,
        previouslyWritten: round.isMultiple(of: 2) ? record : result.written)
      try require(again.bytes == result.bytes && !again.changed, "second run", seed, round, document)
      if record != nil, round.isMultiple(of: 3) {
        try require(keepsHandWriting(document, result, sections, removals, record), "hand", seed, round, document)
      }
    }
    #expect(refused < Self.documentsPerSeed / 100)
  }

  @Test func whatIsRenderedReadsBackAsItWas() throws {
    var generator = Generator(random: SplitMix64(seed: 99))
    let date = try BlockDate.day("2026-11-22")
    for round in 0..<10_000 {
      let sections = generator.sections()
      let result = merge(sections: sections, into: [], date: date)
      let document = BlockDocument(parsing: result.bytes)
      try require(document.sections == sections, "reads back", 99, round, result.bytes)
      try require(sections.isEmpty || document.date == date, "date", 99, round, result.bytes)
    }
  }

  private func keepsOutside(of old: [UInt8], in after: BlockLayout) -> Bool {
    let before = BlockLayout(old)
    let new = after.text.bytes
    if !before.blocks.isEmpty { return outside(before) == outside(after) }
    if new == old { return true }
    let position = before.openFence.map { before.text.start(ofLine: $0) } ?? old.count
    return new.starts(with: old[..<position]) && new.reversed().starts(with: old[position...].reversed())
  }

  private func outside(_ layout: BlockLayout) -> [UInt8] {
    var bytes: [UInt8] = []
    var start = 0
    for block in layout.blocks {
      bytes += layout.text.bytes[start..<layout.text.start(ofLine: block.lines.lowerBound)]
      start = layout.text.start(ofLine: block.lines.upperBound)
    }
    return bytes + layout.text.bytes[start...]
  }

  /// Every line of the document that is not of the tool's own making is still there.
  private func keepsHandWriting(
    _ old: [UInt8], _ result: MergeResult, _ sections: [BlockSection], _ removals: Set<Removal>, _ record: Set<String>?
  ) -> Bool {
    let before = TextLines(old)
    let after = TextLines(result.bytes)
    let kept = Set(after.lines.indices.map { Array(after[$0].trimmedEnd) })
    let known = Set((record ?? []).union(sections.flatMap(\.lines)).map { Array(Array($0.utf8)[...].trimmedEnd) })
    return before.lines.indices.allSatisfy { index in
      let line = before[index].trimmedEnd
      let isOurs =
        line.isEmpty || known.contains(Array(line)) || removals.contains(.line(String(repairing: line)))
        || BlockText.sectionTitle(line) != nil || BlockText.savings(line) != nil || BlockText.isDateLine(line)
        || [BlockText.start, BlockText.end, BlockText.heading].contains(line.trimmed)
      return isOurs || kept.contains(Array(line))
    }
  }

  private func require(
    _ holds: Bool, _ name: Comment, _ seed: UInt64, _ round: Int, _ document: [UInt8]
  ) throws {
    if holds { return }
    Issue.record("\(name): seed \(seed), round \(round): \(String(decoding: document, as: UTF8.self).debugDescription)")
    throw PropertyFailed()
  }

  private struct PropertyFailed: Error {}
}
