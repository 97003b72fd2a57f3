/// Walks the items of a command line and collects the programs that it runs.
struct InvocationFinder {
  var found: [Invocation] = []

  mutating func visit(_ line: CommandLine, in context: InvocationContext) {
    let statuses = StatusPass.decidingPipelines(of: line, context.options)
    var directory = DirectoryTracker(context.directory)
    var environment = context
    var number = 0
    var previous: Item?
    for item in line.items {
      directory.note(item)
      defer { previous = item }
      guard case .pipeline(let pipeline) = item else { continue }
      defer { number += 1 }
      if case .closing? = previous, pipeline.isMember { continue }
      for (index, command) in pipeline.commands.enumerated() {
        var inner = environment
        inner.directory = directory.current
        let isFilter = index > 0 || directory.readsPipe
        inner.role = isFilter ? .filter : context.role
        let isLast = index == pipeline.commands.count - 1
        let decides = isLast ? statuses[number].last : statuses[number].earlier
        inner.hidesStatus = context.hidesStatus || !decides
        visit(command, in: inner)
      }
      if pipeline.commands.count == 1 {
        directory.run(pipeline.commands[0])
        export(pipeline.commands[0], into: &environment)
      }
      directory.readsPipe = false
    }
  }

  private mutating func visit(_ command: SimpleCommand, in context: InvocationContext) {
    var context = context
    var words = command.words[...]
    // PowerShell: `$name = Get-Item x`.
    if words.count > 2, words[1].source == "=", words[0].source.hasPrefix("$") { words = words.dropFirst(2) }
    guard let first = words.first else { return visitSubstitutions(of: command, in: context) }
    if first.source.hasPrefix("((") || first.text.isEmpty { return }
    for assignment in command.assignments { context.addEnvironment(assignment.name) }
    context.options = ShellOptions()
    if let body = command.redirections.last(where: { $0.isHeredoc })?.body { context.input = body }
    let target = WrapperReader.unwrap(words, &context)
    switch target {
    case .program(let words):
      guard let program = words.first, !program.text.isEmpty else { return }
      let name = programName(program)
      let head = Head(of: words)
      found.append(
        Invocation(
          program: name, programPath: program.text, arguments: words.dropFirst().map(\.text),
          head: head.words.joined(separator: " "), headWords: head,
          wrappers: context.wrappers, environment: context.environment, directory: context.directory,
          role: context.role, hidesStatus: context.hidesStatus))
    case .script(let text):
      context.depth += 1
      visit(CommandLine(inner: text), in: context)
    }
  }

  /// `name=$(command)` has the status of the command.
  private mutating func visitSubstitutions(of command: SimpleCommand, in context: InvocationContext) {
    guard context.depth < InvocationContext.maximumDepth else { return }
    for assignment in command.assignments {
      for text in assignment.word.substitutions {
        var inner = context
        inner.depth += 1
        visit(CommandLine(inner: text), in: inner)
      }
    }
  }

  private func export(_ command: SimpleCommand, into context: inout InvocationContext) {
    guard command.firstWord?.text == "export" else { return }
    for word in command.words.dropFirst() {
      let name = word.text.prefix { $0 != "=" }
      if !name.hasPrefix("-"), name.utf8.count < word.text.utf8.count { context.addEnvironment(String(name)) }
    }
  }
}

extension Pipeline {
  /// PowerShell: the `.Name` of `(Get-Item x).Name`.
  fileprivate var isMember: Bool { commands.first?.firstWord?.source.hasPrefix(".") == true }
}

/// The last path component of a word that names a program.
func programName(_ word: Word) -> String {
  let text = word.text
  guard text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == Byte.backslash }) else { return text }
  // The slash of `$(brew --prefix)/bin/x` ends a path; the one of `$(cat a/b)` does not.
  if word.hasExpansion, text.hasSuffix(")") || text.hasSuffix("`") || text.hasSuffix("}") { return text }
  let isWindows = text.utf8.contains(Byte.backslash) && !text.utf8.contains(UInt8(ascii: "/"))
  let name = text.utf8.split(separator: isWindows ? Byte.backslash : UInt8(ascii: "/")).last
  return name.map { String(Substring($0)) } ?? text
}
