/// A piece of a section's lines that must stay together.
struct LineUnit: Hashable {
  var lines: [[UInt8]]
  let isCode: Bool
  /// Whether it is code in a list item that nothing but the end of the item closes.
  var isOpenCode = false

  var isBlank: Bool { !isCode && lines.allSatisfy(\.isBlankLine) }

  /// Single lines, with a fenced code block as one piece: half of one would swallow what follows.
  static func lines(of lines: [[UInt8]]) -> [LineUnit] {
    var fences = FenceTracker()
    var units: [LineUnit] = []
    for line in lines {
      let wasOpen = fences.isOpenAnywhere
      let isCode = fences.consume(line[...])
      if wasOpen, !isCode { units[units.count - 1].isOpenCode = true }
      if isCode, let last = units.last, last.isCode {
        units[units.count - 1].lines.append(line)
      } else {
        units.append(LineUnit(lines: [line], isCode: isCode))
      }
    }
    if fences.isOpenAnywhere { units[units.count - 1].isOpenCode = true }
    return units
  }

  /// Bullets and paragraphs with all their lines; blank lines and code blocks by themselves.
  static func items(of lines: [[UInt8]]) -> [LineUnit] {
    var items: [LineUnit] = []
    for unit in Self.lines(of: lines) {
      if let last = items.last, !last.isCode, !last.isBlank, unit.continuesParagraph {
        items[items.count - 1].lines += unit.lines
      } else {
        items.append(unit)
      }
    }
    return items
  }

  var isBullet: Bool {
    guard !isCode, let text = lines.first?[...].trimmed, let mark = text.first, Ascii.isBulletMark(mark)
    else { return false }
    return text.dropFirst().first.map(Ascii.isBlank) ?? false
  }

  /// A heading of a chapter: neither tool writes one into a section, so a person opened a text of their own.
  var opensChapter: Bool {
    guard !isCode, let line = lines.first, let level = BlockText.headingLevel(line[...]) else { return false }
    return level < 3
  }

  private var continuesParagraph: Bool {
    guard !isCode, !isBlank, !isBullet, let line = lines.first else { return false }
    return BlockText.headingLevel(line[...]) == nil
  }
}
