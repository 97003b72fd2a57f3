internal import SessionModel

/// Reads a log that is one JSON document with a list of records in it, record by record: a document that is cut off, as
/// when it is still being written, gives those before the cut.
struct ListDocument {
  private let file: String
  private let bytes: [UInt8]
  private var position = 0
  private var counted = 0
  private var line = 1
  private var issues: [LogIssue] = []

  /// - Parameters:
  ///   - list: The member that holds the records; the document may also be the list itself.
  ///   - field: Takes the other members, in the order of the document.
  ///   - record: Takes the records with their lines.
  /// - Returns: What is wrong with the document.
  /// - Throws: `ReadError` when the file cannot be read at all.
  static func read(
    _ file: LogFile, list: StaticString, field: (_ key: JSONSlice, _ value: JSONSlice) -> Void = { _, _ in },
    record: (JSONSlice, _ line: Int) -> Void
  ) throws(ReadError) -> [LogIssue] {
    var document = ListDocument(file: file.path, bytes: try LogBytes.whole(file.copy ?? file.path))
    document.walk(list, field, record)
    return document.issues
  }

  private init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  private mutating func walk(
    _ list: StaticString, _ field: (JSONSlice, JSONSlice) -> Void, _ record: (JSONSlice, Int) -> Void
  ) {
    let bytes = bytes
    switch next() {
    case nil: return
    case UInt8(ascii: "["): return records(record)
    case UInt8(ascii: "{"): position += 1
    default: return report(.malformedLine, "this is not a JSON document")
    }
    while let byte = next(), byte != UInt8(ascii: "}") {
      let key = position
      guard let end = JSONSlice.read(bytes, from: key, { key, end in key.kind == .string ? end : nil }) else { break }
      position = end
      let isList =
        next() == UInt8(ascii: "[") && JSONSlice.read(bytes, from: key) { key, _ in key.equals(list) } == true
      if isList {
        records(record)
        continue
      }
      let value = position
      let read = JSONSlice.read(bytes, from: key) { key, _ in
        JSONSlice.read(bytes, from: value) { value, end in
          field(key, value)
          return end
        }
      }
      guard let read else { break }
      position = read
    }
    if next() != UInt8(ascii: "}") { cutOff() }
  }

  private mutating func records(_ record: (JSONSlice, Int) -> Void) {
    position += 1
    while let byte = next(), byte != UInt8(ascii: "]") {
      let line = lineHere()
      let read = JSONSlice.read(bytes, from: position) { value, end in
        if value.kind == .object { record(value, line) }
        return (end: end, isRecord: value.kind == .object)
      }
      guard let read else { return cutOff() }
      if !read.isRecord { report(.malformedLine, "this is not a JSON record; it was left out") }
      position = read.end
    }
    if position < bytes.count { position += 1 } else { cutOff() }
  }

  /// The next byte that is neither space nor a sign between values.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte <= 32 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") else { return byte }
      position += 1
    }
    return nil
  }

  private mutating func lineHere() -> Int {
    while counted < position {
      if bytes[counted] == 10 { line += 1 }
      counted += 1
    }
    return line
  }

  /// Nothing is read behind the cut.
  private mutating func cutOff() {
    if !issues.contains(where: { $0.kind == .tornLine }) { report(.tornLine, "the document is cut off") }
    position = bytes.count
  }

  private mutating func report(_ kind: LogIssue.Kind, _ reason: String) {
    issues.append(LogIssue(kind, at: LogLocation(file: file, line: lineHere()), reason: reason))
  }
}
