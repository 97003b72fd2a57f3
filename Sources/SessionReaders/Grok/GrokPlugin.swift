public import SessionModel

/// Grok Build: `sessions/<percent-encoded folder>/<session>/chat_history.jsonl` with the messages, and `updates.jsonl`
/// beside it, which alone says what failed.
public struct GrokPlugin: AgentPlugin {
  public let name = "grok"
  public let displayName = "Grok CLI"
  public let places = [LogPlace(or: ".grok")]
  public let sources: [FormatSource] = [.thirdParty, .inference]

  public init() {}

  public func discover(in environment: AgentEnvironment) -> Discovery {
    let sessions = home(in: environment) + "/sessions"
    var listing = FolderListing()
    guard listing.exists(sessions) else { return Discovery() }
    var files: [LogFile] = []
    for folder in listing.folders(in: sessions) {
      for file in listing.files(below: sessions + "/" + folder, where: { $0 == "chat_history.jsonl" }) {
        files.append(
          LogFile(path: file.path, size: file.size, projectHint: Self.decoded(folder), group: sessions + "/" + folder))
      }
    }
    return Discovery(files: files, issues: listing.issues)
  }

  public func read(_ file: LogFile, into sink: inout some SessionSink) throws(ReadError) -> FileSummary {
    let failed = try Self.failedCalls(beside: file)
    var session = SessionAssembler(file: file)
    session.begin(id: PathText.name(of: PathText.folder(of: file.path)), folder: file.projectHint)
    var records = try RecordReader(file, starts: ["{\"role\":"], field: "content")
    while let record = try records.next() {
      let isCall = session.chatMessage(record.slice, line: record.line, into: &sink) { id, raw, _ in
        CallEnding(raw, outcome: failed.contains(id) ? .failed : .succeeded)
      }
      if !isCall, record.slice["role"]?.equals("user") == true {
        let text = String(decoding: (record.slice["content"]?.contentText() ?? []).prefix(64 << 10), as: UTF8.self)
        session.message(text, line: record.line, into: &sink)
      }
    }
    return session.finish(issues: records.issues)
  }

  /// What the updates of the Agent Client Protocol call failed.
  private static func failedCalls(beside file: LogFile) throws(ReadError) -> Set<String> {
    let path = PathText.folder(of: file.path) + "/updates.jsonl"
    guard FolderListing().exists(path) else { return [] }
    var failed: Set<String> = []
    var records = try RecordReader(path: path, starts: [], field: "sessionUpdate")
    while let record = try records.next() {
      let update = record.slice["params"]?["update"] ?? record.slice["update"] ?? record.slice
      if update["status"]?.equals("failed") == true, let id = update["toolCallId"]?.string(limit: 256) {
        failed.insert(id)
      }
    }
    return failed
  }

  /// `%2Fhome%2Fdev%2Fshop` as the path that it stands for; nil when it stands for none.
  static func decoded(_ name: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(name.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes.first == UInt8(ascii: "/") ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
