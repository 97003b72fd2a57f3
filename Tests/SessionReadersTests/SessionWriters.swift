import SessionModel

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a session of any agent may hold, good and bad.
enum SessionEntry: Sendable {
  struct Call: Sendable {
    var id: String
    var command: String
    /// nil for a call that never got a result.
    var output: [UInt8]?
    var exitStatus = 0
    var hasCall = true
    var minute = 0

    init(_ id: String, _ command: String, output: String? = "done", exit: Int = 0, minute: Int = 0) {
      self.id = id
      self.command = command
      self.output = output.map { Array($0.utf8) }
      exitStatus = exit
      self.minute = minute
    }

    var time: String { "2026-02-01T09:\(minute < 10 ? "0" : "")\(minute):00.000Z" }
  }

  case call(Call)
  /// A whole record of a kind that nobody knows.
  case unknown
  /// Bytes that are no record.
  case junk(String)
  /// The first half of the record of a call, where the writer was stopped.
  case torn(Call)
}

/// What a format cannot say.
struct Lack: OptionSet, Sendable {
  let rawValue: Int

  /// Calls have no ids of their own: they are numbered.
  static let ids = Lack(rawValue: 1)
  static let times = Lack(rawValue: 2)
  static let exitStatus = Lack(rawValue: 4)
  /// Not even whether a call failed.
  static let outcome = Lack(rawValue: 8)
  /// A result cannot stand without its call.
  static let looseResults = Lack(rawValue: 16)
}

/// Writes sessions as one agent does, so that every plugin can be put to the same tests.
protocol SessionWriter: Sendable {
  var plugin: any AgentPlugin { get }
  var lacks: Lack { get }
  /// - Parameter folder: What the plugin's variable holds, or the folder that it stands for.
  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws
  /// Writes a log without a byte in it.
  func writeEmpty(in folder: String, of home: TestFolder) throws
}

extension SessionWriter {
  var lacks: Lack { [] }

  /// The variable that names the home, where there is one.
  var variable: String? { plugin.places.first?.variables.first }

  /// The folder that it stands for when it is not set, below the user's home.
  var standardFolder: String { plugin.places.first?.standard ?? "" }
}

/// An agent that writes one JSON record a line.
protocol LineWriter: SessionWriter {
  var logName: String { get }
  var head: [String] { get }
  func records(of call: SessionEntry.Call) -> [[UInt8]]
  var unknownRecord: String { get }
}

extension LineWriter {
  /// The bytes of a whole log.
  func log(of entries: [SessionEntry]) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in head { bytes += Array(line.utf8) + [10] }
    for entry in entries {
      switch entry {
      case .call(let call): for record in records(of: call) { bytes += record + [10] }
      case .unknown: bytes += Array(unknownRecord.utf8) + [10]
      case .junk(let text): bytes += Array(text.utf8) + [10]
      case .torn(let call): bytes += (records(of: call).first ?? []).dropLast(12)
      }
    }
    return bytes
  }

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    try home.write(log(of: entries), to: folder + "/" + logName)
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws { try home.write("", to: folder + "/" + logName) }
}

/// The text of a JSON string: bytes that are not UTF-8 stay as they are.
func quoted(_ bytes: [UInt8]) -> [UInt8] {
  var text: [UInt8] = [34]
  for byte in bytes {
    if byte == 34 || byte == 92 || byte == 10 { text.append(92) }
    text.append(byte == 10 ? UInt8(ascii: "n") : byte)
  }
  return text + [34]
}

func quoted(_ text: String) -> String { String(decoding: quoted(Array(text.utf8)), as: UTF8.self) }

/// An agent that writes one JSON document with a list of records.
protocol DocumentWriter: SessionWriter {
  var logName: String { get }
  /// What stands before the list, its bracket included.
  var head: String { get }
  func records(of call: SessionEntry.Call) -> [[UInt8]]
  /// What the document needs beside it.
  func writeSurroundings(in folder: String, of home: TestFolder) throws
}

extension DocumentWriter {
  func writeSurroundings(in folder: String, of home: TestFolder) throws {}

  func write(_ entries: [SessionEntry], in folder: String, of home: TestFolder) throws {
    var bytes = Array(head.utf8)
    var isTorn = false
    func add(_ record: [UInt8]) { bytes += (bytes.last == UInt8(ascii: "[") ? [] : Array(",\n".utf8)) + record }
    for entry in entries {
      switch entry {
      case .call(let call): for record in records(of: call) { add(record) }
      case .unknown: add(Array(#"{"from":"the future","content":7}"#.utf8))
      case .junk(let text): add(quoted(Array(text.utf8)))
      case .torn(let call):
        add((records(of: call).first ?? []).dropLast(12))
        isTorn = true
      }
    }
    if !isTorn { bytes += Array((head.first == "[" ? "]" : "]}").utf8) }
    try home.write(bytes, to: folder + "/" + logName)
    try writeSurroundings(in: folder, of: home)
  }

  func writeEmpty(in folder: String, of home: TestFolder) throws { try home.write("", to: folder + "/" + logName) }
}
