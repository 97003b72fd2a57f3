/// A program whose arguments are another command: `sudo -u web env A=b nice make`.
struct PrefixWrapper {
  /// Options that take the next word.
  var valued: Set<String> = []
  /// Words between the options and the command, such as the seconds of `timeout`.
  var operands = 0
  /// `NAME=value` may stand before the command.
  var takesAssignments = false
  /// Options with which it asks about the command instead of running it.
  var queries: Set<String> = []
  /// Options with which it moves to a folder first.
  var moves: Set<String> = []
  /// The subcommand that runs the rest, such as `exec` of `direnv exec`.
  var verb: String?

  static let table: [String: PrefixWrapper] = [
    "sudo": PrefixWrapper(
      valued: ["-u", "-g", "-h", "-p", "-C", "-T", "-r", "-t", "-D", "-R", "-U", "--user", "--group", "--chdir"],
      takesAssignments: true, queries: ["-l", "-v", "-e", "--list", "--validate", "--edit"], moves: ["-D", "--chdir"]),
    "doas": PrefixWrapper(valued: ["-u", "-C"], takesAssignments: true),
    "env": PrefixWrapper(
      valued: ["-u", "-C", "--unset", "--chdir"], takesAssignments: true, moves: ["-C", "--chdir"]),
    "timeout": PrefixWrapper(valued: ["-k", "-s", "--signal", "--kill-after"], operands: 1),
    "gtimeout": PrefixWrapper(valued: ["-k", "-s", "--signal", "--kill-after"], operands: 1),
    "time": PrefixWrapper(valued: ["-f", "-o", "--format", "--output"]),
    "nohup": PrefixWrapper(),
    "setsid": PrefixWrapper(),
    "nice": PrefixWrapper(valued: ["-n", "--adjustment"]),
    "ionice": PrefixWrapper(valued: ["-c", "-n", "-p"]),
    "stdbuf": PrefixWrapper(valued: ["-i", "-o", "-e"]),
    "command": PrefixWrapper(queries: ["-v", "-V"]),
    "builtin": PrefixWrapper(),
    "exec": PrefixWrapper(valued: ["-a"]),
    "xargs": PrefixWrapper(
      valued: ["-n", "-P", "-I", "-L", "-d", "-a", "-s", "-E", "-J", "-R", "--max-args", "--max-procs", "--arg-file"]),
    "caffeinate": PrefixWrapper(valued: ["-t", "-w"]),
    "xvfb-run": PrefixWrapper(valued: ["-n", "-s", "-e", "-f", "--server-args", "--server-num"]),
    "flock": PrefixWrapper(valued: ["-w", "-E", "--timeout"], operands: 1),
    "direnv": PrefixWrapper(operands: 1, verb: "exec"),
    "doppler": PrefixWrapper(valued: ["-p", "-c", "--project", "--config"], verb: "run"),
    "op": PrefixWrapper(valued: ["--env-file", "--account"], verb: "run"),
  ]

  /// The words of the inner command; nil when there is none.
  func rest(of words: ArraySlice<Word>, _ context: inout InvocationContext) -> ArraySlice<Word>? {
    var reader = OptionReader(words: words.dropFirst(), valued: valued)
    if let verb {
      guard reader.words.popFirst()?.text == verb else { return nil }
    }
    while let option = reader.next() {
      if queries.contains(option.name) { return nil }
      if moves.contains(option.name), let folder = option.value {
        context.directory = DirectoryTracker.join(context.directory, folder)
      }
    }
    reader.words = reader.words.dropFirst(operands)
    while takesAssignments, let word = reader.words.first?.text, let name = Self.assignedName(word) {
      context.addEnvironment(name)
      reader.words.removeFirst()
    }
    return reader.words.isEmpty ? nil : reader.words
  }

  /// The `NAME` of `NAME=value`.
  static func assignedName(_ word: String) -> String? {
    let name = word.utf8.prefix { Byte.isName($0) }
    guard !name.isEmpty, name.endIndex < word.utf8.endIndex, word.utf8[name.endIndex] == Byte.equals else { return nil }
    return String(Substring(name))
  }
}
