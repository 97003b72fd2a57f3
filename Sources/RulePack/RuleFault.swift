/// Something wrong in a rule file, with its place and what to write instead.
public struct RuleFault: Error, Hashable, Sendable {
  public var source: RuleSource
  /// What is wrong and what to write instead.
  public var message: String
  /// The line of the file that it stands in, where there is one.
  public var excerpt: String?

  public init(_ message: String, at source: RuleSource, excerpt: String? = nil) {
    self.message = message
    self.source = source
    self.excerpt = excerpt
  }
}

extension RuleFault: CustomStringConvertible {
  /// `file:line:column: message`, then the line with a caret below the fault.
  public var description: String {
    var text = "\(source.file):\(source.line):\(source.column): \(message)"
    if let excerpt {
      let indent = String(repeating: " ", count: max(0, source.column - 1))
      text += "\n  \(excerpt)\n  \(indent)^"
    }
    return text
  }
}

/// All faults of the files that were read.
public struct RuleFaults: Error, Sendable, CustomStringConvertible {
  public var faults: [RuleFault]

  public init(_ faults: [RuleFault]) { self.faults = faults }

  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
