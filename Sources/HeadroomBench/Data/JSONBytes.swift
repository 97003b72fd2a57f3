/// Bytes of JSON that grow.
struct JSONBytes {
  var bytes: [UInt8] = []

  /// Text that needs no escaping, or is escaped already.
  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func raw(_ text: ArraySlice<UInt8>) { bytes.append(contentsOf: text) }

  mutating func raw(_ number: Int) { raw(String(number)) }

  /// The inside of a JSON string.
  mutating func escaped(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\t"): raw("\\t")
      case UInt8(ascii: "\r"): raw("\\r")
      case 0..<32: raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
  }

  /// The text as it stands inside a JSON string.
  static func escaping(_ text: String) -> ArraySlice<UInt8> {
    var json = Self()
    json.escaped(text)
    return json.bytes[...]
  }
}
