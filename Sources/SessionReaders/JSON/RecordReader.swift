internal import SessionModel

/// A JSON object on a line of a log. Valid until the next one is asked for.
@safe struct LogRecord {
  let slice: JSONSlice
  let line: Int
}

/// Reads a log of JSON lines record by record and keeps account of what is not a record.
@safe struct RecordReader: ~Copyable {
  private let path: String
  /// How records of this agent begin: where a whole record is glued behind a torn one, it is found by this.
  private let starts: [StaticString]
  private var lines: LineReader
  private var line: UnsafeBufferPointer<UInt8>?
  private var number = 0
  private var position = 0
  private(set) var issues: [LogIssue] = []

  /// - Throws: `ReadError` when the file cannot be opened.
  init(path: String, starts: [StaticString]) throws(ReadError) {
    self.path = path
    self.starts = starts
    lines = try LineReader(path: path)
  }

  /// - Returns: nil at the end.
  /// - Throws: `ReadError` when not even the start can be read; what fails later is an issue, so that the records before
  ///   it are not lost.
  mutating func next() throws(ReadError) -> LogRecord? {
    while true {
      if let line = unsafe line {
        // Another record may follow on the same line.
        if position < line.count, let record = unsafe JSONSlice(in: line, at: &position), record.kind == .object {
          return LogRecord(slice: record, line: number)
        }
        unsafe self.line = nil
      }
      let next: LineReader.Line?
      do throws(ReadError) {
        next = try lines.next()
      } catch {
        guard number > 0 else { throw error }
        report(.unreadableFile, line: number, "\(error.reason); the rest was left out")
        return nil
      }
      switch next {
      case nil: return nil
      case .oversized(let number):
        self.number = number
        report(.oversizedLine, line: number, "longer than \(LineReader.lineLimit >> 20) MiB; it was left out")
      case .bytes(let bytes, let number, let isTerminated):
        self.number = number
        if let record = unsafe firstRecord(in: bytes, isTerminated: isTerminated) { return record }
      }
    }
  }

  private mutating func firstRecord(in bytes: UnsafeBufferPointer<UInt8>, isTerminated: Bool) -> LogRecord? {
    guard unsafe bytes.contains(where: { $0 != 32 && $0 != 9 && $0 != 13 }) else { return nil }
    position = 0
    if let record = unsafe JSONSlice(in: bytes, at: &position), record.kind == .object {
      unsafe line = bytes
      return LogRecord(slice: record, line: number)
    }
    if unsafe isTerminated || bytes[0] != UInt8(ascii: "{") {
      report(.malformedLine, line: number, "this is not a JSON record; it was left out")
    } else {
      report(.tornLine, line: number, "the last record is cut off, as when a session is still being written")
    }
    return unsafe gluedRecord(in: bytes).map { LogRecord(slice: $0, line: number) }
  }

  /// The whole record behind a torn one, as it stands when a session that crashed is resumed.
  private func gluedRecord(in bytes: UnsafeBufferPointer<UInt8>) -> JSONSlice? {
    for start in starts {
      var from = 1
      while let found = unsafe bytes.firstRange(of: start, from: from) {
        var position = found
        if let record = unsafe JSONSlice(in: bytes, at: &position), record.kind == .object,
          position >= bytes.count - 1
        {
          return record
        }
        from = found + 1
      }
    }
    return nil
  }

  private mutating func report(_ kind: LogIssue.Kind, line: Int, _ reason: String) {
    issues.append(LogIssue(kind, at: LogLocation(file: path, line: line), reason: reason))
  }
}
