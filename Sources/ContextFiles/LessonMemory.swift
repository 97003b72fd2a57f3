internal import MarkerBlock

/// A lesson that is never to be recommended again.
public struct ForgottenLesson: Codable, Hashable, Sendable {
  public var id: String
  /// Its line as it was last written; nil when it never was.
  public var text: String?
}

/// A lesson whose line a person deleted or reworded in a file: it does not come back there.
public struct RemovedLesson: Hashable, Sendable {
  /// The context file.
  public var path: String
  public var id: String?
  /// The line as it was written.
  public var text: String
}

/// What people have said of lessons: with `forget` for everywhere, or by taking a line out of a file for that file.
///
/// Works on the state folder and the context files alone; no log is needed.
public struct LessonMemory: Sendable {
  private let files: StateFiles
  private let run: UInt64

  /// - Parameters:
  ///   - stateFolder: The tool's own folder.
  ///   - run: What is written under one number is taken back together.
  public init(stateFolder: String, run: UInt64 = 0) {
    files = StateFiles(stateFolder: stateFolder)
    self.run = run
  }

  /// Whether a text can be the id of a lesson: `r-` and six hexadecimal digits.
  public static func isID(_ text: String) -> Bool {
    text.utf8.count == 8 && text.hasPrefix("r-")
      && text.utf8.dropFirst(2).allSatisfy { byte in
        (48...57).contains(byte) || (97...102).contains(byte)
      }
  }

  /// The lessons that are not to be recommended anywhere.
  public var forgotten: [ForgottenLesson] { files.forgotten() }

  /// Why lessons that were forgotten may come back, in words; nil when they do not.
  public var damage: String? {
    files.damagedForgotten.map {
      "\($0) cannot be understood: lessons that were forgotten may come back. Mend it, or move it away"
    }
  }

  /// The lessons that people took out of files, those included that no run has noticed yet.
  public var removed: [RemovedLesson] {
    files.ledgers().flatMap { ledger in
      noticed(ledger).removed.map { RemovedLesson(path: ledger.path, id: $0.id, text: $0.text) }
    }
  }

  /// What people have taken out of one file.
  public func removals(from path: String) -> Removals {
    Removals(ledger: files.ledger(ofFileAt: path).map { noticed($0) })
  }

  /// What people have taken out of one file.
  public struct Removals: Sendable {
    let ledger: FileLedger?

    /// Whether the line of this lesson was taken out.
    public func contains(id: String, text: String) -> Bool { ledger?.removal(of: id, text: text) != nil }
  }

  /// Never recommends a lesson again, and takes its line out of every file that it stands in.
  /// - Returns: The files that were changed.
  public func forget(_ id: String) throws(WriteError) -> [Replacement] {
    let ledgers = files.ledgers()
    let known = ledgers.lazy.flatMap { $0.lines + $0.previous + $0.removed }.first { $0.id == id }?.text
    try files.changeForgotten { lessons in
      if let place = lessons.firstIndex(where: { $0.id == id }) {
        lessons[place].text = known ?? lessons[place].text
      } else {
        lessons.append(ForgottenLesson(id: id, text: known))
      }
    }
    var changed: [Replacement] = []
    for ledger in ledgers where ledger.lines.contains(where: { $0.id == id }) {
      let replacement = try files.withLedger(of: ledger.path) { () throws(WriteError) in
        try takeOut(id, of: ledger.path)
      }
      if let replacement, replacement.changed { changed.append(replacement) }
    }
    return changed
  }

  /// Lets a lesson be recommended again, wherever it was taken out.
  /// - Returns: Whether it was unwanted anywhere.
  public func remember(_ id: String) throws(WriteError) -> Bool {
    var found = false
    if files.forgotten().contains(where: { $0.id == id }) {
      found = true
      try files.changeForgotten { $0.removeAll { $0.id == id } }
    }
    for ledger in files.ledgers() where noticed(ledger).removed.contains(where: { $0.id == id }) {
      found = true
      try files.withLedger(of: ledger.path) { () throws(WriteError) in
        guard let current = files.ledger(of: ledger.path) else { return }
        var changed = noticed(current)
        changed.removed.removeAll { $0.id == id }
        try files.save(changed)
      }
    }
    return found
  }

  /// Before `undo`: whatever becomes of the file, the lines that go with it were not taken out by hand.
  public func prepareUndo(of path: String) throws(WriteError) {
    let path = files.key(of: path)
    try files.withLedger(of: path) { () throws(WriteError) in
      guard var ledger = files.ledger(of: path), ledger.pending == nil else { return }
      ledger.pending = []
      try files.save(ledger)
    }
  }

  /// After `undo` brought back the bytes before the last write: the lines that went with it were not taken out by hand.
  public func takeBack(_ replacement: Replacement) throws(WriteError) {
    let path = files.key(of: replacement.path)
    try files.withLedger(of: path) { () throws(WriteError) in
      guard var ledger = files.ledger(of: path) else { return }
      ledger.takeBack(replacement.after.map { BlockDocument(parsing: $0) })
      try files.save(ledger)
    }
  }

  private func takeOut(_ id: String, of path: String) throws(WriteError) -> Replacement? {
    guard var ledger = files.ledger(of: path) else { return nil }
    let lines = ledger.lines.filter { $0.id == id }
    let folder = Location.split(path).folder
    let replacer = FileReplacer(roots: [folder], stateFolder: files.folder, run: run)
    guard let bytes = try replacer.read(path), let date = BlockDocument(parsing: bytes).date ?? ledger.day else {
      return nil
    }
    var written: Set<String> = []
    let replacement = try replacer.replace(path) { bytes in
      // The day stays: nothing was learned.
      let merged = merge(
        sections: [], removing: Set(lines.map { .line($0.text) }), into: bytes, date: date,
        previouslyWritten: ledger.texts)
      written = merged.written
      return merged.bytes
    }
    let document = BlockDocument(parsing: replacement.after ?? [])
    ledger.record(written.intersection(ledger.texts ?? []), ids: [:], date: document.date?.text)
    try files.save(ledger)
    return replacement
  }

  private func noticed(_ ledger: FileLedger) -> FileLedger {
    var ledger = ledger
    let replacer = FileReplacer(roots: [Location.split(ledger.path).folder], stateFolder: files.folder)
    if let bytes = try? replacer.read(ledger.path) { ledger.notice(BlockDocument(parsing: bytes)) }
    return ledger
  }
}

extension FileLedger {
  var day: BlockDate? { date.flatMap { BlockDate($0) } }
}
