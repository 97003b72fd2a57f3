/// The change from one text to another as `diff -u` prints it, one element a line and without line endings.
///
/// Empty when there is no change. What is not valid UTF-8 shows as U+FFFD.
///
/// - Parameters:
///   - old: The bytes before.
///   - new: The bytes after.
///   - oldName: The name in the `---` line.
///   - newName: The name in the `+++` line.
///   - context: How many unchanged lines to show around a change.
public func unifiedDiff(
  old: [UInt8], new: [UInt8], oldName: String = "before", newName: String = "after", context: Int = 3
) -> [String] {
  if old == new { return [] }
  let before = DiffSide(old)
  let after = DiffSide(new)
  let edits = LineEdits.between(before.lines, after.lines)
  var output = ["--- \(oldName)", "+++ \(newName)"]
  for hunk in hunks(of: edits, context: max(0, context), lineCount: before.lines.count) {
    output.append("@@ -\(hunk.old.headerText) +\(hunk.new.headerText) @@")
    var line = hunk.old.lowerBound
    for edit in hunk.edits {
      for unchanged in line..<edit.old.lowerBound { before.print(unchanged, " ", into: &output) }
      for removed in edit.old { before.print(removed, "-", into: &output) }
      for added in edit.new { after.print(added, "+", into: &output) }
      line = edit.old.upperBound
    }
    for unchanged in line..<hunk.old.upperBound { before.print(unchanged, " ", into: &output) }
  }
  return output
}

private struct DiffSide {
  /// Each with its LF, so that a missing one at the end is a difference.
  let lines: [ArraySlice<UInt8>]

  init(_ bytes: [UInt8]) {
    var lines: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: Ascii.lineFeed) {
      lines.append(rest[...end])
      rest = rest[(end + 1)...]
    }
    if !rest.isEmpty { lines.append(rest) }
    self.lines = lines
  }

  func print(_ line: Int, _ mark: String, into output: inout [String]) {
    let isComplete = lines[line].last == Ascii.lineFeed
    output.append(mark + String(repairing: isComplete ? lines[line].dropLast() : lines[line]))
    if !isComplete { output.append("\\ No newline at end of file") }
  }
}

private struct Hunk {
  var old: Range<Int>
  var new: Range<Int>
  var edits: [LineEdits.Edit]
}

private func hunks(of edits: [LineEdits.Edit], context: Int, lineCount: Int) -> [Hunk] {
  var hunks: [Hunk] = []
  for edit in edits {
    let above = min(context, edit.old.lowerBound)
    let below = min(context, lineCount - edit.old.upperBound)
    let old = edit.old.lowerBound - above..<edit.old.upperBound + below
    let new = edit.new.lowerBound - above..<edit.new.upperBound + below
    if let last = hunks.last, old.lowerBound <= last.old.upperBound {
      hunks[hunks.count - 1] = Hunk(
        old: last.old.lowerBound..<old.upperBound, new: last.new.lowerBound..<new.upperBound,
        edits: last.edits + [edit])
    } else {
      hunks.append(Hunk(old: old, new: new, edits: [edit]))
    }
  }
  return hunks
}

extension Range<Int> {
  /// As `diff` counts: from 1, an empty range by the line before it, a single line without its count.
  fileprivate var headerText: String {
    switch count {
    case 0: "\(lowerBound),0"
    case 1: "\(lowerBound + 1)"
    default: "\(lowerBound + 1),\(count)"
    }
  }
}
