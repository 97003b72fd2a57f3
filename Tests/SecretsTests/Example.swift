@testable import Secrets

/// A template with its random parts filled in.
struct Example {
  var text = ""
  /// The text with what stands in `«»` masked.
  var masked = ""
  var secret = ""

  init(_ template: String) {
    var rest = template[...]
    var random = Splitmix(state: 42)
    var isSecret = false
    func add(_ part: String, to example: inout Example) {
      example.text += part
      if isSecret { example.secret += part } else { example.masked += part }
    }
    while let first = rest.popFirst() {
      switch first {
      case "«":
        masked += SecretScanner.mask
        isSecret = true
      case "»": isSecret = false
      case "{":
        guard let close = rest.firstIndex(of: "}"), let filled = Self.fill(rest[..<close], &random) else {
          add("{", to: &self)
          continue
        }
        rest = rest[rest.index(after: close)...]
        add(filled, to: &self)
      default: add(String(first), to: &self)
      }
    }
  }

  private static let sets = [
    "hex": "0123456789abcdef", "AZ": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "az": "abcdefghijklmnopqrstuvwxyz234567",
    "digits": "123456789", "letters": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  ]

  private static func fill(_ slot: Substring, _ random: inout Splitmix) -> String? {
    let parts = slot.split(separator: ":")
    guard let count = parts.last.flatMap({ Int($0) }), let set = sets[parts.count > 1 ? String(parts[0]) : ""] else {
      return nil
    }
    let characters = Array(set)
    return String((0..<count).map { _ in characters[Int(random.next() % UInt64(characters.count))] })
  }
}

struct Splitmix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
