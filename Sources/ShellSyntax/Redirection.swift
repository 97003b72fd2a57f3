/// Where a command reads from or writes to.
public struct Redirection: Hashable, Sendable {
  /// The operator of a redirection.
  public enum Operator: String, Hashable, Sendable {
    case input = "<"
    case output = ">"
    case append = ">>"
    case clobber = ">|"
    case readWrite = "<>"
    case duplicateInput = "<&"
    case duplicateOutput = ">&"
    case both = "&>"
    case appendBoth = "&>>"
    case heredoc = "<<"
    case heredocWithoutTabs = "<<-"
    case herestring = "<<<"
  }

  /// The descriptor before the operator: `2`, or `{name}`; nil when there is none.
  public let descriptor: String?
  public let `operator`: Operator
  /// The file, descriptor, string, or the delimiter of a heredoc.
  public let target: Word
  /// The lines of a heredoc as written; nil for other redirections and when the text ends before the first line.
  public internal(set) var body: String?
  /// The heredoc's closing line is there.
  var isTerminated = false

  init(descriptor: String?, operator: Operator, target: Word) {
    self.descriptor = descriptor
    self.operator = `operator`
    self.target = target
  }

  var isHeredoc: Bool { `operator` == .heredoc || `operator` == .heredocWithoutTabs }
}
