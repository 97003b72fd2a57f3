/// Something wrong in a rule file, with its place and what to write instead.
public struct RuleFault: Error, Hashable, Sendable {
  public var source: RuleSource
  /// What is wrong and what to write instead.
  public var message: String
  /// The line of the file that it stands in, where there is one.
  public var excerpt: String?
  public var severity: Severity

  /// How bad it is.
  public enum Severity: Sendable {
    /// The rule works, but not as well as it could.
    case warning
    /// The file cannot be used.
    case error
  }

  public init(_ message: String, at source: RuleSource, excerpt: String? = nil, severity: Severity = .error) {
    self.message = message
    self.source = source
    self.excerpt = excerpt
    self.severity = severity
  }
}

extension RuleFault: CustomStringConvertible {
  /// `file:line:column: message`, then the line with a caret below the fault.
  public var description: String {
    let kind = severity == .warning ? "warning: " : ""
    var text = "\(source.file):\(source.line):\(source.column): \(kind)\(message)"
    if let excerpt {
      // A tab before the fault moves the caret as it moves the line.
      let indent = String(excerpt.unicodeScalars.prefix(max(0, source.column - 1)).map { $0 == "\t" ? "\t" : " " })
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
