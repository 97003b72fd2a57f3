/// What the database of OpenCode holds.
struct OpenCodeDatabase {
  struct Session {
    var id: String
    var parentID: String?
    var directory: String
    /// How many parts its messages have.
    var parts: Int
  }

  let database: LogDatabase

  func sessions() throws(ReadError) -> [Session] {
    var parts: [String: Int] = [:]
    try database.forEachRow("SELECT session_id, COUNT(*) AS parts FROM part GROUP BY session_id") { row in
      if let session = row.text("session_id") { parts[session] = row.int("parts") }
    }
    return try sessions("SELECT id, parent_id, directory FROM session ORDER BY id", [], parts: parts)
  }

  func session(_ id: String) throws(ReadError) -> Session? {
    try sessions("SELECT id, parent_id, directory FROM session WHERE id = ?", [id], parts: [:]).first
  }

  private func sessions(
    _ question: String, _ arguments: [String], parts: [String: Int]
  ) throws(ReadError) -> [Session] {
    var sessions: [Session] = []
    try database.forEachRow(question, arguments) { row in
      let id = row.text("id") ?? ""
      sessions.append(
        Session(
          id: id, parentID: row.text("parent_id"), directory: row.text("directory") ?? "", parts: parts[id] ?? 0))
    }
    return sessions
  }

  /// Calls `message` with the messages of a session, and then `part` with their parts. Ids rise with time.
  func forEachMessage(
    of session: String, _ message: (_ id: String, [UInt8]) -> Void, part: (_ message: String, [UInt8]) -> Void
  ) throws(ReadError) {
    try database.forEachRow(
      "SELECT id, CAST(data AS BLOB) AS data FROM message WHERE session_id = ? ORDER BY id", [session]
    ) { row in message(row.text("id") ?? "", row.bytes("data")) }
    try database.forEachRow(
      "SELECT message_id, CAST(data AS BLOB) AS data FROM part WHERE session_id = ? ORDER BY message_id, id", [session]
    ) { row in part(row.text("message_id") ?? "", row.bytes("data")) }
  }
}
