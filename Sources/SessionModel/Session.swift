/// A log file that a plugin found, or one session in a file that holds many.
public struct LogFile: Sendable, Hashable {
  public var path: String
  /// Which session of the file, where it holds more than one.
  public var session: String?
  /// Where the bytes are when they are not read from `path` itself: a copy of a database that is in use.
  public var copy: String?
  /// Size in bytes when it was found.
  public var size: Int
  /// Set for the log of a subagent.
  public var isSubagent: Bool
  /// The project folder as the place of the log tells it; used only when no record names a working directory.
  public var projectHint: String?
  /// Files with one group belong to one project, such as the logs in one folder.
  public var group: String

  public init(
    path: String, session: String? = nil, copy: String? = nil, size: Int, isSubagent: Bool = false,
    projectHint: String? = nil, group: String
  ) {
    self.path = path
    self.session = session
    self.copy = copy
    self.size = size
    self.isSubagent = isSubagent
    self.projectHint = projectHint
    self.group = group
  }
}

/// What is known of a session before its calls.
public struct SessionInfo: Sendable, Hashable {
  public var id: String
  /// The session that started this one; nil for a session of a person. Where a subagent's records carry the id of their
  /// parent, the log file says that it is a subagent's.
  public var parentID: String?
  /// The first working directory that a record names.
  public var workingDirectory: String?
  /// ISO 8601 of the first and last record with a time; empty when unknown.
  public var firstSeen: String
  public var lastSeen: String

  public init(
    id: String = "", parentID: String? = nil, workingDirectory: String? = nil, firstSeen: String = "",
    lastSeen: String = ""
  ) {
    self.id = id
    self.parentID = parentID
    self.workingDirectory = workingDirectory
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
  }

  /// Takes a time of the log into account: clocks may go backwards.
  public mutating func note(_ time: String) {
    guard !time.isEmpty else { return }
    // Most records come after all before them.
    if time > lastSeen {
      lastSeen = time
      if firstSeen.isEmpty { firstSeen = time }
    } else if time < firstSeen {
      firstSeen = time
    }
  }
}

/// Something that a person typed.
public struct UserMessage: Sendable, Hashable {
  public var text: String
  public var location: LogLocation
  public var timestamp: String

  public init(text: String, location: LogLocation, timestamp: String) {
    self.text = text
    self.location = location
    self.timestamp = timestamp
  }
}

/// What a reader hands on, in the order of the log: a call when its result is there.
public enum SessionEvent: Sendable {
  case call(ToolCall)
  case message(UserMessage)
}

/// Receives what a reader finds, in the order of the log.
public protocol SessionSink {
  mutating func accept(_ event: SessionEvent)
  /// How many bytes it looks at of the output of a call that succeeded. A reader may leave out what comes long after.
  /// - Parameter bytes: How long the output is.
  func reach(intoOutputOf tool: ToolKind, bytes: Int) -> Int
  /// Whether it wants to know where the reading can go on later.
  var keepsPoints: Bool { get }
  /// Every whole line of the log has been handed on: from here the reading can go on when the log has grown.
  mutating func pause(at point: ReadingPoint)
}

extension SessionSink {
  public func reach(intoOutputOf tool: ToolKind, bytes: Int) -> Int { .max }
  public var keepsPoints: Bool { false }
  public mutating func pause(at point: ReadingPoint) {}
}

/// Where the reading of a log stopped between two lines, and what its reader knew there.
public struct ReadingPoint: Sendable, Hashable {
  /// The bytes and lines before it.
  public var offset: Int
  public var line: Int
  /// Understood by the reader alone.
  public var state: [UInt8]

  public init(offset: Int, line: Int, state: [UInt8]) {
    self.offset = offset
    self.line = line
    self.state = state
  }
}

/// What the reader of one file leaves besides its events.
public struct FileSummary: Sendable {
  public var session: SessionInfo
  public var issues: [LogIssue]
  /// Calls whose result is not in this file.
  public var openCalls: [ToolCall]
  /// Results whose call is not in this file, as calls without a name.
  public var looseResults: [ToolCall]
  /// Tokens per message, by a digest of the message id: counted once however often the message is repeated.
  public var usage: [UInt64: TokenUsage]

  public init(
    session: SessionInfo = SessionInfo(), issues: [LogIssue] = [], openCalls: [ToolCall] = [],
    looseResults: [ToolCall] = [], usage: [UInt64: TokenUsage] = [:]
  ) {
    self.session = session
    self.issues = issues
    self.openCalls = openCalls
    self.looseResults = looseResults
    self.usage = usage
  }
}

/// Tokens of one model message.
public struct TokenUsage: Sendable, Hashable, Codable {
  /// Everything that was sent, cached or not.
  public var input: Int
  public var output: Int

  public init(input: Int = 0, output: Int = 0) {
    self.input = input
    self.output = output
  }
}
