/// A file as it was at one moment.
struct Snapshot: Sendable {
  var bytes: [UInt8]
  var status: FileStatus
}

extension SystemCalls {
  /// More than this is no context file.
  static let mostBytes = 64 * 1_048_576

  /// The file's bytes, or nil when there is none.
  func snapshot(_ location: Location, most limit: Int = Self.mostBytes) throws(WriteError) -> Snapshot? {
    let file: Int32
    do {
      file = try open(location.real, .reading)
    } catch {
      if error.isMissing { return nil }
      throw error.isLoop ? .notAFile(path: location.path) : WriteError(error, location.path)
    }
    defer { close(file) }
    let status = try on(location.path) { () throws(CallFailure) in try self.status(file) }
    guard status.kind == .regular else { throw .notAFile(path: location.path) }
    return Snapshot(bytes: try readAll(file, of: location, most: limit), status: status)
  }

  func readAll(
    _ file: Int32, of location: Location, most limit: Int = Self.mostBytes
  ) throws(WriteError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let part = try on(location.path) { () throws(CallFailure) in try read(file, 1 << 18, bytes.count) }
      if part.isEmpty { return bytes }
      bytes += part
      if bytes.count > limit { throw .tooLarge(path: location.path, limit: limit) }
    }
  }

  func writeAll(_ bytes: [UInt8], to file: Int32) throws(CallFailure) {
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try write(file, rest)) }
  }
}
