/// A file as bytes, cut into lines.
///
/// A line ends at LF, CRLF or a lone CR, as in CommonMark. The bytes themselves are never decoded:
/// what is not valid UTF-8 has to come out as it went in.
struct TextLines {
  struct Line {
    /// The text without its ending.
    var content: Range<Int>
    /// Where the next line starts.
    var next: Int
  }

  let bytes: [UInt8]
  let lines: [Line]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark belongs to no line, so that a marker can stand on the first one.
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var lines: [Line] = []
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard byte == Ascii.lineFeed || byte == Ascii.carriageReturn else { continue }
      let end = index - 1
      if byte == Ascii.carriageReturn, index < bytes.count, bytes[index] == Ascii.lineFeed { index += 1 }
      lines.append(Line(content: start..<end, next: index))
      start = index
    }
    if start < bytes.count { lines.append(Line(content: start..<bytes.count, next: bytes.count)) }
    self.lines = lines
  }

  subscript(line: Int) -> ArraySlice<UInt8> { bytes[lines[line].content] }

  /// Where a line starts, also for the line after the last one.
  func start(ofLine line: Int) -> Int {
    line < lines.count ? lines[line].content.lowerBound : bytes.count
  }

  /// The ending that most lines outside `excluded` have; of the excluded ones if there are no others.
  func dominantEnding(outside excluded: [Range<Int>]) -> [UInt8] {
    var outside = EndingCount()
    var inside = EndingCount()
    for (index, line) in lines.enumerated() where line.content.upperBound < line.next {
      let ending = bytes[line.content.upperBound..<line.next]
      if excluded.contains(where: { $0.contains(index) }) { inside.add(ending) } else { outside.add(ending) }
    }
    return outside.winner ?? inside.winner ?? [Ascii.lineFeed]
  }
}

private struct EndingCount {
  private var lf = 0
  private var crlf = 0
  private var cr = 0

  mutating func add(_ ending: ArraySlice<UInt8>) {
    if ending.count == 2 { crlf += 1 } else if ending.first == Ascii.lineFeed { lf += 1 } else { cr += 1 }
  }

  var winner: [UInt8]? {
    if lf + crlf + cr == 0 { return nil }
    if lf >= crlf && lf >= cr { return [Ascii.lineFeed] }
    return crlf >= cr ? [Ascii.carriageReturn, Ascii.lineFeed] : [Ascii.carriageReturn]
  }
}
