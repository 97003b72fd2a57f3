#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The tool's own files that outlast a run: what was written where, and what is unwanted. All of them lie in the state
/// folder, are readable by their owner only, and need no network and no log.
struct StateFiles: Sendable {
  let folder: String
  private let replacer: FileReplacer

  init(stateFolder: String, calls: SystemCalls = .live) {
    folder = stateFolder
    replacer = FileReplacer(roots: [stateFolder], stateFolder: stateFolder, calls: calls, keepsUndo: false)
  }

  /// - Returns: nil when nothing was written to that file from here, or it cannot be told any more.
  func ledger(of path: String) -> FileLedger? {
    let ledger: FileLedger? = load(ledgerFile(of: path))
    // Two paths could share a name in our folder.
    return ledger?.path == path ? ledger : nil
  }

  /// The ledger of a file that may be called by several names.
  func ledger(ofFileAt path: String) -> FileLedger? {
    // Where nothing was ever written, no link needs to be followed.
    guard (try? replacer.calls.linkStatus(ledgerFolder)) != nil else { return nil }
    return ledger(of: key(of: path))
  }

  func ledgers() -> [FileLedger] {
    let names = (try? replacer.calls.list(ledgerFolder)) ?? []
    let found = names.filter { $0.hasSuffix(".json") }.compactMap { name -> FileLedger? in
      load(Location.join(ledgerFolder, name))
    }
    return found.sorted { $0.path < $1.path }
  }

  func save(_ ledger: FileLedger) throws(WriteError) { try save(ledger, at: ledgerFile(of: ledger.path)) }

  /// Runs the body while no other run of ours works on the file and its ledger.
  func withLedger<Result>(
    of path: String, _ body: () throws(WriteError) -> Result
  ) throws(WriteError) -> Result {
    let place = Location(path: path, real: ledgerFile(of: path) + ".apply")
    return try replacer.calls.withLock(on: place, in: folder, patience: replacer.patience, body)
  }

  /// A path without the links of the part that exists: one file has one ledger, whatever name it is called by.
  func key(of path: String) -> String {
    if let real = try? replacer.calls.realPath(path) { return real }
    let (above, name) = Location.split(path)
    guard above != path, above != ".", !name.isEmpty else { return path }
    return Location.join(key(of: above), name)
  }

  private var ledgerFolder: String { Location.join(folder, "written") }

  private func ledgerFile(of path: String) -> String { Location.join(ledgerFolder, StateKey.of(path) + ".json") }

  private var forgottenFile: String { Location.join(folder, "forgotten.json") }

  func forgotten() -> [ForgottenLesson] { load(forgottenFile) ?? [] }

  /// The file of the forgotten lessons, when it is there and cannot be understood.
  var damagedForgotten: String? {
    guard let bytes = try? replacer.read(forgottenFile) else { return nil }
    let lessons: [ForgottenLesson]? = Self.decode(bytes)
    return lessons == nil ? forgottenFile : nil
  }

  func changeForgotten(_ change: (inout [ForgottenLesson]) -> Void) throws(WriteError) {
    if let damaged = damagedForgotten { throw .damaged(path: damaged) }
    try replace(forgottenFile) { bytes in
      var lessons: [ForgottenLesson] = Self.decode(bytes) ?? []
      change(&lessons)
      lessons.sort { $0.id < $1.id }
      return Self.encode(lessons)
    }
  }

  private func load<Value: Decodable>(_ path: String) -> Value? {
    guard let bytes = try? replacer.read(path) else { return nil }
    return Self.decode(bytes)
  }

  private func save(_ value: some Encodable, at path: String) throws(WriteError) {
    let bytes = Self.encode(value)
    try replace(path) { _ in bytes }
  }

  private func replace(_ path: String, with transform: ([UInt8]) -> [UInt8]) throws(WriteError) {
    try replacer.calls.makeOwnFolder(Location.split(path).folder, for: Location(path: path, real: path))
    _ = try replacer.replace(path, with: transform)
  }

  private static func decode<Value: Decodable>(_ bytes: [UInt8]) -> Value? {
    try? JSONDecoder().decode(Value.self, from: Data(bytes))
  }

  private static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(value)).map { Array($0) } ?? []) + [UInt8(ascii: "\n")]
  }
}
