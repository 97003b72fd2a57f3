internal import RuleEngine
internal import Secrets
internal import SessionModel

/// Decides what may stand in a line of a context file. Values come from logs, which web pages and strangers' code can
/// influence: what does not look like a value of its type is not written.
enum SlotValue {
  /// - Parameters:
  ///   - name: The slot, whose name is its type.
  ///   - origin: Who wrote it. Of what tools print only single words are taken, and of what the web says nothing.
  ///   - project: Absolute path of the project: paths inside it are written relative to it.
  /// - Returns: The text to write, or nil when the value is not fit.
  static func checked(_ value: String, slot name: String, from origin: ValueOrigin, project: String) -> String? {
    var value = value.trimmed
    value = name == "path" || name == "fix" ? shortened(value, project: project) : withoutHomes(value)
    if name == "flag", value.first.map({ $0.isASCII && ($0.isLetter || $0.isNumber) }) == true {
      value = (value.count == 1 ? "-" : "--") + value
    }
    if name == "path", isTemporary(value) { return nil }
    if name == "fix", value.split(whereSeparator: { " =:".contains($0) }).contains(where: isTemporary) { return nil }
    return isFit(value, as: name) && (name == "size" && origin == .tool || isFit(value, from: origin)) ? value : nil
  }

  /// Whether a value may stand in a line as it is, whoever wrote it.
  static func isFit(_ value: String, as name: String) -> Bool {
    !value.isEmpty && value.utf8.count <= limit(of: name) && !isDangerous(value) && !looksLikeImport(value)
      && !SecretGuess.holds(value) && !Prose.speaks(value, mostWords: mostWords(in: name))
      && isAllowed(value, in: name)
  }

  /// Prose needs spaces, or several words in one: that is for those to write who can be told from strangers.
  private static func isFit(_ value: String, from origin: ValueOrigin) -> Bool {
    switch origin {
    case .web: false
    case .tool: !value.holds(" ") && !value.holds("://") && !Prose.speaks(value, mostWords: 5)
    case .agent, .user: true
    }
  }

  /// Files that are gone by the time that the line is read.
  private static func isTemporary(_ path: some StringProtocol) -> Bool {
    ["/tmp/", "/private/tmp/", "/var/folders/", "/private/var/folders/", "/dev/", "/proc/"].contains {
      path.hasPrefix($0)
    }
  }

  /// A test is named by a sentence, and a command may hold what has to be done before it.
  private static func mostWords(in slot: String) -> Int {
    switch slot {
    case "test": 12
    case "fix": 9
    default: 6
    }
  }

  private static func limit(of slot: String) -> Int {
    switch slot {
    case "fix", "url": 140
    case "path": 160
    case "flag", "variable", "program", "size", "port", "number": 60
    default: 80
    }
  }

