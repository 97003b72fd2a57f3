extension LogLocation: Stored {
  public static var blank: LogLocation { LogLocation(file: "", line: 0) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&file)
    fields.visit(&line)
  }
}

extension LogIssue: Stored {
  public static var blank: LogIssue { LogIssue(.malformedLine, at: .blank, reason: "") }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&kind)
    fields.visit(&location)
    fields.visit(&reason)
  }
}

extension SessionInfo: Stored {
  public static var blank: SessionInfo { SessionInfo() }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&id)
    fields.visit(&parentID)
    fields.visit(&workingDirectory)
    fields.visit(&firstSeen)
    fields.visit(&lastSeen)
  }
}

extension FileSummary: Stored {
  public static var blank: FileSummary { FileSummary() }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&session)
    fields.visit(&issues)
    fields.visit(&openCalls)
    fields.visit(&looseResults)
    fields.visit(&usage)
  }
}

extension TokenUsage: Stored {
  public static var blank: TokenUsage { TokenUsage() }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&input)
    fields.visit(&output)
  }
}

extension ToolInput: Stored {
  public static var blank: ToolInput { ToolInput(text: "") }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&text)
    fields.visit(&path)
    fields.visit(&pattern)
    fields.visit(&range)
    fields.visit(&leavesSandbox)
    fields.visit(&digest)
  }
}

extension ToolCall: Stored {
  public static var blank: ToolCall {
    ToolCall(id: "", tool: .other, toolName: "", input: .blank, location: .blank)
  }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&id)
    fields.visit(&tool)
    fields.visit(&toolName)
    fields.visit(&input)
    fields.visit(&output)
    fields.visit(&outputBytes)
    fields.visit(&outcome)
    fields.visit(&exitStatus)
    fields.visit(&feedback)
    fields.visit(&workingDirectory)
    fields.visit(&isSidechain)
    fields.visit(&location)
    fields.visit(&resultLine)
    fields.visit(&timestamp)
    fields.visit(&outputTokens)
  }
}

extension ReadingPoint: Stored {
  public static var blank: ReadingPoint { ReadingPoint(offset: 0, line: 0, state: []) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&offset)
    fields.visit(&line)
    fields.visit(&state)
  }
}
