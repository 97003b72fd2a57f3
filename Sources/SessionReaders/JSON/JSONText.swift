extension JSONSlice {
  /// Reads JSON that stands in bytes of its own, such as the decoded text of a string.
  /// - Returns: nil when the bytes do not start with a whole value.
  static func read<Value>(_ text: [UInt8], from start: Int = 0, _ body: (JSONSlice, _ end: Int) -> Value?) -> Value? {
    unsafe text.withUnsafeBufferPointer { buffer in
      var position = start
      guard let value = unsafe JSONSlice(in: buffer, at: &position) else { return nil }
      return body(value, position)
    }
  }

  /// Reads JSON that the log holds as the text of a string.
  func readEmbedded<Value>(_ body: (JSONSlice) -> Value?) -> Value? {
    guard kind == .string else { return body(self) }
    return JSONSlice.read(decoded()) { value, _ in body(value) }
  }
}
