/// A program that hands text to a shell, here or elsewhere: `bash -lc '…'`, `ssh host '…'`, `eval`.
enum ShellWrapper {
  /// The text that the other shell runs; nil when the words run none.
  static func read(_ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext) -> String? {
    switch name {
    case "bash", "sh", "zsh", "dash", "ksh", "fish", "ash": shell(name, words, &context)
    case "ssh": ssh(words, &context)
    case "su": su(words, &context)
    case "eval", "watch": joined(name, words, &context)
    case "powershell", "powershell.exe", "pwsh", "pwsh.exe": powerShell(name, words, &context)
    case "cmd", "cmd.exe": commandPrompt(name, words, &context)
    default: nil
    }
  }

  private static func shell(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> String? {
    var label = name
    var takesText = false
    var readsInput = false
    var reader = OptionReader(words: words.dropFirst(), valued: ["-o", "+o", "-O", "--rcfile", "--init-file"])
    while !takesText, let option = reader.next() {
      label += " \(option.name)"
      var value = option.value
      // `-euo pipefail`: the last letter of a cluster takes the value.
      if option.name.hasSuffix("o"), !option.name.hasPrefix("--"), value == nil {
        value = reader.words.popFirst()?.text
      }
      context.options.apply([option.name, value ?? ""])
      let isCluster = option.name.hasPrefix("-") && !option.name.hasPrefix("--")
      takesText = isCluster && option.name.contains("c") || option.name == "--command"
      readsInput = readsInput || option.name == "-s"
    }
    if takesText {
      reader.skipAll()
      guard let text = reader.words.first?.text else { return nil }
      context.wrappers.append(label)
      context.input = nil
      return text
    }
    let readsAll = readsInput || reader.words.isEmpty || reader.words.first?.text == "-"
    guard readsAll, let input = context.input else { return nil }
    context.wrappers.append(label)
    context.input = nil
    return input
  }

  private static func ssh(_ words: ArraySlice<Word>, _ context: inout InvocationContext) -> String? {
    let valued: Set<String> = [
      "-i", "-p", "-o", "-l", "-F", "-J", "-L", "-R", "-D", "-b", "-c", "-e", "-E", "-I", "-m", "-O", "-Q", "-S", "-w",
      "-W", "-B",
    ]
    var reader = OptionReader(words: words.dropFirst(), valued: valued)
    reader.skipAll()
    guard let host = reader.words.popFirst()?.text else { return nil }
    reader.skipAll()
    let text = reader.words.isEmpty ? context.input : join(reader.words)
    guard let text else { return nil }
    if reader.words.isEmpty { context.input = nil }
    context.wrappers.append("ssh \(host)")
    context.directory = nil
    context.environment = []
    return text
  }

  private static func su(_ words: ArraySlice<Word>, _ context: inout InvocationContext) -> String? {
    let texts = words.map(\.text)
    guard let option = texts.firstIndex(where: { $0 == "-c" || $0 == "--command" }), option + 1 < texts.count else {
      return nil
    }
    context.wrappers.append("su")
    return texts[option + 1]
  }

  private static func joined(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> String? {
    var reader = OptionReader(words: words.dropFirst(), valued: ["-n", "--interval"])
    reader.skipAll()
    guard !reader.words.isEmpty else { return nil }
    context.wrappers.append(name)
    return join(reader.words)
  }

  private static func powerShell(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> String? {
    let valued: Set<String> = ["-ExecutionPolicy", "-ep", "-File", "-f", "-Version", "-WindowStyle"]
    var reader = OptionReader(words: words.dropFirst(), valued: valued)
    while let option = reader.next() {
      let text = option.name.lowercased()
      if text == "-file" || text == "-f" { return nil }
      if text == "-command" || text == "-c" { break }
    }
    guard let first = reader.words.first, !first.text.hasSuffix(".ps1") else { return nil }
    context.wrappers.append(name)
    return join(reader.words)
  }

  private static func commandPrompt(
    _ name: String, _ words: ArraySlice<Word>, _ context: inout InvocationContext
  ) -> String? {
    let rest = words.dropFirst()
    // MSYS shells need `//c`, because they take `/c` for a path.
    guard let option = rest.first?.text.lowercased(), option == "/c" || option == "//c", rest.count > 1 else {
      return nil
    }
    context.wrappers.append(name)
    return join(rest.dropFirst())
  }

  private static func join(_ words: ArraySlice<Word>) -> String {
    words.map(\.text).joined(separator: " ")
  }
}
