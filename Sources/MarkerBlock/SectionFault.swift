/// Why a text cannot stand in the block.
public struct SectionFault: Error, Hashable, Sendable {
  /// The rule that the text breaks.
  public enum Reason: Hashable, Sendable {
    /// The title has no text.
    case emptyTitle
    /// The title starts or ends with a space, which reading it back would lose.
    case spaceAroundTitle
    /// There are no lines, or the first or last one is blank.
    case blankEdge
    /// A line or title holds a line break of any kind.
    case lineBreak
    /// A line or title holds a control character.
    case control
    /// A line or title holds the name of the markers.
    case marker
    /// A line is a heading and would start a section of its own.
    case heading
    /// A line reads as the line of saved tokens.
    case savingsLine
    /// A code fence is opened and not closed, which would hide the end of the block.
    case openFence
  }

  /// The rule that the text breaks.
  public let reason: Reason
  /// The section's title as given.
  public let title: String
  /// The line as given; nil when it is the title or the section as a whole.
  public let line: String?

  init(_ reason: Reason, title: String, line: String? = nil) {
    self.reason = reason
    self.title = title
    self.line = line
  }
}

extension SectionFault: CustomStringConvertible {
  public var description: String {
    let place = line.map { "line \($0.debugDescription) of section" } ?? "section"
    return "\(place) \(title.debugDescription): \(reason.text)"
  }
}

extension SectionFault.Reason {
  fileprivate var text: String {
    switch self {
    case .emptyTitle: "the title is empty"
    case .spaceAroundTitle: "the title starts or ends with a space"
    case .blankEdge: "a section needs lines, and the first and the last must not be blank"
    case .lineBreak: "a line break inside a line"
    case .control: "a control character"
    case .marker: "the text holds a marker of the block"
    case .heading: "a heading inside a section"
    case .savingsLine: "the line reads as the line of saved tokens; pass the number instead"
    case .openFence: "a code fence is not closed"
    }
  }
}
