import SessionModel
import Testing

@testable import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Keeps what a reader hands on.
struct Recorder: SessionSink {
  var calls: [ToolCall] = []
  var messages: [UserMessage] = []

  mutating func accept(_ event: SessionEvent) {
    switch event {
    case .call(let call): calls.append(call)
    case .message(let message): messages.append(message)
    }
  }
}

/// One log and what came of it.
struct ReadLog {
  var file: LogFile
  var summary: FileSummary
  var calls: [ToolCall]
  var messages: [UserMessage]
}

/// Everything that a plugin finds and reads in a home.
struct ReadHome {
  var logs: [ReadLog] = []
  var issues: [LogIssue] = []

  var calls: [ToolCall] { logs.flatMap(\.calls) }
  var allIssues: [LogIssue] { issues + logs.flatMap(\.summary.issues) }

  init(_ plugin: any AgentPlugin, in environment: AgentEnvironment) throws {
    let found = plugin.discover(in: environment)
    issues = found.issues
    for file in found.files {
      var recorder = Recorder()
      do throws(ReadError) {
        let summary = try plugin.read(file, into: &recorder)
        logs.append(ReadLog(file: file, summary: summary, calls: recorder.calls, messages: recorder.messages))
      } catch {
        issues.append(LogIssue(.unreadableFile, at: LogLocation(file: file.path, line: 0), reason: error.reason))
      }
    }
    withExtendedLifetime(found.copies) {}
  }
}

/// A folder that is gone when the test is over.
final class TestFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "headroom-tests-" + UUID().uuidString, isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders above it.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

  /// Names, sizes and times of everything below a folder: two of them are equal when nothing was touched.
  static func listing(of path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted().map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
      let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(name) \(attributes[.size] as? UInt64 ?? 0) \(time)"
    }
  }
}
