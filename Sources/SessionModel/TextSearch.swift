#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension UnsafeBufferPointer<UInt8> {
  /// Offset of the first place of other bytes at or behind `start`; nil for none at all.
  package func firstRange(of needle: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
    guard let base = baseAddress, let text = needle.baseAddress, needle.count > 0 else { return nil }
    var position = start
    while position + needle.count <= count {
      let span = count - position - needle.count + 1
      guard let found = unsafe memchr(base + position, Int32(text[0]), span) else { return nil }
      position = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if unsafe memcmp(base + position, text, needle.count) == 0 { return position }
      position += 1
    }
    return nil
  }

  package func firstRange(of text: StaticString, from start: Int = 0) -> Int? {
    unsafe firstRange(of: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), from: start)
  }
}

extension StringProtocol {
  /// The first, or last, place of a text, compared byte by byte; nil for an empty text.
  package func range(of text: String, last: Bool = false) -> Range<Index>? {
    guard let offset = offset(of: text, last: last) else { return nil }
    let lower = utf8.index(utf8.startIndex, offsetBy: offset)
    return lower..<utf8.index(lower, offsetBy: text.utf8.count)
  }

  /// Whether a text stands somewhere in this one, compared byte by byte.
  package func holds(_ text: String) -> Bool { offset(of: text, last: false) != nil }

  /// The start of a text, as many whole characters as so many bytes hold.
  package func prefix(bytes limit: Int) -> SubSequence {
    guard utf8.count > limit else { return self[...] }
    var length = limit
    var end = utf8.index(utf8.startIndex, offsetBy: length)
    // A byte that goes on with a character is no place to cut at.
    while length > 0, utf8[end] & 0xC0 == 0x80 {
      length -= 1
      end = utf8.index(utf8.startIndex, offsetBy: length)
    }
    return self[..<end]
  }

  // Without these the calls within would go through tables, which costs more than the search.
  @_specialize(where Self == String)
  @_specialize(where Self == Substring)
  private func offset(of text: String, last: Bool) -> Int? {
    unsafe withBytes { haystack in
      unsafe text.withBytes { needle -> Int? in
        var found = unsafe haystack.firstRange(of: needle)
        while last, let start = found, let next = unsafe haystack.firstRange(of: needle, from: start + 1) {
          found = next
        }
        return found
      }
    }
  }

  /// Lends the bytes of the text. Those of nearly all texts can be had where they are.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    let bytes = Array(utf8)
    return unsafe bytes.withUnsafeBufferPointer { unsafe body($0) }
  }

  /// Whether the text begins so, compared byte by byte.
  @_specialize(where Self == String)
  @_specialize(where Self == Substring)
  package func begins(with prefix: String) -> Bool {
    unsafe withBytes { text in
      unsafe prefix.withBytes { prefix in
        guard let start = text.baseAddress, let wanted = prefix.baseAddress else { return prefix.isEmpty }
        return unsafe text.count >= prefix.count && memcmp(start, wanted, prefix.count) == 0
      }
    }
  }

  /// Whether the text ends so, white space left aside.
  @_specialize(where Self == String)
  @_specialize(where Self == Substring)
  package func hasSuffix(after suffix: String) -> Bool {
    unsafe withBytes { text in
      var end = text.count
      while end > 0, unsafe text[end - 1] == 32 || (9...13).contains(text[end - 1]) { end -= 1 }
      return unsafe suffix.withBytes { suffix in
        guard let base = text.baseAddress, let wanted = suffix.baseAddress else { return suffix.isEmpty }
        return unsafe end >= suffix.count && memcmp(base + end - suffix.count, wanted, suffix.count) == 0
      }
    }
  }
}
