/// One section as bytes: what stands in the file may be anything, and is carried as it is.
struct SectionBody: Hashable {
  var title: [UInt8]
  var tokens: Int?
  /// Without blank lines at either end.
  var lines: [[UInt8]]

  init(title: [UInt8], tokens: Int?, lines: [[UInt8]]) {
    self.title = title
    self.tokens = tokens
    self.lines = lines
  }

  init(_ section: BlockSection) {
    title = Array(section.title.utf8)
    tokens = section.tokensSavedPerSession
    lines = section.lines.map { Array($0.utf8) }
  }
}

/// What stands between the two markers.
struct BlockBody: Hashable {
  var date: BlockDate?
  /// Lines before the first section that neither tool writes. A person's, always.
  var preamble: [[UInt8]] = []
  var sections: [SectionBody] = []

  var isEmpty: Bool { preamble.isEmpty && sections.isEmpty }

  init() {}

  init(_ lines: some Sequence<ArraySlice<UInt8>>) {
    var fences = FenceTracker()
    var hasHeading = false
    var hasDateLine = false
    for line in lines {
      let isCode = fences.consume(line)
      if !isCode, let title = BlockText.sectionTitle(line) {
        sections.append(SectionBody(title: title, tokens: nil, lines: []))
      } else if let last = sections.indices.last {
        sections[last].take(line, isCode: isCode)
      } else if !isCode, !hasHeading, line.trimmed == BlockText.heading {
        hasHeading = true
      } else if !isCode, !hasDateLine, BlockText.isDateLine(line) {
        hasDateLine = true
        date = BlockText.date(in: line)
      } else {
        preamble.append(Array(line))
      }
    }
    preamble = preamble.withoutBlankEdges
    for index in sections.indices { sections[index].lines = sections[index].lines.withoutBlankEdges }
  }

  /// The block with its markers, each line to be followed by a line ending.
  func rendered(date: BlockDate) -> [[UInt8]] {
    var lines = [Array(BlockText.start), Array(BlockText.heading), BlockText.dateLine(date), []]
    if !preamble.isEmpty { lines += preamble + [[]] }
    for section in sections {
      lines.append(BlockText.sectionLine(section.title))
      if let tokens = section.tokens { lines.append(BlockText.savingsLine(tokens)) }
      lines += section.lines + [[]]
    }
    lines.append(Array(BlockText.end))
    return lines
  }
}

extension SectionBody {
  fileprivate mutating func take(_ line: ArraySlice<UInt8>, isCode: Bool) {
    // A formatter may have put a blank line between the heading and the savings.
    if !isCode, tokens == nil, lines.allSatisfy(\.isBlankLine), let saved = BlockText.savings(line) {
      tokens = saved
    } else {
      lines.append(Array(line))
    }
  }
}

extension [[UInt8]] {
  var withoutBlankEdges: [[UInt8]] {
    let isText: ([UInt8]) -> Bool = { !$0.isBlankLine }
    guard let first = firstIndex(where: isText), let last = lastIndex(where: isText) else { return [] }
    return Array(self[first...last])
  }
}
