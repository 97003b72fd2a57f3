internal import SessionModel

/// Cline and Roo Code are extensions of the same editors and keep a folder for each task there, with the conversation as
/// the model saw it.
enum EditorTasks {
  /// Where the editors keep what belongs to an extension.
  static func places(of editorExtension: String) -> [LogPlace] {
    let editors = ["Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf"]
    let roots =
      editors.map { ".config/\($0)" } + editors.map { "Library/Application Support/\($0)" } + [".vscode-server/data"]
    return roots.map { LogPlace(or: $0 + "/User/globalStorage", part: editorExtension) }
  }

  /// - Parameter folder: The working directory of the task with an id; the path of the task is given too.
  static func discover(
    in storage: String, _ listing: inout FolderListing, folder: (_ id: String, _ path: String) -> String?
  ) -> [LogFile] {
    guard listing.exists(storage + "/tasks") else { return [] }
    var files: [LogFile] = []
    for id in listing.folders(in: storage + "/tasks") {
      let task = storage + "/tasks/" + id
      let path = task + "/api_conversation_history.json"
      guard listing.exists(path) else { continue }
      files.append(LogFile(path: path, size: listing.size(of: path), projectHint: folder(id, task), group: task))
    }
    return files
  }

  /// Something out of a small JSON file beside the logs.
  static func field<Value>(_ path: String, _ body: (JSONSlice) -> Value?) -> Value? {
    guard let bytes = try? LogBytes.whole(path, limit: 64 << 20) else { return nil }
    return JSONSlice.read(bytes) { document, _ in body(document) }
  }

  static func read(
    _ file: LogFile, into sink: inout some SessionSink, ending: (_ text: String, [UInt8], ToolKind) -> CallEnding
  ) throws(ReadError) -> FileSummary {
    var session = SessionAssembler(file: file)
    session.begin(id: PathText.name(of: PathText.folder(of: file.path)), folder: file.projectHint)
    let issues = try ListDocument.read(
      file, list: "messages",
      record: { message, line in
        let time = Timestamp.iso(message["ts"])
        session.begin(time: time)
        message["content"]?.forEachElement { block in
          switch block["type"]?.string(limit: 64) {
          case "tool_use":
            session.call(
              block["id"]?.string(limit: 256), name: block["name"]?.string(limit: 256) ?? "", arguments: block["input"],
              line: line, time: time)
          case "tool_result":
            session.result(of: block["tool_use_id"]?.string(limit: 256), line: line, time: time, into: &sink) { tool in
              let raw = block["content"]?.contentText() ?? []
              var found = ending(OutputText.clean(raw), raw, tool)
              if block["is_error"]?.bool == true, found.outcome == .succeeded { found.outcome = .failed }
              return found
            }
          default: break
          }
        }
      })
    return session.finish(issues: issues)
  }

  /// The number behind the last place of a text, such as `Exit code: 1`.
  static func number(after mark: String, in text: String) -> Int? {
    guard let found = text.range(of: mark, last: true) else { return nil }
    return Int(text[found.upperBound...].prefix { $0.isNumber || $0 == "-" })
  }
}
