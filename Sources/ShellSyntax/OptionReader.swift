/// Steps over the options at the front of a command's words.
struct OptionReader {
  var words: ArraySlice<Word>
  /// Options that take the next word as their value.
  let valued: Set<String>

  /// The option at the front, with its value; nil when the front is none. `--` is taken and ends the options.
  mutating func next() -> (name: String, value: String?)? {
    guard let first = words.first?.text, first.hasPrefix("-"), first != "-" else { return nil }
    words.removeFirst()
    guard first != "--" else { return nil }
    if valued.contains(first), let value = words.popFirst() { return (first, value.text) }
    if first.hasPrefix("--"), let equals = first.firstIndex(of: "=") {
      return (String(first[..<equals]), String(first[first.index(after: equals)...]))
    }
    return (first, nil)
  }

  mutating func skipAll() {
    while next() != nil {}
  }
}
