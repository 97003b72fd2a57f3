/// Options of the command line: `--name value` or `--name=value`.
struct Options {
  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  private var values: [String: String] = [:]

  /// - Throws: `Fault` for what is not known.
  init(_ arguments: ArraySlice<String>, known: Set<String>) throws(Fault) {
    var rest = arguments
    while let argument = rest.popFirst() {
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
      guard argument.hasPrefix("--"), let name = parts.first, known.contains(name) else {
        throw Fault(description: "unknown: \(argument)")
      }
      guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
        throw Fault(description: "--\(name) needs a value")
      }
      values[name] = value
    }
  }

  func text(_ name: String) throws(Fault) -> String {
    guard let value = values[name] else { throw Fault(description: "--\(name) is needed") }
    return value
  }

  subscript(_ name: String) -> String? { values[name] }

  /// Bytes such as `100M`, or any number.
  func sizeIfGiven(_ name: String) throws(Fault) -> Int? {
    guard let value = values[name] else { return nil }
    guard let size = Self.size(value) else { throw Fault(description: "--\(name): `\(value)` is no size such as 400M") }
    return size
  }

  func size(_ name: String, or standard: Int) throws(Fault) -> Int { try sizeIfGiven(name) ?? standard }

  /// With K, M and G as powers of 1,000.
  static func size(_ text: String) -> Int? {
    let units = ["K": 1_000, "M": 1_000_000, "G": 1_000_000_000]
    guard let last = text.last, let unit = units[String(last)] else { return Int(text) }
    return Double(text.dropLast()).map { Int($0 * Double(unit)) }
  }
}
