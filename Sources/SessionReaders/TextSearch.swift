#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension StringProtocol {
  /// The first, or last, place of a text, compared byte by byte.
  func range(of text: String, last: Bool = false) -> Range<Index>? {
    let haystack = Array(utf8)
    let needle = Array(text.utf8)
    guard !needle.isEmpty, haystack.count >= needle.count else { return nil }
    let starts = 0...(haystack.count - needle.count)
    func matches(_ start: Int) -> Bool { haystack[start] == needle[0] && haystack[start...].starts(with: needle) }
    guard let start = last ? starts.last(where: matches) : starts.first(where: matches) else { return nil }
    let lower = utf8.index(utf8.startIndex, offsetBy: start)
    return lower..<utf8.index(lower, offsetBy: needle.count)
  }

  /// Whether the text ends so, white space left aside.
  func hasSuffix(after suffix: String) -> Bool {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return self[..<end].hasSuffix(suffix)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Offset of the first place of a text at or behind `start`.
  func firstRange(of text: StaticString, from start: Int = 0) -> Int? {
    guard let base = baseAddress, text.utf8CodeUnitCount > 0 else { return nil }
    var position = start
    while position + text.utf8CodeUnitCount <= count {
      let span = count - position - text.utf8CodeUnitCount + 1
      guard let found = unsafe memchr(base + position, Int32(text.utf8Start[0]), span) else { return nil }
      let candidate = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if unsafe memcmp(base + candidate, text.utf8Start, text.utf8CodeUnitCount) == 0 { return candidate }
      position = candidate + 1
    }
    return nil
  }
}
