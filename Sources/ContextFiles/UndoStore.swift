/// Keeps what each file was before its last write, in the state folder.
///
/// A record is first pending and becomes valid when the file is in place: a write that fails must not cost the
/// record of the one before it.
struct UndoStore: Sendable {
  let folder: String
  let calls: SystemCalls
  /// Written into each record.
  var run: UInt64 = 0

  /// Writes down what is about to happen.
  func prepare(_ location: Location, before: [UInt8]?, after: [UInt8]) throws(WriteError) {
    try calls.makeOwnFolder(folder, for: location)
    let record = UndoRecord(path: location.real, before: before, after: after, run: run)
    try calls.on(location.path) { () throws(CallFailure) in
      let file = try calls.open(pendingPath(location), .overwriting)
      defer { calls.close(file) }
      try calls.writeAll(record.encoded, to: file)
      try calls.synchronize(file)
    }
  }

  /// What was prepared has happened.
  func commit(_ location: Location) throws(WriteError) {
    try calls.on(location.path) { () throws(CallFailure) in
      try calls.rename(pendingPath(location), recordPath(location), .replacing)
    }
  }

  /// Decides about a record that a killed run left pending.
  func settle(_ location: Location) throws(WriteError) {
    guard let pending = try load(pendingPath(location), for: location) else { return }
    if pending.path == location.real, try calls.snapshot(location)?.bytes == pending.after {
      try commit(location)
    } else {
      try remove(pendingPath(location), for: location)
    }
  }

  func record(of location: Location) throws(WriteError) -> UndoRecord? {
    guard let record = try load(recordPath(location), for: location), record.path == location.real else { return nil }
    return record
  }

  /// The latest run of which something was taken back.
  var undone: UInt64 {
    let snapshot = try? calls.snapshot(Location(path: folder, real: undonePath))
    return snapshot.flatMap { UInt64(String(decoding: $0.bytes, as: UTF8.self)) } ?? 0
  }

  /// Notes that something of a run was taken back. Where that cannot be written down, it is only asked about again.
  func note(undone run: UInt64, for location: Location) {
    guard run > undone else { return }
    try? calls.on(location.path) { () throws(CallFailure) in
      let file = try calls.open(undonePath, .overwriting)
      defer { calls.close(file) }
      try calls.writeAll(Array("\(run)".utf8), to: file)
    }
  }

  private var undonePath: String { Location.join(folder, "undone") }

  func forget(_ location: Location) throws(WriteError) { try remove(recordPath(location), for: location) }

  /// The records of all files, by path.
  func records() throws(WriteError) -> [UndoRecord] {
    let names: [String]
    do {
      names = try calls.list(folder)
    } catch {
      if error.isMissing { return [] }
      throw WriteError(error, folder)
    }
    var records: [UndoRecord] = []
    for name in names where name.hasSuffix(".undo") {
      let file = Location(path: folder, real: Location.join(folder, name))
      if let record = try load(file.real, for: file) { records.append(record) }
    }
    return records.sorted { $0.path < $1.path }
  }

  private func recordPath(_ location: Location) -> String {
    Location.join(folder, StateKey.of(location.real) + ".undo")
  }

  private func pendingPath(_ location: Location) -> String {
    Location.join(folder, StateKey.of(location.real) + ".pending")
  }

  private func load(_ file: String, for location: Location) throws(WriteError) -> UndoRecord? {
    guard let snapshot = try calls.snapshot(Location(path: location.path, real: file), most: 3 * SystemCalls.mostBytes)
    else { return nil }
    return UndoRecord(decoding: snapshot.bytes)
  }

  private func remove(_ file: String, for location: Location) throws(WriteError) {
    do {
      try calls.remove(file)
    } catch {
      if !error.isMissing { throw WriteError(error, location.path) }
    }
  }
}
