/// One section of the block: a heading, what it saves, and its lines.
///
/// Built by hand it is checked, so that no section exists that would break the block it is written into.
public struct BlockSection: Hashable, Sendable {
  /// The text after `### `.
  public let title: String
  /// The number in `*~1,800 tokens/session saved*`; nil when the section has no such line.
  public let tokensSavedPerSession: Int?
  /// The lines below the heading as they stand in the file; bullets start with `- `.
  public let lines: [String]

  /// A section to write.
  ///
  /// A number of tokens that is not positive counts as none, as with the seed tool.
  public init(title: String, tokensSavedPerSession: Int? = nil, lines: [String]) throws(SectionFault) {
    try Self.check(title: title)
    try Self.check(lines: lines, below: title)
    self.title = title
    self.tokensSavedPerSession = tokensSavedPerSession.flatMap { $0 > 0 ? $0 : nil }
    self.lines = lines
  }

  init(_ body: SectionBody) {
    title = String(repairing: body.title)
    tokensSavedPerSession = body.tokens
    lines = body.lines.map { String(repairing: $0) }
  }

  private static func check(title: String) throws(SectionFault) {
    let bytes = Array(title.utf8)
    guard !bytes.isEmpty else { throw SectionFault(.emptyTitle, title: title) }
    guard bytes.count == bytes[...].trimmed.count else { throw SectionFault(.spaceAroundTitle, title: title) }
    if let reason = reasonAgainst(title, tabs: false) { throw SectionFault(reason, title: title) }
  }

  private static func check(lines: [String], below title: String) throws(SectionFault) {
    guard let first = lines.first, let last = lines.last, !first.utf8.isBlankLine, !last.utf8.isBlankLine
    else { throw SectionFault(.blankEdge, title: title) }
    var fences = FenceTracker()
    for line in lines {
      let bytes = Array(line.utf8)[...]
      if let reason = reasonAgainst(line, tabs: true) { throw SectionFault(reason, title: title, line: line) }
      let isCode = fences.consume(bytes)
      // The seed tool splits sections at `### ` without looking for fences.
      if BlockText.sectionTitle(bytes) != nil || (!isCode && BlockText.headingLevel(bytes) != nil) {
        throw SectionFault(.heading, title: title, line: line)
      }
      if BlockText.savings(bytes) != nil { throw SectionFault(.savingsLine, title: title, line: line) }
    }
    if fences.isOpenAnywhere { throw SectionFault(.openFence, title: title) }
  }

  private static func reasonAgainst(_ text: String, tabs: Bool) -> SectionFault.Reason? {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09 where tabs: continue
      case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: return .lineBreak
      case 0..<0x20, 0x7F..<0xA0: return .control
      default: continue
      }
    }
    // Anywhere in the text, because the seed tool looks for markers anywhere.
    return text.utf8.containsMarkerName ? .marker : nil
  }
}

extension Collection<UInt8> where SubSequence: Collection<UInt8> {
  fileprivate var containsMarkerName: Bool {
    let name = Array("headroom:learn:".utf8)
    var rest = self[...]
    while let start = rest.firstIndex(of: name[0]) {
      rest = rest[start...]
      if rest.starts(with: name) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
