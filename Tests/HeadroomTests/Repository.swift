import Foundation

/// The checkout that the tests were built from.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let fixtures = root.appending(path: "Fixtures", directoryHint: .isDirectory)
  static let sources = root.appending(path: "Sources", directoryHint: .isDirectory)

  static func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }

  /// Names of the entries of a folder, dot-files left out.
  static func entries(of folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// All files below a folder as paths relative to it. Links are not followed.
  static func files(below folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
      return attributes?[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }
}

/// A folder that is removed when the test is over.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    let name = "headroom-" + UUID().uuidString.prefix(8).lowercased()
    let base = FileManager.default.temporaryDirectory.appending(path: name, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
    url = base.resolvingSymlinksInPath()
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }

  @discardableResult
  func write(_ text: String, to path: String) throws -> URL { try write(Data(text.utf8), to: path) }

  @discardableResult
  func write(_ data: Data, to path: String) throws -> URL {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file
  }

  func data(_ path: String) throws -> Data { try Data(contentsOf: url.appending(path: path)) }

  func text(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }

  /// Every file with its bytes.
  /// What a run remembers of the logs is left aside: it can be made again.
  func snapshot() throws -> [String: Data] {
    let files = try Repository.files(below: url).filter { !$0.contains("headroom/sessions.sqlite") }
    return try Dictionary(uniqueKeysWithValues: files.map { ($0, try data($0)) })
  }
}
