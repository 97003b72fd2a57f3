internal import SessionModel

/// The messages of chat APIs, which several agents keep as they are: calls in `tool_calls` of the model, results as
/// messages of the role `tool`.
extension SessionAssembler {
  /// - Returns: Whether the message holds calls, or is a result.
  mutating func chatMessage(
    _ message: JSONSlice, line: Int, time: String = "", into sink: inout some SessionSink,
    ending: (_ id: String, [UInt8], ToolKind) -> CallEnding
  ) -> Bool {
    switch message["role"]?.string(limit: 64) {
    case "assistant":
      guard let calls = message["tool_calls"], calls.kind == .array else { return false }
      var found = false
      calls.forEachElement { call in
        guard let function = call["function"] else { return }
        found = true
        self.call(
          call["id"]?.string(limit: 256), name: function["name"]?.string(limit: 256) ?? "",
          arguments: function["arguments"], line: line, time: time)
      }
      return found
    case "tool":
      guard let id = message["tool_call_id"]?.string(limit: 256) else { return false }
      let raw = message["content"]?.contentText() ?? []
      result(of: id, line: line, time: time, into: &sink) { ending(id, raw, $0) }
      return true
    default: return false
    }
  }
}
