/// Replaces context files so that nothing is lost: not at a crash, not on a full disk, not to another writer.
///
/// The new text is written beside the file and takes its place in one step. A file that someone else changes
/// meanwhile is read again, and the text is made again from what they wrote. Two runs of ours wait for each other.
public struct FileReplacer: Sendable {
  let calls: SystemCalls
  let roots: [String]
  let stateFolder: String
  let undo: UndoStore
  /// Whether writes can be taken back; not so for the tool's own files.
  let keepsUndo: Bool
  /// How often to start over when someone else writes the file.
  let tries: Int
  /// Milliseconds to wait for another run of ours.
  let patience: UInt32

  /// - Parameters:
  ///   - roots: The folders below which files may be written, such as the project and the home folder. A path
  ///     counts by where it leads when its links are followed.
  ///   - stateFolder: The tool's own folder for locks and for what `undo` needs; made when it is missing.
  ///   - run: What is written under one number is taken back together; later runs need greater numbers.
  public init(roots: [String], stateFolder: String, run: UInt64 = 0) {
    self.init(roots: roots, stateFolder: stateFolder, calls: .live, run: run)
  }

  init(
    roots: [String], stateFolder: String, calls: SystemCalls, tries: Int = 100, patience: UInt32 = 30_000,
    run: UInt64 = 0, keepsUndo: Bool = true
  ) {
    self.calls = calls
    self.roots = roots
    self.stateFolder = stateFolder
    self.tries = tries
    self.patience = patience
    undo = UndoStore(folder: Location.join(stateFolder, "undo"), calls: calls, run: run)
    self.keepsUndo = keepsUndo
  }

  /// The bytes of a file that may be written, or nil when there is none.
  public func read(_ path: String) throws(WriteError) -> [UInt8]? {
    guard try calls.linkStatusIfAny(of: path) != nil else { return nil }
    return try calls.snapshot(try calls.locate(path, roots: roots, creatingFolders: false))?.bytes
  }

  /// Brings a file from the bytes that it has to those that `transform` makes of them.
  ///
  /// A file that does not exist is empty to `transform`. When nothing changes, nothing is written. `transform` may
  /// run several times, each time on newer bytes.
  ///
  /// - Parameter creatingFolders: Whether to make the folders above the file when they are missing.
  public func replace(
    _ path: String, creatingFolders: Bool = false, with transform: ([UInt8]) -> [UInt8]
  ) throws(WriteError) -> Replacement {
    // Nothing to write is no reason to make folders.
    if try calls.linkStatusIfAny(of: path) == nil, transform([]).isEmpty {
      return Replacement(path: path, before: nil, after: nil)
    }
    let location = try calls.locate(path, roots: roots, creatingFolders: creatingFolders)
    return try calls.withLock(on: location, in: stateFolder, patience: patience) { () throws(WriteError) in
      try calls.removeLeftovers(of: location)
      try undo.settle(location)
      var exchange = Exchange(location, calls: calls, undo: keepsUndo ? undo : nil)
      return try exchange.run(tries: tries, transform)
    }
  }
}

/// What became of a file.
public struct Replacement: Hashable, Sendable {
  /// The file that was written, without links.
  public let path: String
  /// Its bytes before; nil when it did not exist.
  public let before: [UInt8]?
  /// Its bytes now; nil when it does not exist.
  public let after: [UInt8]?

  /// Whether the file was written.
  public var changed: Bool { before != after }
}
