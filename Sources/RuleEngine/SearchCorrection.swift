internal import RulePack
internal import SessionModel

/// Finds the folder in which a search that came back empty was successful.
struct SearchCorrection {
  private var tool: ToolKind
  private var pattern: String
  private var scope: String

  init?(_ call: ToolCall, _ category: Category) {
    guard category == .noMatches, call.tool == .grep || call.tool == .glob, let pattern = call.input.pattern,
      let scope = Self.scope(of: call)
    else { return nil }
    tool = call.tool
    self.pattern = pattern
    self.scope = scope
  }

  /// Looks at a call that succeeded.
  func look(at call: ToolCall) -> Correction? {
    guard call.tool == tool, call.input.pattern == pattern, let found = Self.scope(of: call), found != scope,
      // The same search in all of it says nothing of where it was.
      !scope.hasPrefix(found + "/"), !Self.isFile(scope), !Self.isFile(found)
    else { return nil }
    return Correction(kind: .path, from: scope, text: found, callID: call.id, confidence: 0.8)
  }

  /// As far as the name tells.
  private static func isFile(_ path: String) -> Bool { PathText.name(of: path).dropFirst().contains(".") }

  private static func scope(of call: ToolCall) -> String? {
    call.input.path.map { PathText.resolved($0, in: call.workingDirectory) } ?? call.workingDirectory
  }
}

extension SearchCorrection: Stored {
  static var blank: SearchCorrection { SearchCorrection() }

  private init() { (tool, pattern, scope) = (.other, "", "") }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&tool)
    fields.visit(&pattern)
    fields.visit(&scope)
  }
}
