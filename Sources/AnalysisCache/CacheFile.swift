internal import GRDB
internal import SessionModel
internal import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why the cache cannot be used.
enum CacheFault: Error {
  /// It is not what this program wrote: it is put aside and made anew.
  case unusable(String)
  /// It may be well, but not for this run.
  case unavailable(String)

  init(_ error: any Error) {
    guard let error = error as? DatabaseError else {
      self = .unavailable("\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_SCHEMA, .SQLITE_ERROR, .SQLITE_MISMATCH:
      self = .unusable("it is damaged")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .unavailable("another program has locked it")
    case .SQLITE_FULL: self = .unavailable("the disk is full")
    default: self = .unavailable(error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }
}

/// The cache as SQLite sees it: values by number, each on a shelf. Values name themselves by what they hold, so that
/// runs at the same time cannot mix them up.
struct CacheFile {
  private let queue: DatabaseQueue

  /// "HRLC"
  private static let application = 0x4852_4c43
  private static let version = 1
  private static let patience = 2.0

  /// Opens the file.
  /// - Parameter creating: Whether to make one where there is none.
  /// - Returns: nil when there is none.
  init?(_ path: String, creating: Bool) throws(CacheFault) {
    try Self.checkOwner(of: path)
    if FileStatus(of: path, followsLinks: false) == nil {
      guard creating else { return nil }
      try Self.create(path)
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.patience)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { database in
        // A value that the disk loses is one that does not fit its name.
        try database.execute(sql: "PRAGMA synchronous = OFF")
        if try Int.fetchOne(database, sql: "PRAGMA application_id") == 0,
          try Int.fetchOne(database, sql: "PRAGMA schema_version") == 0
        {
          try database.execute(sql: Self.schema)
        }
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == Self.application else {
          throw CacheFault.unusable("another program wrote it")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version == Self.version else {
          throw CacheFault.unusable("\(version > Self.version ? "a later" : "an earlier") version wrote it")
        }
      }
      self.queue = queue
    } catch let fault as CacheFault {
      throw fault
    } catch {
      throw CacheFault(error)
    }
  }

  private static let schema = """
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS shelf (
      name INTEGER PRIMARY KEY, grp INTEGER NOT NULL, used INTEGER NOT NULL,
      digest INTEGER NOT NULL, value BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS item (name INTEGER PRIMARY KEY, shelf INTEGER NOT NULL, value BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS items ON item (shelf);
    PRAGMA application_id = \(application);
    PRAGMA user_version = \(version);
    COMMIT;
    """

  /// What others may have put there is not believed.
  private static func checkOwner(of path: String) throws(CacheFault) {
    var found = stat()
    guard unsafe lstat(path, &found) == 0 else { return }
    guard found.st_mode & S_IFMT == S_IFREG else { throw .unusable("it is not a file") }
    guard found.st_uid == geteuid() else { throw .unusable("it belongs to another user") }
    // SQLite takes a few bytes for nothing, and writes over them.
    guard found.st_size == 0 || found.st_size >= 512 else { throw .unusable("it is damaged") }
    guard found.st_mode & 0o022 == 0 else { throw .unusable("other users may write to it") }
  }

  /// Before SQLite sees it, so that nobody else ever can: the files that it puts beside it take after it.
  private static func create(_ path: String) throws(CacheFault) {
    let folder = PathText.folder(of: path)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unavailable("the folder \(folder) cannot be made")
    }
    let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    // Another run may have been faster.
    guard descriptor >= 0 || errno == EEXIST else {
      throw .unavailable(unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)")
    }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Puts a file that cannot be used out of the way; the last one that was put there goes.
  static func putAside(_ path: String) throws(CacheFault) {
    for suffix in ["-journal", "-wal", "-shm"] { unsafe unlink(path + suffix) }
    guard unsafe rename(path, path + ".aside") == 0 || errno == ENOENT else {
      throw .unavailable(unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)")
    }
  }

  // MARK: Reading

  func shelf(_ name: Int64) throws(CacheFault) -> (used: Int, digest: Int64, value: [UInt8])? {
    try attempt { database in
      let rows = try Self.rows(database, "SELECT value, used, digest FROM shelf WHERE name = ?", name)
      guard let row = try rows.next() else { return nil }
      return (Int(Self.number(row, 1)), Self.number(row, 2), Self.bytes(row))
    }
  }

  /// The items that are there.
  func items(_ names: [Int64]) throws(CacheFault) -> [Int64: [UInt8]] {
    try attempt { database in
      var found: [Int64: [UInt8]] = [:]
      for name in names {
        let rows = try Self.rows(database, "SELECT value FROM item WHERE name = ?", name)
        if let row = try rows.next() { found[name] = Self.bytes(row) }
      }
      return found
    }
  }

  private static func rows(_ database: Database, _ question: String, _ name: Int64) throws -> RowCursor {
    try Row.fetchCursor(try database.cachedStatement(sql: question), arguments: [name])
  }

  /// A damaged file may hold anything anywhere: what is not a number is none that anybody asks for.
  private static func number(_ row: Row, _ index: Int) -> Int64 {
    if case .int64(let number) = (row[index] as DatabaseValue).storage { number } else { 0 }
  }

  private static func bytes(_ row: Row) -> [UInt8] {
    (try? row.withUnsafeData(atIndex: 0) { $0.map { Array($0) } }) ?? []
  }

  // MARK: Writing

  func add(_ items: [(name: Int64, value: [UInt8])], to shelf: Int64) throws(CacheFault) {
    try change { database in
      let statement = try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO item (name, shelf, value) VALUES (?, ?, ?)")
      for item in items { try statement.execute(arguments: [item.name, shelf, Data(item.value)]) }
    }
  }

  /// Puts a shelf in place of the one of the same name, and clears out what is on none any more.
  /// - Parameters:
  ///   - group: Shelves with one group are for the same logs: of those only the latest few stay.
  ///   - contents: All items of the shelf.
  ///   - now: In seconds since 1970.
  func put(
    shelf: Int64, group: Int64, digest: Int64, value: [UInt8], contents: Set<Int64>, now: Int
  ) throws(CacheFault) {
    try change { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO shelf (name, grp, used, digest, value) VALUES (?, ?, ?, ?, ?)",
        arguments: [shelf, group, now, digest, Data(value)])
      let kept = try Int64.fetchAll(database, sql: "SELECT name FROM item WHERE shelf = ?", arguments: [shelf])
      let drop = try database.cachedStatement(sql: "DELETE FROM item WHERE name = ?")
      for name in kept where !contents.contains(name) { try drop.execute(arguments: [name]) }
      let old = try Int64.fetchAll(
        database,
        sql: """
          SELECT name FROM shelf WHERE used < ? OR grp = ? AND name NOT IN
            (SELECT name FROM shelf WHERE grp = ? ORDER BY used DESC, name = ? DESC LIMIT ?)
          """, arguments: [now - Self.longest, group, group, shelf, Self.kinds])
      for name in old {
        try database.execute(sql: "DELETE FROM item WHERE shelf = ?", arguments: [name])
        try database.execute(sql: "DELETE FROM shelf WHERE name = ?", arguments: [name])
      }
    }
  }

  func use(_ shelf: Int64, now: Int) throws(CacheFault) {
    try change { try $0.execute(sql: "UPDATE shelf SET used = ? WHERE name = ?", arguments: [now, shelf]) }
  }

  /// In seconds: a shelf that nobody asked for in thirty days goes.
  private static let longest = 30 * 86400
  /// How many kinds of runs over the same logs are kept: with other rules, without subagents, of another version.
  private static let kinds = 4

  private func attempt<Result>(_ body: (Database) throws -> Result) throws(CacheFault) -> Result {
    do {
      return try queue.read(body)
    } catch {
      throw CacheFault(error)
    }
  }

  private func change(_ body: (Database) throws -> Void) throws(CacheFault) {
    do {
      try queue.inDatabase { database in
        try database.inTransaction(.immediate) {
          try body(database)
          return .commit
        }
      }
    } catch {
      throw CacheFault(error)
    }
  }
}
