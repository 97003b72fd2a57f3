/// Tells the lines of values in a document, asked for in the order of the document.
@safe struct LineCounter {
  private let buffer: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var line = 1

  init(_ buffer: UnsafeBufferPointer<UInt8>) { unsafe self.buffer = buffer }

  mutating func line(of value: JSONSlice) -> Int {
    guard let base = unsafe buffer.baseAddress, let start = unsafe value.bytes.baseAddress else { return line }
    let offset = unsafe start - base
    if offset < position {
      position = 0
      line = 1
    }
    while unsafe position < min(offset, buffer.count) {
      if unsafe buffer[position] == 10 { line += 1 }
      position += 1
    }
    return line
  }
}
