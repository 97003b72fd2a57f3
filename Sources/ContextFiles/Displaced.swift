/// The old file after the new one took its place.
struct Displaced: Sendable {
  /// Open for reading; nil when there was no old file.
  var file: Int32?
  /// Where it stands now; nil when the system dropped it.
  var path: String?
}

extension SystemCalls {
  /// How many milliseconds to wait for someone who has the old file open for writing.
  private static let writerPatience = 1000

  /// Puts a temporary file in place; nil when the place is not as expected, and then nothing was moved.
  ///
  /// The two swap names where the system can do that, so that a file that someone else put there in the last
  /// moment is not lost.
  func move(
    _ temporary: String, over location: Location, exists: Bool
  ) throws(WriteError) -> Displaced? {
    do {
      guard exists else {
        try rename(temporary, location.real, .creating)
        return Displaced()
      }
      try rename(temporary, location.real, .swapping)
      return Displaced(file: try? open(temporary, .reading), path: temporary)
    } catch {
      if error.exists || error.isMissing { return nil }
      guard error.isUnsupported else { throw WriteError(error, location.path) }
    }
    return try on(location.path) { () throws(CallFailure) in
      let old = try? open(location.real, .reading)
      do throws(CallFailure) {
        try rename(temporary, location.real, .replacing)
      } catch {
        if let old { close(old) }
        throw error
      }
      return Displaced(file: old)
    }
  }

  /// Makes sure of the new file, and gives the last bytes of the old one, which someone may have been writing.
  func settle(_ displaced: Displaced, at location: Location) throws(WriteError) -> [UInt8]? {
    defer { if let file = displaced.file { close(file) } }
    var failure: WriteError?
    do {
      try synchronizeFolder(of: location)
    } catch {
      failure = error
    }
    var bytes: [UInt8]?
    if let file = displaced.file {
      for _ in 0..<Self.writerPatience where hasWriters(file) { sleep(1) }
      bytes = try readAll(file, of: location)
    }
    if let path = displaced.path {
      try on(location.path) { () throws(CallFailure) in try remove(path) }
    }
    if let failure { throw failure }
    return bytes
  }

  func synchronizeFolder(of location: Location) throws(WriteError) {
    try on(location.path) { () throws(CallFailure) in
      let folder = try open(location.folder, .folder)
      defer { close(folder) }
      do throws(CallFailure) {
        try synchronize(folder)
      } catch {
        // Some network file systems know no such thing.
        if !error.isUnsupported { throw error }
      }
    }
  }
}
