internal import SessionModel

/// Reads what a call is about from the JSON of its input, by the field names that the agents use.
enum ToolInputReader {
  /// Commands longer than this are programs in a heredoc: their start says what they are.
  static let textLimit = 16 << 10
  /// How Codex CLI asks to leave the sandbox.
  static let escalation = "require_escalated"

  static func input(of value: JSONSlice?, tool: ToolKind) -> ToolInput {
    guard let value else { return ToolInput(text: "") }
    var fields = Fields()
    for (key, member) in value.members { fields.read(key, member) }
    let text: String?
    switch tool {
    case .shell: text = fields.command
    case .read, .edit, .write, .list: text = fields.path
    case .grep, .glob: text = fields.pattern
    case .web: text = fields.address ?? fields.pattern
    case .subagent: text = fields.name
    case .patch where fields.patch != nil: return patch(fields.patch ?? "", digest: value.digest)
    case .patch, .mcp, .other: text = fields.command ?? fields.path ?? fields.name
    }
    return ToolInput(
      text: text ?? value.abbreviated, path: fields.path, pattern: fields.pattern, range: fields.range,
      leavesSandbox: fields.leavesSandbox, digest: value.digest)
  }

  /// A patch is about the files that it names.
  static func patch(_ text: String, digest: UInt64) -> ToolInput {
    let paths = PatchText.paths(in: text)
    return ToolInput(
      text: paths.isEmpty ? String(text.prefix(400)) : paths.joined(separator: " "), path: paths.first, digest: digest)
  }

  private struct Fields {
    var command: String?
    var patch: String?
    var path: String?
    var pattern: String?
    var address: String?
    var name: String?
    var range: String?
    var leavesSandbox = false

    mutating func read(_ key: JSONSlice, _ value: JSONSlice) {
      guard let digest = key.digest(limit: .max) else { return }
      switch Self.meanings[digest] {
      case .command: command = command ?? Self.text(value)
      case .path: path = path ?? value.string(limit: 4096)
      case .pattern: pattern = pattern ?? value.string(limit: 4096)
      case .patch: patch = patch ?? value.string(limit: 1 << 20)
      case .address: address = value.string(limit: 4096)
      case .name: name = name ?? value.string(limit: 256)
      // Whoever gives a part gives two numbers.
      case .range where (range?.utf8.count ?? 0) < 1024:
        let part = "\(key.string ?? "")=\(value.int.map(String.init) ?? value.abbreviated)"
        range = range.map { "\($0) \(part)" } ?? part
      case .sandbox: leavesSandbox = value.bool ?? (value.string(limit: 64) == ToolInputReader.escalation)
      case .range, nil: break
      }
    }

    private enum Meaning { case command, path, pattern, patch, address, name, range, sandbox }

    /// What the agents call these fields, by a digest of the name.
    private static let meanings: [UInt64: Meaning] = [
      Meaning.command: ["command", "cmd", "commands", "script", "chars"],
      .path: [
        "file_path", "filePath", "path", "absolute_path", "target_file", "notebook_path", "dir_path", "directory",
      ],
      .pattern: ["pattern", "regex", "query", "glob_pattern"],
      .patch: ["input", "patch", "patchText"],
      .address: ["url"],
      .name: ["skill", "subagent_type", "agent_type", "task_id"],
      .range: ["offset", "limit", "start_line", "end_line", "view_range"],
      // Codex CLI, in two versions, and Claude Code.
      .sandbox: ["sandbox_permissions", "with_escalated_permissions", "dangerouslyDisableSandbox"],
    ].reduce(into: [:]) { meanings, names in
      for name in names.value { meanings[Digest(of: name).value] = names.key }
    }

    /// A command as one string, or the last word of an argument list such as `["bash", "-lc", "…"]`.
    private static func text(_ value: JSONSlice) -> String? {
      if value.kind == .string { return value.string(limit: ToolInputReader.textLimit) }
      var words: [String] = []
      value.forEachElement { word in
        if let word = word.string(limit: ToolInputReader.textLimit) { words.append(word) }
      }
      if words.count >= 3, words.dropFirst().dropLast().contains(where: isCommandFlag) { return words.last }
      return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// `-c` and `-lc` of POSIX shells, `-Command` of PowerShell, `/c` of cmd.exe: a whole command line follows.
    private static func isCommandFlag(_ word: String) -> Bool {
      if word.hasPrefix("-"), word.hasSuffix("c") { return true }
      return ["-command", "/c"].contains(word.lowercased())
    }
  }
}

extension JSONSlice {
  /// The value as it stands in the log, cut to a length that can be shown.
  var abbreviated: String { unsafe String(decoding: bytes.prefix(400), as: UTF8.self) }

  /// Whether the text of the value, undecoded, holds these bytes.
  func contains(_ text: StaticString) -> Bool { unsafe bytes.firstRange(of: text) != nil }

  var digest: UInt64 {
    var digest = QuickDigest()
    unsafe digest.add(bytes)
    return UInt64(bitPattern: digest.key)
  }

  /// A digest of what `string(limit:)` says; nil for other kinds.
  func digest(limit: Int) -> UInt64? {
    guard let text = unsafe plainText(limit: limit) else { return string(limit: limit).map { Digest(of: $0).value } }
    var digest = Digest()
    for index in text.indices { unsafe digest.add(text[index]) }
    return digest.value
  }

  /// The text of a content field: a string, or the text parts of a list of blocks.
  func contentText() -> [UInt8] {
    switch kind {
    case .string: return decoded()
    case .array:
      var text: [UInt8] = []
      forEachElement { block in
        let part = block.kind == .string ? block : block["text"] ?? block["content"]
        guard let part else { return }
        if !text.isEmpty { text.append(10) }
        text += part.contentText()
      }
      return text
    case .object: return (self["text"] ?? self["content"] ?? self["output"])?.contentText() ?? []
    case .number, .bool, .null: return []
    }
  }
}
