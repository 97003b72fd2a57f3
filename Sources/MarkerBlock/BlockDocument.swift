/// What a context file holds of our block, for those who only read it.
public struct BlockDocument: Sendable {
  /// The sections of all blocks, in the order in which merging would leave them.
  public let sections: [BlockSection]
  /// The day of the first block's last change; nil without a block, or when the line was rewritten.
  public let date: BlockDate?
  /// How many blocks there are; merging leaves one.
  public let blockCount: Int
  /// What merging would repair or leave alone.
  public let notes: [BlockNote]

  /// Reads the bytes of a context file; every file is acceptable.
  public init(parsing bytes: [UInt8]) {
    let layout = BlockLayout(bytes)
    let body = layout.foldedBody
    sections = body.sections.map { BlockSection($0) }
    date = body.date
    blockCount = layout.blocks.count
    notes = layout.notes
  }
}

extension BlockDocument {
  /// The texts of the bullets that stand outside of all blocks and of code.
  public static func bulletsOutside(of bytes: [UInt8]) -> Set<String> {
    let layout = BlockLayout(bytes)
    var fences = FenceTracker()
    var bullets: Set<String> = []
    for line in layout.text.lines.indices where !layout.blocks.contains(where: { $0.lines.contains(line) }) {
      let isCode = fences.consume(layout.text[line])
      let text = layout.text[line].trimmed
      guard !isCode, let mark = text.first, "-*+".utf8.contains(mark), text.dropFirst().first == 32 else { continue }
      bullets.insert(String(decoding: text.dropFirst(2).trimmed, as: UTF8.self))
    }
    return bullets
  }
}

extension BlockLayout {
  /// One body with the content of all blocks, for the place of the first.
  var foldedBody: BlockBody {
    guard var folded = blocks.first?.body else { return BlockBody() }
    for block in blocks.dropFirst() { folded.absorb(block.body) }
    return folded
  }

  var notes: [BlockNote] {
    var notes: [BlockNote] = []
    for (index, block) in blocks.enumerated() {
      if !block.isClosed { notes.append(.missingEnd(line: block.lines.lowerBound + 1)) }
      if index > 0 { notes.append(.furtherBlock(line: block.lines.lowerBound + 1)) }
    }
    notes += strayEnds.map { .strayEnd(line: $0 + 1) }
    if blocks.isEmpty, let openFence { notes.append(.openFence(line: openFence + 1)) }
    return notes
  }
}
