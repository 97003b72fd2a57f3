internal import SessionModel

/// Code mode: the model writes JavaScript that calls the tools. The commands in it are what the call is about.
enum CodexScript {
  /// The shell commands that a script runs, in order.
  static func commands(in script: String) -> [String] {
    let bytes = Array(script.utf8)
    var commands: [String] = []
    let names: [StaticString] = ["exec_command(", "shell_command("]
    /// Where each of them stands next.
    var calls = names.map { find($0, in: bytes, from: 0) }
    while let call = calls.compactMap(\.self).min() {
      for index in names.indices where calls[index] == call { calls[index] = find(names[index], in: bytes, from: call) }
      guard let value = value(ofKeys: ["cmd", "command"], in: bytes, from: call),
        let text = literal(in: bytes, at: value)
      else { continue }
      commands.append(text)
    }
    return commands
  }

  static func input(_ script: String) -> (tool: ToolKind, input: ToolInput, commands: [String]) {
    let digest = Digest(of: script).value
    let commands = commands(in: script)
    if !commands.isEmpty {
      let input = ToolInput(
        text: commands.joined(separator: "\n"), leavesSandbox: script.holds(ToolInputReader.escalation), digest: digest)
      return (.shell, input, commands)
    }
    if script.range(of: "*** Begin Patch") != nil {
      let patch = script.split(separator: "\\n").joined(separator: "\n")
      return (.patch, ToolInputReader.patch(patch, digest: digest), [])
    }
    return (.other, ToolInput(text: String(script.prefix(400)), digest: digest), [])
  }

  /// The place behind a text that ends before the limit.
  private static func find(_ text: StaticString, in bytes: [UInt8], from start: Int, before limit: Int = .max) -> Int? {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      let part = unsafe UnsafeBufferPointer(rebasing: bytes[..<min(bytes.count, limit)])
      return unsafe part.firstRange(of: text, from: start).map { $0 + text.utf8CodeUnitCount }
    }
  }

  /// The place of the value of the first of some keys in the object literal that starts near `start`. Keys may be bare or
  /// quoted.
  private static func value(ofKeys keys: [StaticString], in bytes: [UInt8], from start: Int) -> Int? {
    let limit = min(bytes.count, start + 4096)
    return keys.compactMap { key -> Int? in
      guard let end = find(key, in: bytes, from: start, before: limit) else { return nil }
      var index = end
      while index < limit, [32, 10, 13, 34, 39].contains(bytes[index]) { index += 1 }
      guard index < limit, bytes[index] == UInt8(ascii: ":") else { return nil }
      index += 1
      while index < limit, bytes[index] == 32 || bytes[index] == 10 { index += 1 }
      return index
    }.min()
  }

  /// The text of a string literal with any of the three quotes; nil when something else stands there.
  private static func literal(in bytes: [UInt8], at start: Int) -> String? {
    guard start < bytes.count, [34, 39, 96].contains(bytes[start]) else { return nil }
    let quote = bytes[start]
    var text: [UInt8] = []
    var index = start + 1
    while index < bytes.count, bytes[index] != quote {
      if bytes[index] == 92, index + 1 < bytes.count {
        index += 1
        text.append(bytes[index] == UInt8(ascii: "n") ? 10 : bytes[index] == UInt8(ascii: "t") ? 9 : bytes[index])
      } else {
        text.append(bytes[index])
      }
      index += 1
    }
    return index < bytes.count ? String(decoding: text, as: UTF8.self) : nil
  }
}

/// What a script printed, with the results of its commands (`{"exit_code":1,"output":"…"}`) unpacked.
struct CodexScriptOutput {
  private(set) var statuses: [Int] = []
  private var lines: [String] = []

  var text: String { lines.joined(separator: "\n") }

  mutating func add(_ part: String) {
    let bytes = Array(part.utf8)
    var start = 0
    while start < bytes.count {
      if bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "["),
        let end = JSONSlice.read(bytes, from: start, { value, end in results(in: value) ? end : nil })
      {
        start = end
        while start < bytes.count, bytes[start] == 10 { start += 1 }
        continue
      }
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      lines.append(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end + 1
    }
  }

  private mutating func results(in value: JSONSlice) -> Bool {
    if value.kind == .array {
      var isResult = false
      var found = self
      value.forEachElement { element in isResult = found.results(in: element) || isResult }
      if isResult { self = found }
      return isResult
    }
    let result = value["value"] ?? value
    guard let status = result["exit_code"]?.int, let output = result["output"] else { return false }
    statuses.append(status)
    let text = OutputText.clean(output.decoded())
    if !text.isEmpty { lines.append(text) }
    return true
  }
}
