internal import GRDB
internal import SessionModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An agent's SQLite database, looked at without a trace: the only door to SQLite.
///
/// SQLite leaves files beside a database and takes locks in it even for readers. A database at rest is therefore opened
/// as one that nobody changes (`immutable`), and one in use, which a log of changes beside it shows, is copied first.
struct LogDatabase {
  private let queue: DatabaseQueue
  private let path: String
  /// Names that stand for a question of whoever made the database, which may have no end.
  private let views: Set<String>

  /// - Parameter path: A database that is at rest, or a copy.
  /// - Throws: `ReadError`.
  init(path: String) throws(ReadError) {
    self.path = path
    for suffix in ["", "-wal", "-journal"] { ReadTrace.add(path + suffix) }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      queue = try DatabaseQueue(path: Self.immutableURI(of: path), configuration: configuration)
      views = try queue.read { database in
        Set(try String.fetchAll(database, sql: "SELECT lower(name) FROM sqlite_master WHERE type = 'view'"))
      }
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

  /// One row of an answer. Valid until the next one is asked for.
  struct Answer {
    fileprivate let row: Row

    /// The text of a column; nil when it is null, or when this version of the database has no such column.
    func text(_ column: String) -> String? { row[column] }

    func int(_ column: String) -> Int? { row[column] }

    /// The bytes of a text or blob, whether or not they are UTF-8.
    func bytes(_ column: String) -> [UInt8] {
      switch row.hasColumn(column) ? (row[column] as DatabaseValue).storage : .null {
      case .blob(let data): Array(data)
      case .string(let text): Array(text.utf8)
      case .null, .int64, .double: []
      }
    }
  }

  /// Calls `body` with each row of the answer. Select texts that hold bytes from outside with `CAST(… AS BLOB)`.
  /// - Throws: `ReadError` when the database is not what the question takes it for.
  func forEachRow(
    _ question: String, _ arguments: [String] = [], _ body: (Answer) -> Void
  ) throws(ReadError) {
    if !views.isEmpty {
      let words = question.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      if let view = words.first(where: { views.contains(String($0)) }) {
        throw ReadError(
          path: path, reason: "`\(view)` is no table in it but a view, which no agent makes; it was left out")
      }
    }
    do {
      try queue.read { database in
        let rows = try Row.fetchCursor(database, sql: question, arguments: StatementArguments(arguments))
        while let row = try rows.next() { body(Answer(row: row)) }
      }
    } catch {
      throw ReadError(path: path, reason: "it is not a database of this agent that can be read (\(error))")
    }
  }
}

extension LogDatabase {
  /// Opens a database where it lies, or a copy of one that is in use, and adds what `sessions` finds in it.
  static func discover(
    _ path: String, into found: inout Discovery,
    sessions: (LogDatabase, _ copy: String?) throws(ReadError) -> [LogFile]
  ) {
    do throws(ReadError) {
      var copyPath: String?
      if isInUse(path) {
        let copy = try temporaryCopy(for: path)
        found.copies.append(copy)
        copyPath = try Self.copy(path, into: copy)
      }
      found.files += try sessions(LogDatabase(path: copyPath ?? path), copyPath)
    } catch {
      found.issues.append(LogIssue(.unreadableFile, at: LogLocation(file: path, line: 0), reason: error.reason))
    }
  }

  private static func temporaryCopy(for path: String) throws(ReadError) -> TemporaryCopy {
    do {
      return try TemporaryCopy()
    } catch {
      throw ReadError(path: path, reason: "it is in use, and there is no folder for a copy of it")
    }
  }
}
