/// Something about a file that its owner should know; never a reason to stop.
public enum BlockNote: Hashable, Sendable {
  /// Lines inside the block that this tool did not write. They are kept.
  case handWritten(section: String?, lines: [String])
  /// Lines of the block that went although no record says who wrote them, as in a fresh clone.
  case replaced(section: String, lines: Int)
  /// The block that starts here had no end marker; it was taken to end with the last line of our shape.
  case missingEnd(line: Int)
  /// A second block; its sections go to the first one.
  case furtherBlock(line: Int)
  /// An end marker that closes nothing. It is left alone.
  case strayEnd(line: Int)
  /// A code fence that is never closed; markers below it do not count, and a new block goes above it.
  case openFence(line: Int)
  /// The result would not have read back as it was meant, so nothing was changed.
  case refused
}

extension BlockNote: CustomStringConvertible {
  public var description: String {
    switch self {
    case .handWritten(let section, let lines):
      let place = section.map { "under \"\($0)\"" } ?? "above the first section"
      return "\(lines.count) line\(lines.count == 1 ? "" : "s") \(place) written by hand, kept"
    case .replaced(let section, let lines):
      return
        "\(lines) line\(lines == 1 ? "" : "s") under \"\(section)\" replaced; there is no record here of who wrote"
        + " \(lines == 1 ? "it" : "them"). Put lines of your own outside of the block; `headroom undo` brings back the file"
    case .missingEnd(let line):
      return "line \(line): the block has no end marker; it is taken to end with its last bullet"
    case .furtherBlock(let line):
      return "line \(line): a second block; its sections are moved to the first"
    case .strayEnd(let line):
      return "line \(line): an end marker without a start, left alone"
    case .openFence(let line):
      return "line \(line): a code fence that is never closed; what follows it counts as code"
    case .refused:
      return "the block could not be rewritten without changing what surrounds it; nothing was changed"
    }
  }
}
