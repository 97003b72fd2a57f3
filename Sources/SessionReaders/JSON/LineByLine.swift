internal import SessionModel

/// Turns the records of a log of JSON lines into events, and can stop between two lines: the fields that it stores are
/// all that it knows.
protocol LineByLine {
  mutating func handle(_ record: JSONSlice, line: Int, into sink: inout some SessionSink)
  mutating func finish(issues: [LogIssue], into sink: inout some SessionSink) -> FileSummary
  /// Goes over everything but the file.
  mutating func visit(_ fields: inout StoredFields)
}

extension LineByLine {
  /// Reads a log from its start or from where it was left.
  mutating func read(
    _ file: LogFile, starts: [StaticString], field: StaticString, after point: ReadingPoint? = nil,
    into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    var start = LineStart()
    var issues: [LogIssue] = []
    if let point {
      start = LineStart(offset: point.offset, line: point.line)
      guard let known = restore(point.state) else {
        throw ReadError(path: file.path, reason: "what was kept of it cannot be used")
      }
      issues = known
    }
    var records = try RecordReader(file, starts: starts, field: field, from: start)
    // A line that has no end yet may be written anew: what it says comes after the point.
    var isPaused = !sink.keepsPoints || file.copy != nil || file.path.hasSuffix(".zst")
    while let record = try records.next() {
      if !isPaused, records.isOnOpenLine {
        isPaused = true
        pause(records.wholeEnd, issues + records.issues, into: &sink)
      }
      handle(record.slice, line: record.line, into: &sink)
    }
    if !isPaused { pause(records.wholeEnd, issues + records.issues, into: &sink) }
    return finish(issues: issues + records.issues, into: &sink)
  }

  private mutating func pause(_ end: LineStart?, _ issues: [LogIssue], into sink: inout some SessionSink) {
    guard let end else { return }
    var fields = StoredFields(.writing)
    var known = issues.filter { $0.location.line <= end.line }
    fields.visit(&known)
    visit(&fields)
    sink.pause(at: ReadingPoint(offset: end.offset, line: end.line, state: fields.written))
  }

  /// - Returns: The issues of the lines before; nil when the state is not one of this reader.
  private mutating func restore(_ state: [UInt8]) -> [LogIssue]? {
    var fields = StoredFields(reading: state)
    var issues: [LogIssue] = []
    fields.visit(&issues)
    visit(&fields)
    return fields.isReadWell ? issues : nil
  }
}
