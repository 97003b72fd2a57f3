/// What stands between two pipelines.
public enum Connector: String, Hashable, Sendable {
  /// Nothing: the first pipeline of a line, or of a compound command.
  case none = ""
  case and = "&&"
  case or = "||"
  case semicolon = ";"
  case background = "&"
  case newline = "\n"
  /// A pipe into or out of a compound command, as in `ls | while read f`; pipes between simple commands are inside
  /// their pipeline.
  case pipe = "|"
  case pipeBoth = "|&"
  /// The end of one arm of a `case`.
  case armEnd = ";;"
  case armFallThrough = ";&"
  case armTestNext = ";;&"

  var isPipe: Bool { self == .pipe || self == .pipeBoth }

  var endsArm: Bool { self == .armEnd || self == .armFallThrough || self == .armTestNext }

  /// Asks for a command on both sides.
  var isBinary: Bool { self == .and || self == .or || isPipe }
}