  /// Inside the project relative to it; inside a home folder with `~`.
  static func shortened(_ text: String, project: String) -> String {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
      guard word.hasPrefix("/") else { return String(word) }
      let relative = PathText.relative(String(word), to: project)
      return relative == word ? homeMarked(relative) : relative
    }
    return withoutHomes(parts.joined(separator: " "))
  }

  /// Home folders inside a value, as in `--config=/home/me/x`, written as `~`.
  static func withoutHomes(_ text: String) -> String {
    var text = text
    for mark in ["/home/", "/Users/"] where text.holds(mark) {
      let parts = text.split(separator: mark, omittingEmptySubsequences: false)
      guard parts.count > 1 else { continue }
      text = parts.dropFirst().reduce(String(parts[0])) { done, rest in
        let isInside = done.last.map { $0.isLetter || $0.isNumber || "._-~".contains($0) } ?? false
        let owner = rest.prefix { $0.isLetter || $0.isNumber || "._-".contains($0) }
        return isInside || owner.isEmpty ? done + mark + rest : done + "~" + rest.dropFirst(owner.count)
      }
    }
    return text
  }

  private static func homeMarked(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 2, parts[1] == "Users" || parts[1] == "home", !parts[2].isEmpty {
      return (["~"] + parts.dropFirst(3).map(String.init)).joined(separator: "/")
    }
    return path == "/root" || path.hasPrefix("/root/") ? "~" + path.dropFirst(5) : path
  }

  /// What could end the code span that values stand in, or mean something to whoever reads the file.
  private static func isDangerous(_ value: String) -> Bool {
    // A mark at the start would combine with the backtick in front of it.
    if let first = value.unicodeScalars.first?.properties.generalCategory,
      [.nonspacingMark, .spacingMark, .enclosingMark].contains(first)
    {
      return true
    }
    return holdsHidden(value)
      || ["`", "<!--", "-->", "](", "headroom:learn", "</", "<system"].contains { value.holds($0) }
  }

  /// Characters that nobody sees, or that turn around what stands beside them.
  static func holdsHidden(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      if (0x20..<0x7F).contains(scalar.value) { return false }
      return switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
      // Letters that nobody sees, such as U+3164, are no format characters.
      default: scalar.properties.isDefaultIgnorableCodePoint
      }
    }
  }

  private static func isAllowed(_ value: String, in slot: String) -> Bool {
    switch slot {
    case "path":
      isMade(of: value, extra: "-_./@+~ ()[]{}=,:%#&$!") && !value.hasPrefix("@") && !value.holds("://")
        && words(value) <= 4
    case "module", "package": isMade(of: value, extra: "-_./@:~") && words(value) == 1
    case "program": isMade(of: value, extra: "-_./+@~") && words(value) == 1 && hasProgramEnding(value)
    case "tool": isMade(of: value, extra: "-_./+@~") && words(value) == 1
    case "flag": isMade(of: value, extra: "-_=.+") && words(value) == 1 && value.contains { $0.isLetter || $0.isNumber }
    case "size": isSize(value)
    case "script", "target", "test", "branch", "revision", "host", "variable", "port", "number":
      isMade(of: value, extra: "-_./:@+#=[]") && words(value) == 1
    case "url": isMade(of: value, extra: "-_./:@+#=%?&~") && words(value) == 1
    case "head", "command": isMade(of: value, extra: "-_./:@+= ") && words(value) <= 5
    case "name": isMade(of: value, extra: "-_./:@+= ()',") && words(value) <= 6
    case "fix": isMade(of: value, extra: "-_./:@+= ()[]{},%#&$!'\"*?|~^;") && words(value) <= 14 && isHarmless(value)
    default: isMade(of: value, extra: "-_./:@+= ") && words(value) <= 4
    }
  }

  /// `@docs/x.md` would be read in as a file; `@scope/name` is a package.
  private static func looksLikeImport(_ value: String) -> Bool {
    value.hasPrefix("@")
      && (value.count { $0 == "/" } != 1 || value.hasSuffix(".md") || value.holds("~") || value.hasPrefix("@."))
  }

  /// A command that worked once is no advice when it runs what it fetches, names a strange address or what is gone
  /// tomorrow, holds a sentence, leaves the project, or goes from the root to the root.
  private static func isHarmless(_ command: String) -> Bool {
    let words = command.split { " |;&()'\"".contains($0) }.map { PathText.name(of: String($0)) }
    let runsInput =
      command.holds("|")
      && words.contains { ["sh", "bash", "zsh", "python", "python3", "node", "perl"].contains($0) }
    let address = command.firstRange(of: "://").map { command[$0.upperBound...] }
    let isStrange =
      address.map { address in !["localhost", "127.0.0.1", "0.0.0.0"].contains { address.hasPrefix($0) } } ?? false
    let quoted = command.split(omittingEmptySubsequences: false) { $0 == "'" || $0 == "\"" }.enumerated()
    let hasSentence = quoted.contains { $0.offset % 2 == 1 && $0.element.split(separator: " ").count > 4 }
    return !runsInput && !isStrange && !hasSentence && !holdsFleeting(command)
      && !ShellSetup.withoutKnownSubstitutions(command).holds("$(")
      && !command.holds("dangerously")
      && !command.holds("rm -rf /") && !command.hasPrefix("cd . ")
      // Folders outside of the project are other people's, or other projects.
      && !command.hasPrefix("cd ~") && !command.hasPrefix("cd /")
  }

  /// Whether a command names a container, pod or machine by what it is called today, or a working copy.
  private static func holdsFleeting(_ command: String) -> Bool {
    command.holds("worktrees/")
      || command.split { " @=/".contains($0) }.contains { word in
        let isHash =
          word.count >= 12 && word.allSatisfy { $0.isASCII && $0.isHexDigit } && word.contains(where: \.isNumber)
        let parts = word.split(separator: "-")
        let isPod =
          parts.count > 2 && parts[parts.count - 1].count == 5 && (8...10).contains(parts[parts.count - 2].count)
          && parts.suffix(2).allSatisfy { $0.contains(where: \.isNumber) }
        let isAddress = word.split(separator: ".").count == 4 && word.allSatisfy { $0 == "." || $0.isNumber }
        // That a machine is reached by its address is one thing, what is installed there another.
        let isElsewhere = isAddress && word != "127.0.0.1" && word != "0.0.0.0" && words(command) > 2
        return isHash || isPod || isElsewhere
      }
  }

  /// A number with a unit.
  private static func isSize(_ value: String) -> Bool {
    let digits = value.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
    let unit = String(value.dropFirst(digits.count)).trimmed
    return !digits.isEmpty && ["", "B", "KB", "MB", "GB", "KiB", "MiB", "tokens", "lines", "pages"].contains(unit)
  }

  /// `$_.Name` that a shell expanded is not a program; `python3.11` and `run.sh` are.
  private static func hasProgramEnding(_ value: String) -> Bool {
    let parts = PathText.name(of: value).split(separator: ".")
    guard parts.count > 1, let ending = parts.last else { return true }
    return ending.allSatisfy(\.isNumber) || (ending.count <= 4 && ending.allSatisfy { $0.isLowercase || $0.isNumber })
  }

  private static func isMade(of value: String, extra: String) -> Bool {
    value.unicodeScalars.allSatisfy { scalar in
      let isLetter =
        scalar.isASCII ? ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) : scalar.properties.isAlphabetic
      return isLetter || ("0"..."9").contains(scalar) || extra.unicodeScalars.contains(scalar)
    }
  }

  private static func words(_ value: String) -> Int { value.split(separator: " ").count }
}

extension String {
  var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Keys and passwords in values: what the kinds of secrets know, and whatever looks like one. A line can do without it.
enum SecretGuess {
  static func holds(_ value: String) -> Bool {
    let lowered = value.lowercased()
    if names.contains(where: { lowered.holds($0) }) { return true }
    if !SecretScanner().secrets(in: Array(value.utf8)).isEmpty { return true }
    return value.split { !($0.isLetter || $0.isNumber || $0 == "+" || $0 == "_" || $0 == "-") }.contains { word in
      word.count >= 24 && word.contains(where: \.isNumber) && word.contains(where: \.isLetter) && !word.holds("-")
    }
  }

  private static let names = [
    SecretScanner.mask, "password=", "passwd=", "token=", "secret=", "apikey=", "api_key=", "bearer ", "authorization:",
    "redacted",
  ]
}
