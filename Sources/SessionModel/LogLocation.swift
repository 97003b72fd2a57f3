/// Where a value stands in a log: kept from the first byte read to the last line written.
public struct LogLocation: Hashable, Sendable, Codable {
  /// Path of the log file.
  public var file: String
  /// Line in the file, counted from 1.
  public var line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

extension LogLocation: Comparable {
  public static func < (left: LogLocation, right: LogLocation) -> Bool {
    (left.file, left.line) < (right.file, right.line)
  }
}

extension LogLocation: CustomStringConvertible {
  public var description: String { "\(file):\(line)" }
}

/// Bad input that is reported and gone on from.
public struct LogIssue: Hashable, Sendable {
  /// What kind of bad input it was. The raw value is the key in the JSON output.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// A line that is not a JSON object.
    case malformedLine = "malformed_lines"
    /// The last line of a file ends in the middle of a record: the session was cut off while it was written.
    case tornLine = "torn_lines"
    /// A file or folder that could not be opened or read.
    case unreadableFile = "unreadable_files"
    /// A line over the limit of the reader, skipped whole.
    case oversizedLine = "oversized_lines"
    /// A plugin of others that could not be run, or did not do what plugins do.
    case pluginFailure = "plugin_failures"
  }

  public var kind: Kind
  public var location: LogLocation
  /// One sentence for a person.
  public var reason: String

  public init(_ kind: Kind, at location: LogLocation, reason: String) {
    self.kind = kind
    self.location = location
    self.reason = reason
  }
}
