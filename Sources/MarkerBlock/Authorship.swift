/// Who wrote a line of the block.
struct Authorship {
  /// Every line that this tool has written into the file; nil when nobody knows.
  private let recorded: Set<[UInt8]>?
  /// The lines that this run writes anyway: nothing is lost when they are taken for ours.
  private let produced: Set<[UInt8]>

  init(previouslyWritten: Set<String>?, sections: [SectionBody]) {
    recorded = previouslyWritten.map { lines in Set(lines.map { Self.key(Array($0.utf8)) }) }
    produced = Set(sections.lazy.flatMap(\.lines).map(Self.key))
  }

  func isProduced(_ unit: LineUnit) -> Bool {
    unit.lines.allSatisfy { $0.isBlankLine || produced.contains(Self.key($0)) }
  }

  /// Whether each unit of a section is ours.
  ///
  /// Without a record all is, as with the seed tool, up to a heading that opens a chapter of the person's own. In there
  /// even what reads like a line of ours is theirs: taken out, it would take the lines behind it out of their chapter.
  func ours(_ units: [LineUnit]) -> [Bool] {
    var inChapter = false
    return units.map { unit in
      inChapter = inChapter || unit.opensChapter
      // Two savings lines would read back as one and a bullet less.
      if !unit.isCode, BlockText.savings(unit.lines[0][...]) != nil { return true }
      if inChapter { return false }
      guard let recorded, !isProduced(unit) else { return true }
      return unit.lines.allSatisfy { $0.isBlankLine || recorded.contains(Self.key($0)) }
    }
  }

  func handWritten(_ lines: [[UInt8]]) -> [[UInt8]] {
    let units = LineUnit.lines(of: lines)
    return zip(units, ours(units)).lazy.filter { !$0.1 }.flatMap(\.0.lines).filter { !$0.isBlankLine }
  }

  /// How many lines this run takes out of a section although nobody knows who wrote them.
  func unknown(_ lines: [[UInt8]]) -> Int {
    guard recorded == nil else { return 0 }
    let units = LineUnit.lines(of: lines)
    return zip(units, ours(units)).lazy.filter { unit, isOurs in
      isOurs && !unit.isBlank && !isProduced(unit) && BlockText.savings(unit.lines[0][...]) == nil
    }.count
  }

  /// Editors take spaces off the ends of lines; that makes nobody an author.
  private static func key(_ line: [UInt8]) -> [UInt8] { Array(line[...].trimmedEnd) }
}
