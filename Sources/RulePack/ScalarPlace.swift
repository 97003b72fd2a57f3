internal import Yams

/// Finds where a character of a YAML value stands in the file: values are quoted, escaped, folded and indented there.
struct ScalarPlace {
  let lines: [Substring]

  /// - Parameters:
  ///   - offset: Bytes of UTF-8 into the value.
  /// - Returns: Line and column, counted from 1; nil when the value cannot be followed through the file.
  func place(of offset: Int, in scalar: Node.Scalar) -> (line: Int, column: Int)? {
    guard let mark = scalar.mark, lines.indices.contains(mark.line - 1) else { return nil }
    var tracer = Tracer(lines: lines.map { Array($0.unicodeScalars) }, line: mark.line - 1, column: mark.column - 1)
    switch scalar.style {
    case .doubleQuoted: tracer.traceDoubleQuoted()
    case .singleQuoted: tracer.traceSingleQuoted()
    case .literal, .folded: tracer.traceBlock()
    case .plain, .any: tracer.tracePlain(length: scalar.string.unicodeScalars.count)
    }
    var bytes = 0
    for (index, character) in scalar.string.unicodeScalars.enumerated() {
      if bytes >= offset { return tracer.places.indices.contains(index) ? tracer.places[index] : nil }
      bytes += String(character).utf8.count
    }
    return tracer.end
  }
}

/// Walks over the text of one value and notes the place of each character.
private struct Tracer {
  let lines: [[Unicode.Scalar]]
  var line: Int
  var column: Int
  var places: [(line: Int, column: Int)] = []

  /// Behind the last character.
  var end: (line: Int, column: Int)? { places.last.map { ($0.line, $0.column + 1) } }

  private var current: [Unicode.Scalar] { lines.indices.contains(line) ? lines[line] : [] }
  private var isInside: Bool { line < lines.count }
  private mutating func note(_ width: Int = 1) {
    places.append((line + 1, column + 1))
    column += width
  }

  /// The fold of a flow scalar: blanks at the end of the line go, and the line break becomes one character, or one for
  /// each empty line that follows.
  private mutating func fold(from first: Int) {
    while let last = places.last, last.line == line + 1, last.column > first, current.indices.contains(last.column - 1),
      current[last.column - 1] == " "
    { places.removeLast() }
    let place = (line: line + 1, column: current.count + 1)
    line += 1
    column = 0
    var empty = 0
    while isInside, current.allSatisfy({ $0 == " " || $0 == "\t" }) {
      empty += 1
      line += 1
    }
    places += Array(repeating: place, count: max(1, empty))
    while column < current.count, current[column] == " " { column += 1 }
  }

  mutating func tracePlain(length: Int) {
    while isInside, places.count < length {
      if column < current.count { note() } else { fold(from: 0) }
    }
  }

  mutating func traceSingleQuoted() {
    let first = column
    column += 1
    while isInside {
      guard column < current.count else {
        fold(from: first)
        continue
      }
      if current[column] == "'" {
        guard column + 1 < current.count, current[column + 1] == "'" else { return }
        note(2)
      } else {
        note()
      }
    }
  }

  mutating func traceDoubleQuoted() {
    let first = column
    column += 1
    while isInside {
      guard column < current.count else {
        fold(from: first)
        continue
      }
      switch current[column] {
      case "\"": return
      case "\\":
        guard column + 1 < current.count else {
          // An escaped line break is no character.
          line += 1
          column = 0
          while column < current.count, current[column] == " " { column += 1 }
          continue
        }
        switch current[column + 1] {
        case "x": note(4)
        case "u": note(6)
        case "U": note(10)
        default: note(2)
        }
      default: note()
      }
    }
  }

  mutating func traceBlock() {
    line += 1
    let indent = lines.dropFirst(line).first { !$0.allSatisfy { $0 == " " } }.map { $0.prefix { $0 == " " }.count } ?? 0
    while isInside {
      let isBlank = current.allSatisfy { $0 == " " }
      if !isBlank, current.prefix(while: { $0 == " " }).count < indent { return }
      column = min(indent, current.count)
      while column < current.count { note() }
      note()
      line += 1
    }
  }
}
