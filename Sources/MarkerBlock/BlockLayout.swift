/// Where the blocks of a document are.
struct BlockLayout {
  struct Block {
    /// Lines of the block, its markers included.
    var lines: Range<Int>
    var isClosed: Bool
    var body: BlockBody
  }

  private struct Marker {
    var line: Int
    var isStart: Bool
  }

  let text: TextLines
  private(set) var blocks: [Block] = []
  /// End markers that close nothing.
  private(set) var strayEnds: [Int] = []
  /// The first line of a code fence that is never closed.
  private(set) var openFence: Int?

  init(_ bytes: [UInt8]) {
    text = TextLines(bytes)
    var start: Int?
    for marker in findMarkers() {
      if marker.isStart {
        if let start { appendUnclosed(from: start, before: marker.line) }
        start = marker.line
      } else if let opened = start {
        append(opened..<marker.line + 1, contentEnd: marker.line, isClosed: true)
        start = nil
      } else {
        strayEnds.append(marker.line)
      }
    }
    if let start { appendUnclosed(from: start, before: text.lines.count) }
  }

  private mutating func findMarkers() -> [Marker] {
    var fences = FenceTracker()
    var markers: [Marker] = []
    for line in text.lines.indices {
      let content = text[line]
      let wasOpen = fences.isOpen
      let isCode = fences.consume(content)
      if fences.isOpen, !wasOpen { openFence = line }
      if isCode || content.count < BlockText.end.count { continue }
      let trimmed = content.trimmed
      if trimmed == BlockText.start { markers.append(Marker(line: line, isStart: true)) }
      if trimmed == BlockText.end { markers.append(Marker(line: line, isStart: false)) }
    }
    if !fences.isOpen { openFence = nil }
    return markers
  }

  private mutating func append(_ lines: Range<Int>, contentEnd: Int, isClosed: Bool) {
    let body = BlockBody((lines.lowerBound + 1..<contentEnd).map { [text] in text[$0] })
    blocks.append(Block(lines: lines, isClosed: isClosed, body: body))
  }

  private mutating func appendUnclosed(from start: Int, before limit: Int) {
    var shape = BlockShape()
    var end = start + 1
    scan: for line in start + 1..<limit {
      switch shape.next(text[line]) {
      case .content: end = line + 1
      case .undecided: continue
      case .foreign: break scan
      }
    }
    append(start..<end, contentEnd: end, isClosed: false)
  }
}
