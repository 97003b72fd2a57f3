internal import SessionModel

/// The named places of a lesson's text: `{name}` stands for one value, `{name+}` for those that were seen most often, and
/// what stands in `[[ ]]` is left out when a value in it is missing or not fit to be written.
public enum Slot {
  /// Slots that every rule has, beside the captures of its patterns: the path that the call named, the program and the
  /// head (`git push`, `npm run build`) of the command that failed, the words that it begins with, the first two of them
  /// as the program is used in the project, and the agent's name of the tool.
  public static let builtin: Set<String> = ["path", "program", "head", "command", "form", "tool"]

  /// Names of captures that stand for a type: a value that is not of it is never written into a context file.
  public static let types: [LanguageWord] = [
    LanguageWord("path", "a file or folder"), LanguageWord("module", "a module, as code imports it"),
    LanguageWord("package", "a package, as a package manager names it"), LanguageWord("program", "a program"),
    LanguageWord("command", "a program with a few words"), LanguageWord("form", "a program with one word"),
    LanguageWord("head", "program and subcommand"),
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
    parts(of: template).flatMap(names)
  }

  private static func names(in part: Part) -> [String] {
    switch part {
    case .text: []
    case .slot(let name), .list(let name): [name]
    case .optional(let parts): parts.flatMap(names)
    }
  }

  /// A template cut into its texts and slots.
  public indirect enum Part: Hashable, Sendable {
    case text(String)
    case slot(String)
    /// Several values of a slot.
    case list(String)
    /// What may be left out.
    case optional([Part])
  }

  public static func parts(of template: String) -> [Part] {
    var parts: [Part] = []
    var rest = template[...]
    while let open = rest.range(of: "[["), let close = rest[open.upperBound...].range(of: "]]") {
      parts += plainParts(of: rest[..<open.lowerBound])
      let inside = plainParts(of: rest[open.upperBound..<close.lowerBound])
      // Without a slot it is text like any other, as in `[[ -f x ]]`.
      let isOptional = inside.contains { part in if case .text = part { false } else { true } }
      parts += isOptional ? [.optional(inside)] : [.text(String(rest[open.lowerBound..<close.upperBound]))]
      rest = rest[close.upperBound...]
    }
    return parts + plainParts(of: rest)
  }

  private static func plainParts(of template: Substring) -> [Part] {
    var parts: [Part] = []
    var rest = template
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
      let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      let inside = rest.utf8.index(after: open)
      var name = rest[inside..<close]
      let isList = name.last == "+"
      if isList { name.removeLast() }
      let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      if isName {
        if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
        parts.append(isList ? .list(String(name)) : .slot(String(name)))
        rest = rest[rest.utf8.index(after: close)...]
      } else {
        parts.append(.text(String(rest[..<inside])))
        rest = rest[inside...]
      }
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }
}
