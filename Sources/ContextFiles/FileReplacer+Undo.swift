extension FileReplacer {
  /// The files whose last write can be taken back.
  public func undoable() throws(WriteError) -> [String] { try undo.records().map(\.path) }

  /// The files of the last run that wrote any, as far as they can be taken back; none when that was done already. Of the
  /// runs before it not every file may be on record: those are only taken back file by file.
  public func lastWritten() throws(WriteError) -> [String] {
    let records = try undo.records()
    guard let last = records.map(\.run).max(), last >= undo.undone else { return [] }
    return records.filter { $0.run == last }.map(\.path)
  }

  /// Brings back the bytes that a file had before the last write; a file that did not exist goes away.
  ///
  /// - Parameter force: Whether to do so when the file has changed since.
  public func undo(_ path: String, force: Bool = false) throws(UndoError) -> Replacement {
    do {
      let location = try calls.locate(path, roots: roots, creatingFolders: false)
      let result = try calls.withLock(on: location, in: stateFolder, patience: patience) {
        () throws(WriteError) -> Result<Replacement, UndoError> in
        try calls.removeLeftovers(of: location)
        try undo.settle(location)
        return try takeBack(location, force: force)
      }
      return try result.get()
    } catch let error as WriteError {
      throw .write(error)
    } catch let error as UndoError {
      throw error
    } catch {
      throw .nothingRecorded(path: path)
    }
  }

  private func takeBack(_ location: Location, force: Bool) throws(WriteError) -> Result<Replacement, UndoError> {
    guard let record = try undo.record(of: location) else {
      return .failure(.nothingRecorded(path: location.path))
    }
    let current = try calls.snapshot(location)?.bytes
    if current != record.before, current != record.after, !force {
      return .failure(
        .changedSince(path: location.path, before: record.before, written: record.after, current: current))
    }
    let result: Replacement
    if let before = record.before {
      // No record of this write: undo is not undone by undo. The texts are compared once more with each new reading,
      // because what someone writes between is not ours to overwrite.
      var exchange = Exchange(location, calls: calls, undo: nil)
      result = try exchange.run(tries: tries) { $0 == current ?? [] ? before : $0 }
    } else {
      try remove(location, expecting: current)
      result = Replacement(path: location.real, before: current, after: nil)
    }
    guard result.after == record.before else {
      return .failure(
        .changedSince(path: location.path, before: record.before, written: record.after, current: result.after))
    }
    try undo.forget(location)
    undo.note(undone: record.run, for: location)
    return .success(result)
  }

  private func remove(_ location: Location, expecting bytes: [UInt8]?) throws(WriteError) {
    guard bytes != nil else { return }
    guard try calls.snapshot(location)?.bytes == bytes else { throw .keepsChanging(path: location.path, tries: 1) }
    try calls.on(location.path) { () throws(CallFailure) in try calls.remove(location.real) }
    try calls.synchronizeFolder(of: location)
  }
}

/// Why a write could not be taken back. The file is as it was.
public enum UndoError: Error, Hashable, Sendable {
  /// Nothing is known of a write to this file, or it was taken back already.
  case nothingRecorded(path: String)
  /// The file is no longer what the last write made of it. Nil stands for a file that does not exist.
  case changedSince(path: String, before: [UInt8]?, written: [UInt8], current: [UInt8]?)
  /// The file could not be written.
  case write(WriteError)
}

extension UndoError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nothingRecorded(let path): "nothing to undo for \(path)"
    case .changedSince(let path, _, _, _):
      "\(path) has changed since it was written; it was left as it is. Use --force to lose those changes"
    case .write(let error): "\(error)"
    }
  }
}
