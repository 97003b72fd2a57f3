/// Follows `cd`, `pushd` and `popd` through a command line.
struct DirectoryTracker {
  /// A line that keeps moving down must not make ever longer paths.
  static let maximumLength = 4096

  private(set) var current: String?
  /// The next command reads from a pipe into the compound command around it.
  var readsPipe = false
  private var previous: String?
  /// Where the and-or list began: in the background it runs in its own shell.
  private var atListStart: String?
  private var stack: [String?] = []
  private var subshells: [(current: String?, atListStart: String?)] = []
  private var isAlternative = false

  init(_ directory: String?) {
    current = directory
    previous = directory
    atListStart = directory
  }

  mutating func note(_ item: Item) {
    switch item {
    case .opening(let opening) where opening.kind == .subshell:
      subshells.append((current, atListStart))
    case .closing(let closing) where closing.kind == .subshell:
      guard let outer = subshells.popLast() else { return }
      (current, atListStart) = outer
    case .connector(let connector):
      isAlternative = connector == .or
      readsPipe = connector.isPipe
      if connector == .background { current = atListStart }
      if !connector.isBinary { atListStart = current }
    case .opening, .closing, .pipeline: return
    }
  }

  /// Moves when the command is one that moves.
  mutating func run(_ command: SimpleCommand) {
    guard !readsPipe else { return }
    // `cd a || cd b`: the second starts from where the first did.
    let base = isAlternative ? previous : current
    switch command.firstWord?.text {
    case "cd", "chdir", "Set-Location", "sl":
      let target = Self.target(of: command)
      let folder = target == "/d" || target == "/D" ? command.words.last?.text : target
      move(to: folder == "-" ? previous : Self.join(base, folder ?? "~"))
    case "pushd":
      stack.append(current)
      move(to: Self.join(base, Self.target(of: command) ?? "~"))
    case "popd":
      if let top = stack.popLast() { move(to: top) }
    default: return
    }
  }

  private static func target(of command: SimpleCommand) -> String? {
    command.words.dropFirst().first { !$0.text.hasPrefix("-") || $0.text == "-" }?.text
  }

  private mutating func move(to directory: String?) {
    previous = current
    current = directory
  }

  /// The path seen from a base; `.` and `..` are resolved where the base says what they mean.
  static func join(_ base: String?, _ path: String) -> String {
    guard let base, !isRooted(path), base.utf8.count + path.utf8.count < maximumLength else { return path }
    var result = base
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let up = parent(of: result) {
        result = up
      } else if result == "." {
        result = String(part)
      } else {
        result += result.hasSuffix("/") ? String(part) : "/\(part)"
      }
    }
    return result
  }

  /// Begins at a root, the home folder, or a variable that may hold either.
  private static func isRooted(_ path: String) -> Bool {
    guard let first = path.utf8.first else { return false }
    if first == UInt8(ascii: "/") || first == UInt8(ascii: "~") || first == Byte.dollar || first == Byte.backtick {
      return true
    }
    return Byte.isLetter(first) && path.utf8.dropFirst().first == Byte.colon
  }

  private static func parent(of path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let last = path[path.utf8.index(after: slash)...]
    guard !last.isEmpty, last != "..", !last.hasPrefix("$") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
