/// A heredoc whose body has not been reached.
struct PendingHeredoc {
  let delimiter: [UInt8]
  let stripsTabs: Bool
  /// How many brackets were open around it.
  var depth = 0
}

extension Scanner {
  /// Reads the body that begins at the position, which is the start of a line, and the closing line.
  mutating func readHeredoc(_ heredoc: PendingHeredoc) -> (body: String, isTerminated: Bool) {
    let start = position
    while !isAtEnd {
      let lineStart = position
      skipLine()
      let line = position
      if !isAtEnd { position += 1 }
      var from = lineStart
      if heredoc.stripsTabs {
        while from < line, bytes[from] == Byte.tab { from += 1 }
      }
      if isDelimiter(from..<line, heredoc.delimiter) {
        return (text(from: start, to: lineStart), true)
      }
      // `$(cat <<EOF … EOF)`: with the bracket on the closing line, shells end the heredoc there, too.
      if heredoc.depth > 0, let end = delimiterBeforeBracket(from..<line, heredoc.delimiter) {
        position = end
        return (text(from: start, to: lineStart), true)
      }
    }
    isComplete = false
    return (text(from: start, to: position), false)
  }

  private func isDelimiter(_ line: Range<Int>, _ delimiter: [UInt8]) -> Bool {
    if line.count == delimiter.count { return bytes[line].elementsEqual(delimiter) }
    guard line.count == delimiter.count + 1, bytes[line.upperBound - 1] == Byte.carriageReturn else { return false }
    return bytes[line.lowerBound..<(line.upperBound - 1)].elementsEqual(delimiter)
  }

  private func delimiterBeforeBracket(_ line: Range<Int>, _ delimiter: [UInt8]) -> Int? {
    let end = line.lowerBound + delimiter.count
    guard !delimiter.isEmpty, end < line.upperBound, bytes[end] == Byte.closeParen,
      bytes[line.lowerBound..<end].elementsEqual(delimiter)
    else { return nil }
    return end
  }
}
