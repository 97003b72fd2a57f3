internal import PatternEngine

/// The parts of a pattern: enough of the PCRE2 syntax to write texts that almost match, and to change one part of it.
/// Patterns with rarer syntax have no shape, and are tried with less.
struct PatternShape {
  indirect enum Part {
    case character(Unicode.Scalar, at: Range<Int>)
    /// A class, an escape for one, or the dot.
    case set(Range<Int>)
    case assertion(Range<Int>)
    case choice([[Part]], inside: Range<Int>)
    /// What a name of the pack stands for.
    case named([[Part]])
    /// Something that looks around, or refers back.
    case other
    case repeated(Part, minimum: Int, isOpen: Bool)
  }

  /// The pattern by Unicode scalars, which all ranges count.
  let scalars: [Unicode.Scalar]
  let parts: [Part]

  init?(_ source: String) {
    scalars = Array(source.unicodeScalars)
    var parser = ShapeParser(scalars: scalars)
    let branches = parser.branches()
    guard parser.position == scalars.count, !parser.isLost else { return nil }
    parts = branches.count == 1 ? branches[0] : [.choice(branches, inside: 0..<scalars.count)]
  }

  func source(_ range: Range<Int>) -> String { Self.text(scalars[range]) }

  /// The pattern with parts of it replaced.
  func replacing(_ ranges: [Range<Int>], with text: String) -> String {
    var result = ""
    var end = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      result += Self.text(scalars[end..<range.lowerBound]) + text
      end = range.upperBound
    }
    return result + Self.text(scalars[end...])
  }

  static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

}

private struct ShapeParser {
  let scalars: [Unicode.Scalar]
  var position = 0
  var isLost = false
  private var depth = 0

  init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  mutating func branches() -> [[PatternShape.Part]] {
    depth += 1
    defer { depth -= 1 }
    if depth > 40 { isLost = true }
    var branches: [[PatternShape.Part]] = [[]]
    while let scalar = next, scalar != ")", !isLost {
      if scalar == "|" {
        position += 1
        branches.append([])
      } else if let part = part() {
        branches[branches.count - 1].append(quantified(part))
      }
    }
    return branches
  }

  private mutating func part() -> PatternShape.Part? {
    let start = position
    switch next {
    case "(": return group()
    case "[":
      skipClass()
      return .set(start..<position)
    case ".":
      position += 1
      return .set(start..<position)
    case "^", "$":
      position += 1
      return .assertion(start..<position)
    case "\\": return escape()
    default:
      position += 1
      return .character(scalars[start], at: start..<position)
    }
  }

  private mutating func escape() -> PatternShape.Part? {
    let start = position
    position += 2
    guard position <= scalars.count else {
      isLost = true
      return nil
    }
    switch scalars[start + 1] {
    case "b", "B", "A", "z", "Z", "G", "K": return .assertion(start..<position)
    case "d", "D", "w", "W", "s", "S", "h", "H", "v", "V", "R", "N", "X": return .set(start..<position)
    case "n": return .character("\n", at: start..<position)
    case "t": return .character("\t", at: start..<position)
    case "p", "P", "x", "u", "o":
      if next == "{" {
        while let scalar = next, scalar != "}" {
          _ = scalar
          position += 1
        }
      }
      position = min(position + (next == "}" ? 1 : 2), scalars.count)
      return .set(start..<position)
    case "Q", "E", "g", "k", "c": isLost = true
    case "0"..."9": return .other
    case let scalar: return .character(scalar, at: start..<position)
    }
    return nil
  }

  private mutating func group() -> PatternShape.Part? {
    position += 1
    var looksAround = false
    let isNamed = scalars[position...].starts(with: Self.namedMark)
    if next == "*" { isLost = true }
    if next == "?" {
      position += 1
      let kind = next
      position += 1
      switch kind {
      case ":", ">", "|": break
      case "=", "!": looksAround = true
      case "<", "P", "'":
        if kind == "P" { position += 1 }
        if next == "=" || next == "!" {
          looksAround = true
          position += 1
        } else {
          while let scalar = next, scalar != ">", scalar != "'" {
            _ = scalar
            position += 1
          }
          position += 1
        }
      default:
        while let scalar = next, scalar != ":", scalar != ")" {
          _ = scalar
          position += 1
        }
        let isFlags = next == ")"
        position += 1
        if isFlags { return nil }
      }
    }
    let start = position
    let branches = branches()
    guard next == ")" else {
      isLost = true
      return nil
    }
    let inside = start..<position
    position += 1
    if isNamed { return .named(branches) }
    return looksAround ? .other : .choice(branches, inside: inside)
  }

  private static let namedMark = Array("?:(?#".unicodeScalars)

  private mutating func skipClass() {
    position += 1
    if next == "^" { position += 1 }
    if next == "]" { position += 1 }
    while let scalar = next, scalar != "]" {
      if scalar == "\\" { position += 1 }
      if scalar == "[", position + 1 < scalars.count, scalars[position + 1] == ":" {
        while let inner = next, inner != "]" {
          _ = inner
          position += 1
        }
      }
      position += 1
    }
    position += 1
    if position > scalars.count { isLost = true }
  }

  private mutating func quantified(_ part: PatternShape.Part) -> PatternShape.Part {
    var (minimum, isOpen) = (1, false)
    switch next {
    case "*": (minimum, isOpen) = (0, true)
    case "+": isOpen = true
    case "?": minimum = 0
    case "{":
      guard let close = scalars[position...].firstIndex(of: "}") else { return part }
      let body = PatternShape.text(scalars[(position + 1)..<close])
      let bounds = body.split(separator: ",", omittingEmptySubsequences: false)
      guard !body.isEmpty, bounds.count <= 2, bounds.allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return part }
      minimum = Int(bounds[0]) ?? 0
      isOpen = bounds.count == 2 && (Int(bounds[1]) ?? .max) > 20
      position = close
    default: return part
    }
    position += 1
    if next == "?" || next == "+" { position += 1 }
    return .repeated(part, minimum: minimum, isOpen: isOpen)
  }
}
