internal import SessionModel

/// A JSON object on a line of a log. Valid until the next one is asked for.
@safe struct LogRecord {
  let slice: JSONSlice
  let line: Int
}

/// Reads a log of JSON lines record by record and keeps account of what is not a record.
@safe struct RecordReader: ~Copyable {
  private let path: String
  /// How records of this agent begin: where whole records are glued behind a torn one, they are found by this.
  private let starts: [StaticString]
  /// A field that every record has, and nothing inside one.
  private let field: StaticString
  private var lines: LineReader
  private let tape = JSONTape()
  private var line: UnsafeBufferPointer<UInt8>?
  private var isTerminated = true
  private var isReported = false
  private var number = 0
  private var position = 0
  /// For each of `starts` where the next record that begins so stands on this line, the end of the line when there is none:
  /// a line of nothing but torn records is not searched again and again.
  private var glued: [Int] = []
  private(set) var issues: [LogIssue] = []
  /// Behind the last line that ends in a line feed; nil when that is not known. Whoever writes a log may still be at work
  /// on what comes after it.
  private(set) var wholeEnd: LineStart?
  /// Whether the last record stands on a line without an end.
  var isOnOpenLine: Bool { !isTerminated }
  /// Where the line of the last record begins.
  private(set) var lineStart = LineStart()

  /// - Throws: `ReadError` when the file cannot be opened.
  init(path: String, starts: [StaticString], field: StaticString) throws(ReadError) {
    try self.init(LogFile(path: path, size: 0, group: ""), starts: starts, field: field)
  }

  /// - Parameter start: Where to begin, when not at the start of the file.
  /// - Throws: `ReadError` when the file cannot be opened.
  init(
    _ file: LogFile, starts: [StaticString], field: StaticString, from start: LineStart = LineStart()
  ) throws(ReadError) {
    path = file.path
    self.starts = starts
    self.field = field
    lines = try LineReader(path: file.copy ?? file.path, from: start)
    wholeEnd = start
  }

  /// - Returns: nil at the end.
  /// - Throws: `ReadError` when not even the start can be read; what fails later is an issue, so that the records before
  ///   it are not lost.
  mutating func next() throws(ReadError) -> LogRecord? {
    while true {
      if let line = unsafe line, let record = unsafe nextRecord(in: line) { return record }
      let next: LineReader.Line?
      lineStart = lines.position
      do throws(ReadError) {
        next = try lines.next()
      } catch {
        guard number > 0 else { throw error }
        report(.unreadableFile, "\(error.reason); the rest was left out")
        wholeEnd = nil
        return nil
      }
      switch next {
      case nil: return nil
      case .oversized(let number):
        self.number = number
        unsafe line = nil
        wholeEnd = nil
        report(.oversizedLine, "longer than \(LineReader.lineLimit >> 20) MiB; it was left out")
      case .bytes(let bytes, let number, let isTerminated):
        self.number = number
        self.isTerminated = isTerminated
        wholeEnd = isTerminated ? lines.position : lineStart
        unsafe line = bytes
        position = 0
        glued = []
        isReported = false
      }
    }
  }

  /// The next record on a line: there may be more than one, whole or behind a torn one, as when a session that crashed
  /// was resumed.
  private mutating func nextRecord(in bytes: UnsafeBufferPointer<UInt8>) -> LogRecord? {
    while let start = unsafe bytes[position...].firstIndex(where: { $0 != 32 && $0 != 9 && $0 != 13 }) {
      position = start
      if let record = unsafe JSONSlice(in: bytes, at: &position, tape: tape), record.kind == .object {
        return LogRecord(slice: record, line: number)
      }
      if !isReported {
        isReported = true
        if unsafe isTerminated || bytes[start] != UInt8(ascii: "{") {
          report(.malformedLine, "this is not a JSON record; it was left out")
        } else {
          report(.tornLine, "the last record is cut off, as when a session is still being written")
        }
      }
      guard let glued = unsafe gluedRecord(in: bytes, behind: start) else { break }
      position = glued
    }
    unsafe line = nil
    return nil
  }

  /// The next record that starts inside a torn one: what the torn one itself holds has not all fields.
  private mutating func gluedRecord(in bytes: UnsafeBufferPointer<UInt8>, behind torn: Int) -> Int? {
    if glued.isEmpty { glued = starts.map { _ in torn } }
    for index in starts.indices where glued[index] <= torn {
      glued[index] = unsafe firstRecord(in: bytes, from: torn + 1, startingWith: starts[index]) ?? bytes.count
    }
    return glued.min().flatMap { $0 < bytes.count ? $0 : nil }
  }

  private func firstRecord(
    in bytes: UnsafeBufferPointer<UInt8>, from first: Int, startingWith start: StaticString
  ) -> Int? {
    var from = first
    while let found = unsafe bytes.firstRange(of: start, from: from) {
      var position = found
      if let record = unsafe JSONSlice(in: bytes, at: &position), record[field] != nil { return found }
      from = found + 1
    }
    return nil
  }

  private mutating func report(_ kind: LogIssue.Kind, _ reason: String) {
    issues.append(LogIssue(kind, at: LogLocation(file: path, line: number), reason: reason))
  }
}
