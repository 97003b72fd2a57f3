/// Secrets that no literal of four bytes announces: keys with a short prefix, long random
/// words, passwords in URLs, and e-mail addresses.
/// One pass over the bytes.
enum LooseTokens {
  static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      guard isWord(bytes[start]) else {
        if bytes[start] == UInt8(ascii: "@"),
          let range = password(in: bytes, at: start) ?? address(in: bytes, at: start)
        {
          found.append(range)
        }
        start += 1
        continue
      }
      var end = start + 1
      while end < bytes.count, isWord(bytes[end]) { end += 1 }
      if end - start >= shortest, end - start <= longest, isSecret(bytes[start..<end]) { found.append(start..<end) }
      start = end
    }
    return found
  }

  private static let shortest = 20
  /// What is longer is data, such as an image; it is cut long before it reaches a text.
  private static let longest = 4096

  private static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "+")
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isSecret(_ word: ArraySlice<UInt8>) -> Bool {
    hasPrefixOfKey(word) || word.split(separator: UInt8(ascii: ".")).contains { isRandom($0) }
  }

  private static func hasPrefixOfKey(_ word: ArraySlice<UInt8>) -> Bool {
    func begins(_ text: StaticString, atLeast length: Int) -> Bool {
      word.count >= length && word.starts(with: "\(text)".utf8)
    }
    let isHexadecimal = word.dropFirst(2).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    if word.count == 34, isHexadecimal, begins("SK", atLeast: 34) || begins("AC", atLeast: 34) { return true }
    return begins("SG.", atLeast: 40) || begins("hf_", atLeast: 34) || begins("r8_", atLeast: 30)
      || begins("sk-", atLeast: 32) && word.contains { (48...57).contains($0) }
      || begins("oy2", atLeast: 46) && word.count == 46 || begins("cio", atLeast: 35) && word.count == 35
  }

  /// Upper case, lower case and digits in one word of at least 28, as evenly spread as chance would have it: no
  /// identifier, digest, UUID or path is.
  private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 28 else { return false }
    var counts = [Int](repeating: 0, count: 128)
    var (upper, lower, digits, changes) = (0, 0, 0, 0)
    var last = 0
    for byte in word {
      counts[Int(byte & 127)] += 1
      let kind: Int
      switch byte {
      case 48...57: (digits, kind) = (digits + 1, 1)
      case 65...90: (upper, kind) = (upper + 1, 2)
      case 97...122: (lower, kind) = (lower + 1, 3)
      default: kind = last
      }
      if kind != last { changes += 1 }
      last = kind
    }
    guard upper >= 4, lower >= 4, digits >= 3, changes * 3 >= word.count else { return false }
    let distinct = counts.count { $0 > 0 }
    return distinct * 2 >= min(word.count, 40)
  }

  /// The password before the `@` of `scheme://name:password@host`, unless it is a variable or a placeholder.
  private static func password(in bytes: [UInt8], at place: Int) -> Range<Int>? {
    var colon: Int?
    var index = place
    while index > 2, place - index < 300 {
      index -= 1
      switch bytes[index] {
      case UInt8(ascii: ":"): colon = index
      case UInt8(ascii: "/"):
        guard bytes[index - 1] == UInt8(ascii: "/"), bytes[index - 2] == UInt8(ascii: ":"), let colon,
          colon + 1 < place,
          !"$<{[*%".utf8.contains(bytes[colon + 1])
        else { return nil }
        return colon + 1..<place
      case ...32, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        return nil
      default: continue
      }
    }
    return nil
  }

  /// `name@domain.tld` around an `@`; not `git@host`, which names no person, and not `icon@2x.png`.
  private static func address(in bytes: [UInt8], at place: Int) -> Range<Int>? {
    var start = place
    while start > 0, place - start < 64, isWord(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: "%") {
      start -= 1
    }
    var end = place + 1
    while end < bytes.count, end - place < 128,
      isAlphanumeric(bytes[end]) || bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: "-")
    { end += 1 }
    while end > place + 1, !isAlphanumeric(bytes[end - 1]) { end -= 1 }
    while start < place, !isAlphanumeric(bytes[start]) { start += 1 }
    let name = bytes[start..<place]
    let labels = bytes[(place + 1)..<end].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.elementsEqual("git".utf8), labels.count > 1, let top = labels.last,
      (2...18).contains(top.count),
      labels.allSatisfy({ !$0.isEmpty }), top.allSatisfy({ (97...122).contains($0 | 0x20) }),
      !fileEndings.contains(String(decoding: top, as: UTF8.self)),
      labels.dropLast().contains(where: { label in label.contains { (97...122).contains($0 | 0x20) } }),
      !(labels[0].first.map { (48...57).contains($0) } ?? true)
    else { return nil }
    return start..<end
  }

  private static let fileEndings: Set<String> = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "js", "ts", "tsx", "jsx", "mjs", "cjs", "css", "json", "yaml",
    "yml", "lock",
    "tgz", "gz", "zip", "txt", "html", "service", "timer", "socket", "mount", "target",
  ]
}
