/// Tells where a block ends whose end marker is gone: with the last line of the shape that we write.
///
/// The first line of another shape, a paragraph, a heading, a fence, is a person's, and so is all that follows.
struct BlockShape {
  enum Verdict {
    /// Part of the block.
    case content
    /// Part of the block if content follows. A section heading may be the heading of a person's text.
    case undecided
    /// Not of the block.
    case foreign
  }

  private enum Position { case header, section, savings, bullet }
  private var position = Position.header
  private var hasHeading = false
  private var hasDate = false

  mutating func next(_ line: ArraySlice<UInt8>) -> Verdict {
    if line.isBlankLine { return .undecided }
    if BlockText.sectionTitle(line) != nil {
      position = .section
      return .undecided
    }
    switch position {
    case .header:
      if !hasHeading, line.trimmed == BlockText.heading {
        hasHeading = true
        return .content
      }
      if !hasDate, BlockText.isDateLine(line) {
        hasDate = true
        return .content
      }
      return .foreign
    case .section:
      if BlockText.savings(line) != nil {
        position = .savings
        return .undecided
      }
      return bullet(line)
    case .savings:
      return bullet(line)
    case .bullet:
      // Wrapped by an editor.
      return line.starts(with: [Ascii.space, Ascii.space]) ? .content : bullet(line)
    }
  }

  private mutating func bullet(_ line: ArraySlice<UInt8>) -> Verdict {
    guard line.starts(with: [Ascii.dash, Ascii.space]) else { return .foreign }
    position = .bullet
    return .content
  }
}
