enum Ascii {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let hash = UInt8(ascii: "#")
  static let star = UInt8(ascii: "*")
  static let underscore = UInt8(ascii: "_")
  static let dash = UInt8(ascii: "-")
  static let plus = UInt8(ascii: "+")
  static let comma = UInt8(ascii: ",")
  static let backtick = UInt8(ascii: "`")
  static let tilde = UInt8(ascii: "~")

  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
  static func isBulletMark(_ byte: UInt8) -> Bool { byte == dash || byte == star || byte == plus }
  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension Collection<UInt8> where SubSequence: Collection<UInt8> {
  var isBlankLine: Bool { allSatisfy(Ascii.isBlank) }
}

extension ArraySlice<UInt8> {
  init(_ text: StaticString) {
    self = Array("\(text)".utf8)[...]
  }

  var trimmed: ArraySlice<UInt8> {
    var start = startIndex
    while start < endIndex, Ascii.isBlank(self[start]) { start += 1 }
    return self[start...].trimmedEnd
  }

  var trimmedEnd: ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, Ascii.isBlank(self[end - 1]) { end -= 1 }
    return self[..<end]
  }
}

extension String {
  /// Text for people and for comparing; what is not valid UTF-8 shows as U+FFFD.
  init(repairing bytes: some Collection<UInt8>) {
    self = String(decoding: bytes, as: UTF8.self)
  }
}
