internal import SessionModel

/// The parts of patterns that a pack gives names to. A reference has the form that PCRE2 itself has for one, `(?&name)`,
/// and is replaced by the text, so that the literals in it lead to the rule.
struct NamedPatterns {
  var texts: [String: String] = [:]

  /// A pattern with its references replaced.
  struct Expanded {
    fileprivate(set) var text = ""
    /// The first reference to a name that is not there, and where it stands.
    fileprivate(set) var unknown: (name: String, offset: Int)?
    /// Where the texts of names ended up, and where their references stand.
    private var parts: [(expanded: Range<Int>, written: Range<Int>)] = []

    /// Where a byte of the text stands in the pattern as it was written.
    func writtenOffset(of offset: Int) -> Int {
      guard let part = parts.last(where: { $0.expanded.lowerBound <= offset }) else { return offset }
      return part.expanded.contains(offset)
        ? part.written.lowerBound : part.written.upperBound + offset - part.expanded.upperBound
    }

    fileprivate mutating func add(_ name: String, _ text: String, written: Range<Int>) {
      let start = self.text.utf8.count
      // The comment tells those who take the pattern apart that this part has a name.
      self.text += "(?:(?#\(name))\(text))"
      parts.append((start..<self.text.utf8.count, written))
    }
  }

  func expanded(_ source: String) -> Expanded {
    var expanded = Expanded()
    guard source.holds("(?&") else {
      expanded.text = source
      return expanded
    }
    var rest = source[...]
    while let mark = rest.firstRange(of: "(?&"), let close = rest[mark.upperBound...].firstIndex(of: ")") {
      let name = String(rest[mark.upperBound..<close])
      let end = rest.index(after: close)
      let offset = source.utf8.distance(from: source.startIndex, to: mark.lowerBound)
      expanded.text += rest[..<mark.lowerBound]
      if let text = texts[name] {
        expanded.add(name, text, written: offset..<(offset + rest[mark.lowerBound..<end].utf8.count))
      } else {
        expanded.text += rest[mark.lowerBound..<end]
        // A group of the pattern itself may be called again.
        if !source.contains("(?<\(name)>") { expanded.unknown = expanded.unknown ?? (name, offset) }
      }
      rest = rest[end...]
    }
    expanded.text += rest
    return expanded
  }
}
