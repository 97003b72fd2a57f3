internal import SessionModel

/// The log of an image build. BuildKit puts the number of the step and the seconds that it has taken before each line of a
/// command (`#8 2.103 npm error`), and repeats the last lines of a step that failed with the seconds alone. A person
/// reads over both.
enum BuildSteps {
  static func removed(from bytes: [UInt8]) -> [UInt8] {
    let hasFailed = unsafe bytes.suffix(verdictBytes).withUnsafeBufferPointer {
      unsafe $0.firstRange(of: "failed to solve: ") != nil
    }
    guard hasFailed || isNumbered(bytes) else { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: lineFeed).map { $0 + 1 } ?? rest.endIndex
      output += text(of: rest[..<end], mayLackNumber: hasFailed)
      rest = rest[end...]
    }
    return output
  }

  private static let lineFeed = UInt8(ascii: "\n")
  /// That a step has failed is said last.
  private static let verdictBytes = 1024
  /// `#`, three numbers and what stands between them.
  private static let longestMark = 22

  private static func isNumbered(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var place = 0
      while let mark = unsafe buffer.firstRange(of: "#", from: place) {
        place = mark + 1
        guard mark == 0 || bytes[mark - 1] == lineFeed else { continue }
        let start = bytes[mark...].prefix(longestMark)
        if text(of: start, mayLackNumber: false).count < start.count { return true }
      }
      return false
    }
  }

  /// A line without what BuildKit put before it.
  private static func text(of line: ArraySlice<UInt8>, mayLackNumber: Bool) -> ArraySlice<UInt8> {
    var rest = line
    if rest.first == UInt8(ascii: "#") {
      rest.removeFirst()
      guard takeDigits(from: &rest), rest.popFirst() == UInt8(ascii: " ") else { return line }
    } else if !mayLackNumber {
      return line
    }
    guard takeDigits(from: &rest), rest.popFirst() == UInt8(ascii: "."), takeDigits(from: &rest),
      rest.popFirst() == UInt8(ascii: " ")
    else { return line }
    return rest
  }

  private static func takeDigits(from rest: inout ArraySlice<UInt8>) -> Bool {
    let digits = rest.prefix(6).prefix(while: isDigit)
    rest = rest.dropFirst(digits.count)
    return !digits.isEmpty
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
