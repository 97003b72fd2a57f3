public import MarkerBlock
public import Recommendations

/// A context file as it is, and as it should become.
public struct PlannedFile: Sendable {
  public enum Action: String, Sendable {
    case create, update, unchanged
    /// It would change, and is not written: its project is on another machine.
    case withheld
  }

  public var path: String
  public var action: Action
  /// Whether writing changes it.
  public var isChanged: Bool { action == .create || action == .update }
  /// The whole file as it should be.
  public var content: [UInt8]
  /// As `diff -u` prints it; empty when nothing changes.
  public var diff: [String]
  /// What the owner of the file should know.
  public var warnings: [String]
}

/// Brings recommendations into context files: the one way to write, whoever worded them.
public struct ContextWriter: Sendable {
  private let replacer: FileReplacer
  private let files: StateFiles

  /// - Parameters:
  ///   - roots: The folders below which files may be written.
  ///   - stateFolder: The tool's own folder.
  ///   - run: What is written under one number is taken back together; later runs need greater numbers.
  public init(roots: [String], stateFolder: String, run: UInt64 = 0) {
    self.init(roots: roots, stateFolder: stateFolder, calls: .live, run: run)
  }

  init(roots: [String], stateFolder: String, calls: SystemCalls, run: UInt64 = 0) {
    replacer = FileReplacer(roots: roots, stateFolder: stateFolder, calls: calls, run: run)
    files = StateFiles(stateFolder: stateFolder, calls: calls)
  }

  /// What writing would do. Nothing is touched.
  /// - Throws: `WriteError` when the file cannot be read or may not be written.
  public func plan(_ recommendations: [Recommendation], for path: String, date: BlockDate) throws(WriteError)
    -> PlannedFile
  {
    let before = try text(of: path)
    let ledger = files.ledger(ofFileAt: path)
    let (sections, faults) = Self.sections(of: recommendations)
    let merged = merge(
      sections: sections, removing: forgottenLines(of: ledger), into: before ?? [], date: date,
      previouslyWritten: ledger?.texts)
    return planned(path, before: before, after: merged.bytes, notes: merged.notes, faults: faults)
  }

  private func text(of path: String) throws(WriteError) -> [UInt8]? {
    let bytes = try replacer.read(path)
    // The mark that editors put at the start of UTF-16, in either order.
    if let start = bytes?.prefix(2), start.elementsEqual([0xFF, 0xFE]) || start.elementsEqual([0xFE, 0xFF]) {
      throw .otherEncoding(path: path)
    }
    return bytes
  }

  /// Writes. A file that already says the same is not touched.
  /// - Throws: `WriteError`; the file is then as it was.
  public func apply(_ recommendations: [Recommendation], to path: String, date: BlockDate) throws(WriteError)
    -> PlannedFile
  {
    let key = files.key(of: path)
    return try files.withLedger(of: key) { () throws(WriteError) in
      try apply(recommendations, to: path, ledger: files.ledger(of: key), key: key, date: date)
    }
  }

  private func apply(
    _ recommendations: [Recommendation], to path: String, ledger known: FileLedger?, key: String, date: BlockDate
  ) throws(WriteError) -> PlannedFile {
    let (sections, faults) = Self.sections(of: recommendations)
    let removing = forgottenLines(of: known)
    var ledger = known ?? FileLedger(path: key)
    let ids = Dictionary(
      recommendations.map { ("- " + $0.text, $0.drafts.map(\.id)) }, uniquingKeysWith: { first, _ in first })
    let before = try text(of: path) ?? []
    ledger.notice(BlockDocument(parsing: before))
    let plan = merge(
      sections: sections, removing: removing, into: before, date: date, previouslyWritten: known?.texts)
    if plan.changed {
      // First on record, then written: what a killed run leaves in the file must not be taken for a person's.
      ledger.pending = ids.sorted { $0.key < $1.key }.flatMap { text, ids in
        ids.map { FileLedger.Line(id: $0, text: text) }
      }
      try files.save(ledger)
    }
    var result: MergeResult?
    let replacement = try replacer.replace(path, creatingFolders: true) { bytes in
      let merged = merge(
        sections: sections, removing: removing, into: bytes, date: date, previouslyWritten: known?.texts)
      result = merged
      return merged.bytes
    }
    if let result, let after = replacement.after {
      ledger.record(result.written, ids: ids, date: BlockDocument(parsing: after).date?.text)
      if ledger != known { try files.save(ledger) }
    }
    return planned(
      path, before: replacement.before, after: replacement.after ?? [], notes: result?.notes ?? [], faults: faults)
  }

  /// Lines of lessons that are unwanted: an older version of the file may have brought them back.
  private func forgottenLines(of ledger: FileLedger?) -> Set<Removal> {
    guard let ledger else { return [] }
    let forgotten = Set(files.forgotten().map(\.id))
    let lines = (ledger.lines + ledger.previous).filter { line in line.id.map(forgotten.contains) ?? false }
    return Set(lines.map { .line($0.text) })
  }

  /// Sections in the order of their first, most valuable line.
  private static func sections(of recommendations: [Recommendation]) -> ([BlockSection], [SectionFault]) {
    var titles: [String] = []
    var bySection: [String: [Recommendation]] = [:]
    for recommendation in recommendations {
      let title = recommendation.draft.section
      if bySection[title] == nil { titles.append(title) }
      bySection[title, default: []].append(recommendation)
    }
    var sections: [BlockSection] = []
    var faults: [SectionFault] = []
    for title in titles {
      let lines = bySection[title] ?? []
      do throws(SectionFault) {
        sections.append(
          try BlockSection(
            title: title, tokensSavedPerSession: lines.reduce(0) { $0 + $1.tokensPerSession },
            lines: lines.map { "- " + $0.text }))
      } catch {
        faults.append(error)
      }
    }
    return (sections, faults)
  }

  private func planned(
    _ path: String, before: [UInt8]?, after: [UInt8], notes: [BlockNote], faults: [SectionFault]
  ) -> PlannedFile {
    let action: PlannedFile.Action = after == before ?? [] ? .unchanged : before == nil ? .create : .update
    return PlannedFile(
      path: path, action: action, content: after,
      diff: unifiedDiff(old: before ?? [], new: after, oldName: before == nil ? "/dev/null" : path, newName: path),
      warnings: notes.map(\.description) + faults.map(\.description))
  }
}
