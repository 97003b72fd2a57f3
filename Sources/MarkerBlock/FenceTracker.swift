/// Follows fenced code blocks line by line, by the rules of CommonMark.
///
/// Lists matter: the fence of a code block inside a list item is indented with the item, and ends with it.
/// Someone who documents the markers under "3. Run this:" must not find a block written into the example.
struct FenceTracker {
  private struct Fence {
    var character: UInt8
    var length: Int
    /// Column of the list item that holds the fence; 0 at the top level.
    var column: Int
  }

  private var fence: Fence?
  /// Columns where the text of the open list items starts, outermost first.
  private var items: [Int] = []

  /// Whether a line that starts in the first column would be code.
  var isOpen: Bool { fence?.column == 0 }

  /// Whether some line that follows could be code, if only one that is indented into a list item.
  var isOpenAnywhere: Bool { fence != nil }

  /// Takes the next line; true when it is part of a fenced code block, its fences included.
  mutating func consume(_ line: ArraySlice<UInt8>) -> Bool {
    var (position, column) = Self.indentation(of: line, from: line.startIndex, column: 0)
    guard position < line.endIndex else { return fence != nil }

    if let open = fence {
      if column >= open.column {
        if column - open.column <= 3, Self.closes(open, line[position...]) { fence = nil }
        return true
      }
      fence = nil
    }

    while let item = items.last, column < item { items.removeLast() }
    var indent = column - (items.last ?? 0)
    while indent <= 3, let afterMarker = Self.listMarkerEnd(line, at: position) {
      let markerColumn = column + (afterMarker - position)
      let (text, textColumn) = Self.indentation(of: line, from: afterMarker, column: markerColumn)
      // Five columns after the marker are one column and an indented code block.
      let item = text == line.endIndex || textColumn - markerColumn > 4 ? markerColumn + 1 : textColumn
      items.append(item)
      guard text < line.endIndex else { return false }
      (position, column) = (text, textColumn)
      indent = column - item
    }
    guard indent <= 3, let opened = Self.opening(line[position...], column: items.last ?? 0) else { return false }
    fence = opened
    return true
  }

  private static func indentation(
    of line: ArraySlice<UInt8>, from start: Int, column: Int
  ) -> (position: Int, column: Int) {
    var position = start
    var column = column
    while position < line.endIndex {
      if line[position] == Ascii.space {
        column += 1
      } else if line[position] == Ascii.tab {
        column += 4 - column % 4
      } else {
        break
      }
      position += 1
    }
    return (position, column)
  }

  private static func listMarkerEnd(_ line: ArraySlice<UInt8>, at start: Int) -> Int? {
    var position = start
    if Ascii.isBulletMark(line[position]) {
      position += 1
    } else {
      while position < line.endIndex, position - start < 9, Ascii.isDigit(line[position]) { position += 1 }
      guard position > start, position < line.endIndex,
        line[position] == UInt8(ascii: ".") || line[position] == UInt8(ascii: ")")
      else { return nil }
      position += 1
    }
    return position == line.endIndex || Ascii.isBlank(line[position]) ? position : nil
  }

  private static func opening(_ text: ArraySlice<UInt8>, column: Int) -> Fence? {
    guard let character = text.first, character == Ascii.backtick || character == Ascii.tilde else { return nil }
    let length = text.prefix { $0 == character }.count
    guard length >= 3 else { return nil }
    if character == Ascii.backtick, text.dropFirst(length).contains(Ascii.backtick) { return nil }
    return Fence(character: character, length: length, column: column)
  }

  private static func closes(_ fence: Fence, _ text: ArraySlice<UInt8>) -> Bool {
    let length = text.prefix { $0 == fence.character }.count
    return length >= fence.length && text.dropFirst(length).isBlankLine
  }
}
