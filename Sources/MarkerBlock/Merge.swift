/// What merging makes of a file.
public struct MergeResult: Sendable {
  /// The bytes that the file should have.
  public let bytes: [UInt8]
  /// Whether they differ from those given.
  public let changed: Bool
  /// What the owner of the file should know.
  public let notes: [BlockNote]
  /// The lines of the block that are this tool's: what to pass as `previouslyWritten` next time.
  public let written: Set<String>
}

/// Brings the block of a context file up to date.
///
/// - A section produced now replaces the sections of its title; what is not produced now stays.
/// - Sections keep the places that they have; a new one goes below the one that precedes it in `sections`,
///   the first one to the top. So a second run changes nothing, and a diff shows only what is new.
/// - When the content is the same, the bytes are the same, whatever a formatter made of the block.
///   The date moves only with the content.
/// - Bytes outside the block are never changed. A new block goes to the end after one blank line, or above a
///   code fence that is never closed. A block with nothing left in it is taken out.
///
/// - Parameters:
///   - sections: What this run found, the most important first. Nothing here and nothing to remove changes nothing.
///   - removing: What should go from the sections that are not produced now.
///   - bytes: The file as it is; empty when there is none.
///   - date: The day to write when the content changes.
///   - previouslyWritten: The lines that this tool has written into this file, from ``MergeResult/written``.
///     Other lines in the block are a person's: they are kept below their heading, and noted.
///     Nil when that is not known: then all belongs to this tool, as with the seed tool, but for text above the
///     first section and for chapters with a heading of their own. How much is replaced then is noted.
public func merge(
  sections: [BlockSection],
  removing: Set<Removal> = [],
  into bytes: [UInt8],
  date: BlockDate,
  previouslyWritten: Set<String>? = nil
) -> MergeResult {
  let layout = BlockLayout(bytes)
  let prior = layout.foldedBody
  let produced = sections.map { SectionBody($0) }
  let authorship = Authorship(previouslyWritten: previouslyWritten, sections: produced)
  let merged = prior.merged(with: produced, removing: Removals(removing), by: authorship)
  let notes = layout.notes + merged.handWriting(by: authorship)

  func result(_ body: BlockBody, _ new: [UInt8], adding more: [BlockNote] = []) -> MergeResult {
    MergeResult(bytes: new, changed: new != bytes, notes: notes + more, written: body.written(by: authorship))
  }

  let isWhole = layout.blocks.count <= 1 && layout.blocks.allSatisfy(\.isClosed)
  if sections.isEmpty && removing.isEmpty || isWhole && merged == prior { return result(prior, bytes) }
  let first = layout.blocks.first?.body ?? BlockBody()
  let isSame = merged.sections == first.sections && merged.preamble == first.preamble
  let new = layout.replaced(by: merged, date: isSame ? first.date ?? date : date)
  guard BlockLayout(new).holdsExactly(merged) else { return result(prior, bytes, adding: [.refused]) }
  return result(merged, new, adding: prior.replaced(by: produced, authorship))
}

extension BlockLayout {
  fileprivate func holdsExactly(_ body: BlockBody) -> Bool {
    if body.isEmpty { return blocks.isEmpty }
    guard blocks.count == 1, let block = blocks.first, block.isClosed else { return false }
    return block.body.sections == body.sections && block.body.preamble == body.preamble
  }
}

extension BlockBody {
  fileprivate func merged(
    with produced: [SectionBody], removing: Removals, by authorship: Authorship
  ) -> BlockBody {
    var merged = self
    let preambleUnits = LineUnit.lines(of: preamble).filter { $0.isBlank || !authorship.isProduced($0) }
    merged.preamble = removing.remaining(
      of: preambleUnits.flatMap(\.lines).withoutBlankEdges, by: authorship)
    var placing = SectionPlacing(produced)
    for section in sections {
      if placing.replace(section, by: authorship) { continue }
      var kept = section
      if removing.contains(title: section.title) {
        kept.lines = HandWriting(in: section.lines, by: authorship).woven(into: [])
      } else {
        kept.lines = removing.remaining(of: section.lines, by: authorship)
      }
      let isEmptied = kept.lines.isEmpty && (!section.lines.isEmpty || removing.contains(title: section.title))
      if !isEmptied { placing.carry(kept) }
    }
    merged.sections = placing.sections()
    return merged
  }

  fileprivate func handWriting(by authorship: Authorship) -> [BlockNote] {
    var notes: [BlockNote] = []
    func note(_ lines: [[UInt8]], in section: [UInt8]?) {
      if lines.isEmpty { return }
      notes.append(
        .handWritten(section: section.map { String(repairing: $0) }, lines: lines.map { String(repairing: $0) }))
    }
    note(preamble.filter { !$0.isBlankLine }, in: nil)
    for section in sections { note(authorship.handWritten(section.lines), in: section.title) }
    return notes
  }

  fileprivate func replaced(by produced: [SectionBody], _ authorship: Authorship) -> [BlockNote] {
    let titles = Set(produced.map(\.title))
    return sections.filter { titles.contains($0.title) }.compactMap { section in
      let count = authorship.unknown(section.lines)
      return count == 0 ? nil : .replaced(section: String(repairing: section.title), lines: count)
    }
  }

  fileprivate func written(by authorship: Authorship) -> Set<String> {
    var written: Set<String> = []
    for section in sections {
      let hand = Set(authorship.handWritten(section.lines))
      for line in section.lines where !line.isBlankLine && !hand.contains(line) {
        written.insert(String(repairing: line))
      }
    }
    return written
  }
}
