internal import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// OpenCode's SQLite database, looked at without a trace: the only door to SQLite.
///
/// SQLite leaves files beside a database and takes locks in it even for readers. A database at rest is therefore opened
/// as one that nobody changes (`immutable`), and one in use, which a log of changes beside it shows, is copied first.
struct OpenCodeDatabase {
  struct Session {
    var id: String
    var parentID: String?
    var directory: String
    /// How many parts its messages have.
    var parts: Int
  }

  private let queue: DatabaseQueue
  private let path: String

  /// - Parameter path: A database that is at rest, or a copy.
  /// - Throws: `ReadError`.
  init(path: String) throws(ReadError) {
    self.path = path
    var configuration = Configuration()
    configuration.readonly = true
    do {
      queue = try DatabaseQueue(path: Self.immutableURI(of: path), configuration: configuration)
    } catch {
      throw ReadError(path: path, reason: "SQLite cannot open it (\(error))")
    }
  }

  /// Whether a process has, or left, changes that are not in the database itself.
  static func isInUse(_ path: String) -> Bool {
    ["-wal", "-journal"].contains { suffix in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
      return (attributes?[.size] as? UInt64 ?? 0) > 0
    }
  }

  /// Copies a database with its log of changes and brings the copy to rest.
  /// - Returns: The path of the copy.
  static func copy(_ path: String, into copy: TemporaryCopy) throws(ReadError) -> String {
    let target = copy.folder + "/copy.db"
    do {
      var before = stamp(of: path)
      for _ in 0..<3 {
        for suffix in ["", "-wal", "-journal"] {
          if FileManager.default.fileExists(atPath: target + suffix) {
            try FileManager.default.removeItem(atPath: target + suffix)
          }
          guard FileManager.default.fileExists(atPath: path + suffix) else { continue }
          let source = URL(fileURLWithPath: path + suffix).resolvingSymlinksInPath().path
          try FileManager.default.copyItem(atPath: source, toPath: target + suffix)
        }
        // A change between the copies of the two files would not fit.
        let after = stamp(of: path)
        if before == after { break }
        before = after
      }
      let queue = try DatabaseQueue(path: target)
      _ = try queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
    } catch {
      throw ReadError(path: path, reason: "it is in use and cannot be copied to \(copy.folder) (\(error))")
    }
    return target
  }

  private static func stamp(of path: String) -> [String] {
    ["", "-wal", "-journal"].map { suffix in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
      let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(attributes?[.size] as? UInt64 ?? 0) \(time)"
    }
  }

  /// `file:` addresses give a meaning to a few characters of a path.
  private static func immutableURI(of path: String) -> String {
    var address = "file:"
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "%"): address += "%25"
      case UInt8(ascii: "?"): address += "%3f"
      case UInt8(ascii: "#"): address += "%23"
      default: address += String(decoding: [byte], as: UTF8.self)
      }
    }
    return address + "?immutable=1"
  }

  func sessions() throws(ReadError) -> [Session] {
    try reading { database in
      let sizes = try Row.fetchAll(database, sql: "SELECT session_id, COUNT(*) FROM part GROUP BY session_id")
      let parts = Dictionary(sizes.map { ($0[0] as String, $0[1] as Int) }) { first, _ in first }
      return try Row.fetchAll(database, sql: "SELECT id, parent_id, directory FROM session ORDER BY id").map { row in
        Session(id: row[0], parentID: row[1], directory: row[2] ?? "", parts: parts[row[0]] ?? 0)
      }
    }
  }

  func session(_ id: String) throws(ReadError) -> Session? {
    try reading { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT parent_id, directory FROM session WHERE id = ?", arguments: [id])
      return row.map { Session(id: id, parentID: $0[0], directory: $0[1] ?? "", parts: 0) }
    }
  }

  /// Calls `body` with the messages of a session and after each with its parts. Ids rise with time.
  func forEachMessage(
    of session: String, _ message: (_ id: String, [UInt8]) -> Void, part: (_ message: String, [UInt8]) -> Void
  ) throws(ReadError) {
    try reading { database in
      let messages = try Row.fetchCursor(
        database, sql: "SELECT id, CAST(data AS BLOB) FROM message WHERE session_id = ? ORDER BY id",
        arguments: [session])
      while let row = try messages.next() { message(row[0], try Self.bytes(row)) }
      let parts = try Row.fetchCursor(
        database, sql: "SELECT message_id, CAST(data AS BLOB) FROM part WHERE session_id = ? ORDER BY message_id, id",
        arguments: [session])
      while let row = try parts.next() { part(row[0], try Self.bytes(row)) }
    }
  }

  private static func bytes(_ row: Row) throws -> [UInt8] {
    try row.withUnsafeData(atIndex: 1) { data in data.map { Array($0) } ?? [] }
  }

  private func reading<Value>(_ body: (Database) throws -> Value) throws(ReadError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw ReadError(path: path, reason: "it is not a database of OpenCode that can be read (\(error))")
    }
  }
}
