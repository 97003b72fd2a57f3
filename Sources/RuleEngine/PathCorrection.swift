internal import SessionModel
internal import ShellSyntax

/// Finds the path that was meant by a wrong one in the calls that follow.
struct PathCorrection {
  /// The wrong path as the call gave it, and made absolute.
  private(set) var given: String
  private(set) var absolute: String
  private var name: String
  /// A path with the same name that a search or listing printed.
  private var seen: Set<String> = []

  init?(path: String, workingDirectory: String?) {
    let path = path.trimmedOfQuotes
    name = PathText.name(of: path)
    // A bare word or a pattern names no file that could be found elsewhere.
    guard name.count > 1, !name.holds("*"), !name.holds("$"), !path.holds("\n") else { return nil }
    given = path
    absolute = PathText.resolved(path, in: workingDirectory)
  }

  /// The folder that the shell was in already, when the path repeats the end of it: `apps/api` from inside `apps/api`.
  var whereItWas: String? {
    guard !given.hasPrefix("/"), !given.hasPrefix("~"), !given.hasPrefix(".") else { return nil }
    let folder = absolute.dropLast(given.count).dropLast()
    let first = given.prefix { $0 != "/" }
    guard absolute == "\(folder)/\(given)" else { return nil }
    if folder.hasSuffix("/" + given) { return String(folder) }
    return folder.hasSuffix("/" + first) && given.holds("/") ? "\(folder)\(given.dropFirst(first.count))" : nil
  }

  /// Looks at a call that succeeded.
  /// - Returns: The right path and how sure that is, or nil.
  mutating func look(at call: ToolCall, _ line: CommandLine?) -> (path: String, confidence: Double)? {
    // What is made now was not what was meant.
    if let path = call.input.path, call.tool != .write, call.tool != .patch {
      let found = PathText.resolved(path, in: call.workingDirectory)
      if let confidence = confidence(of: found) { return (found, confidence) }
    }
    if let line {
      // What git is asked for may stand in another revision.
      let invocations = line.invocations.filter { invocation in
        if Self.searches.contains(invocation.program) || invocation.runsElsewhere { return false }
        // One of several tries, whose error nobody was to see.
        if invocation.hidesStatus, call.input.text.holds("2>/dev/null") { return false }
        return invocation.program != "git" || ["git add", "git mv", "git rm"].contains(invocation.head)
      }
      for word in invocations.flatMap({ invocation in
        Self.existing(in: invocation).map { ($0, invocation.directory) }
      }) where word.0.hasSuffix(name) && !word.0.hasPrefix("-") && !word.0.holds(":") {
        let folder = word.1.map { PathText.resolved($0, in: call.workingDirectory) } ?? call.workingDirectory
        let found = PathText.resolved(word.0, in: folder)
        if found != absolute, PathText.name(of: found) == name, found.holds("/") { return (found, 0.8) }
      }
    }
    if call.tool == .glob || call.tool == .grep || call.tool == .list || call.tool == .shell { remember(call) }
    return nil
  }

  /// The arguments that have to exist before the command runs.
  private static func existing(in invocation: Invocation) -> ArraySlice<String> {
    switch invocation.program {
    case "touch", "mkdir", "tee", "rm", "echo", "printf", "test", "[", "[[": []
    case "cp", "mv", "ln", "install": invocation.arguments.dropLast()
    // First comes what to do, or what to look for.
    case "grep", "egrep", "fgrep", "rg", "ag", "ack", "sed", "awk", "jq":
      invocation.arguments.drop { $0.hasPrefix("-") }.dropFirst()
    // What is behind such an option is looked for.
    default: invocation.arguments.prefix { !patternOptions.contains($0) }
    }
  }

  private static let patternOptions: Set<String> = [
    "-name", "-iname", "-path", "-ipath", "-g", "--glob", "--include", "--exclude",
  ]

  /// Programs that are given a name to look for, which is no path: what they print is looked at instead.
  private static let searches: Set<String> = ["find", "fd", "fdfind", "locate", "mdfind"]

  /// The only path with that name that a search turned up, when nobody used one.
  var unusedHit: String? { seen.count == 1 ? seen.first : nil }

  private func confidence(of path: String) -> Double? {
    guard path != absolute else { return nil }
    let other = PathText.name(of: path)
    if other == name { return seen.contains(path) ? 0.95 : 0.9 }
    if other.lowercased() == name.lowercased() { return 0.85 }
    // The same folder and stem with another extension of the kind.
    if path.dropLast(other.count) == absolute.dropLast(name.count), Self.differsInExtension(name, other) { return 0.75 }
    return nil
  }

  private static func differsInExtension(_ name: String, _ other: String) -> Bool {
    guard let dot = name.lastIndex(of: "."), let second = other.lastIndex(of: "."), name[..<dot] == other[..<second],
      name.distance(from: name.startIndex, to: dot) > 2
    else { return false }
    let endings = [String(name[dot...].dropFirst()), String(other[second...].dropFirst())]
    return extensions.contains { kind in endings.allSatisfy(kind.contains) }
  }

  /// Files of one kind, of which a folder holds one or the other.
  private static let extensions: [Set<String>] = [
    ["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"],
    ["yml", "yaml", "toml", "json", "jsonc", "json5"],
    ["md", "mdx", "markdown", "rst", "txt"], ["htm", "html"], ["py", "pyi", "ipynb"],
    ["c", "cc", "cpp", "cxx", "m", "mm"],
    ["h", "hh", "hpp", "hxx"], ["sh", "bash", "zsh", "fish"], ["css", "scss", "sass", "less"], ["kt", "kts", "java"],
    ["jpg", "jpeg", "png", "webp", "svg"],
  ]

  private mutating func remember(_ call: ToolCall) {
    guard seen.count < 8, call.output.utf8.count < 64 << 10, call.output.holds(name) else { return }
    let isSought = call.input.text.holds(name) || call.input.pattern?.holds(name) == true
    for line in call.output.split(separator: "\n", maxSplits: 2000) where line.hasSuffix(name) {
      let path = line.split { $0 == " " || $0 == "\t" }.last.map(String.init) ?? ""
      // A setting or a line of code that ends in it names no file.
      guard path.holds("/"), !path.contains(where: { "='\"(<".contains($0) }), PathText.name(of: path) == name,
        !Self.foreign.contains(where: { path.holds($0) })
      else { continue }
      let found = PathText.resolved(path, in: call.workingDirectory)
      if found != absolute, isSought || isAlike(found) { seen.insert(found) }
    }
  }

  /// Folders that hold what others wrote, and copies.
  private static let foreign = ["node_modules/", "site-packages/", "worktrees/", ".git/", "vendor/"]

  /// There may be a `README.md` in every folder: one that nobody looked for is meant when it ends as the path was given,
  /// or stands in a folder of the same name.
  private func isAlike(_ path: String) -> Bool {
    path.hasSuffix(PathText.resolved(given, in: "/"))
      || PathText.name(of: PathText.folder(of: path)) == PathText.name(of: PathText.folder(of: absolute))
  }
}

extension PathCorrection: Stored {
  static var blank: PathCorrection { PathCorrection() }

  private init() { (given, absolute, name) = ("", "", "") }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&given)
    fields.visit(&absolute)
    fields.visit(&name)
    fields.visit(&seen)
  }
}

extension String {
  var trimmedOfQuotes: String {
    var text = self[...]
    while let first = text.first, first == "'" || first == "\"" || first == "`" || first == " " { text.removeFirst() }
    while let last = text.last, last == "'" || last == "\"" || last == "`" || last == " " || last == ":" {
      text.removeLast()
    }
    return String(text)
  }
}
