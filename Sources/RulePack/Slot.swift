/// The named places of a lesson's text.
public enum Slot {
  /// Slots that every rule has, beside the captures of its patterns: the path that the call named, the program and the
  /// head (`git push`, `npm run build`) of the command that failed, the words that it begins with, and the agent's name of
  /// the tool.
  public static let builtin: Set<String> = ["path", "program", "head", "command", "tool"]

  /// Names of captures that stand for a type: a value that is not of it is never written into a context file.
  public static let types: [LanguageWord] = [
    LanguageWord("path", "a file or folder"), LanguageWord("module", "a module, as code imports it"),
    LanguageWord("package", "a package, as a package manager names it"), LanguageWord("program", "a program"),
    LanguageWord("command", "a program with a few words"), LanguageWord("head", "program and subcommand"),
    LanguageWord("flag", "an option"), LanguageWord("script", "a script of a package file"),
    LanguageWord("target", "a target of a build file"), LanguageWord("host", "a host"), LanguageWord("port", "a port"),
    LanguageWord("variable", "an environment variable"), LanguageWord("test", "a test"),
    LanguageWord("branch", "a branch"),
    LanguageWord("revision", "a commit, tag or version"), LanguageWord("name", "a few words"),
    LanguageWord("number", "a number"), LanguageWord("size", "a number with a unit"), LanguageWord("url", "an address"),
    LanguageWord("tool", "a tool of the agent"),
  ]

  /// Names between braces, in order.
  public static func names(in template: String) -> [String] {
    parts(of: template).compactMap { part in
      if case .slot(let name) = part { name } else { nil }
    }
  }

  /// A template cut into its texts and slots.
  public enum Part: Hashable, Sendable {
    case text(String)
    case slot(String)
  }

  public static func parts(of template: String) -> [Part] {
    var parts: [Part] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = rest[rest.index(after: open)..<close]
      let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      let end = isName ? close : open
      if isName {
        if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
        parts.append(.slot(String(name)))
      } else {
        parts.append(.text(String(rest[...open])))
      }
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }
}
