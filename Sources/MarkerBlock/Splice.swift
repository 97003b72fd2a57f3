extension BlockLayout {
  /// The document with this body in the place of its blocks, and every other byte as it was.
  func replaced(by body: BlockBody, date: BlockDate) -> [UInt8] {
    let ending = text.dominantEnding(outside: blocks.map(\.lines))
    let block = body.isEmpty ? [] : Array(body.rendered(date: date).joined(separator: ending))
    guard let first = blocks.first else {
      return body.isEmpty ? text.bytes : inserted(block, ending: ending)
    }
    var result = Array(text.bytes[..<text.start(ofLine: first.lines.lowerBound)])
    result += block
    var end = text.start(ofLine: first.lines.upperBound)
    let isUnterminated = text.lines[first.lines.upperBound - 1].content.upperBound == end
    if !body.isEmpty, !isUnterminated {
      // A lone CR would make one ending of two with an LF of the person's.
      let joins = ending == [Ascii.carriageReturn] && end < text.bytes.count && text.bytes[end] == Ascii.lineFeed
      result += joins ? [Ascii.carriageReturn, Ascii.lineFeed] : ending
    }
    for further in blocks.dropFirst() {
      result += text.bytes[end..<text.start(ofLine: further.lines.lowerBound)]
      end = text.start(ofLine: further.lines.upperBound)
    }
    return result + text.bytes[end...]
  }

  private func inserted(_ block: [UInt8], ending: [UInt8]) -> [UInt8] {
    let line = openFence ?? text.lines.count
    let position = text.start(ofLine: line)
    var result = Array(text.bytes[..<position])
    if line > 0 {
      let last = text.lines[line - 1]
      if last.content.upperBound == last.next { result += ending }
      if !text[line - 1].isBlankLine {
        let joins = result.last == Ascii.carriageReturn && ending == [Ascii.lineFeed]
        result += joins ? [Ascii.carriageReturn, Ascii.lineFeed] : ending
      }
    }
    result += block + ending
    if openFence != nil { result += ending }
    return result + text.bytes[position...]
  }
}
