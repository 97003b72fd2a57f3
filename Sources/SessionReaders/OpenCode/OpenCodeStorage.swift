internal import SessionModel

/// The storage before the database: `storage/session/<project>/<session>.json`, `storage/message/<session>/<message>.json`
/// and `storage/part/<message>/<part>.json`. It may stay behind when its sessions were moved into the database.
enum OpenCodeStorage {
  static func sessions(in home: String, _ listing: inout FolderListing) -> [FolderListing.File] {
    let folder = home + "/storage/session"
    return listing.exists(folder) ? listing.files(below: folder) { $0.hasSuffix(".json") } : []
  }

  static func read(
    _ file: LogFile, _ reader: inout OpenCodeReader, into sink: inout some SessionSink
  ) throws(ReadError) -> FileSummary {
    guard let mark = file.path.range(of: "/storage/session/", last: true) else { return reader.finish(issues: []) }
    let storage = file.path[..<mark.lowerBound] + "/storage/"
    let session = String(PathText.name(of: file.path).dropLast(5))
    var issues: [LogIssue] = []
    if try document(file.path, { reader.begin($0) }) == nil { issues.append(issue(file.path)) }
    var listing = FolderListing()
    var line = 0
    let messages = storage + "message/" + session
    for message in listing.exists(messages) ? listing.files(below: messages, where: { $0.hasSuffix(".json") }) : [] {
      let id = String(message.name.dropLast(5))
      if try document(message.path, { reader.message($0, id: id) }) == nil { issues.append(issue(message.path)) }
      let parts = storage + "part/" + id
      for part in listing.exists(parts) ? listing.files(below: parts, where: { $0.hasSuffix(".json") }) : [] {
        line += 1
        if try document(part.path, { reader.part($0, message: id, line: line, into: &sink) }) == nil {
          issues.append(issue(part.path))
        }
      }
    }
    return reader.finish(issues: issues + listing.issues)
  }

  private static func document(_ path: String, _ body: (JSONSlice) -> Void) throws(ReadError) -> Void? {
    let bytes = try LogBytes.whole(path, limit: 64 << 20)
    return JSONSlice.read(bytes) { value, _ -> Void? in value.kind == .object ? body(value) : nil }
  }

  private static func issue(_ path: String) -> LogIssue {
    LogIssue(
      .malformedLine, at: LogLocation(file: path, line: 1), reason: "this is not a JSON document; it was left out")
  }
}
