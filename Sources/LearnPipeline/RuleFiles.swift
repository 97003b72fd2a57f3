#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds rule files that a person named.
public enum RuleFiles {
  public struct File: Sendable {
    public var name: String
    public var text: String
  }

  /// A rule file that cannot be used.
  public struct Unreadable: Error, CustomStringConvertible {
    public var path: String
    public var reason: String

    public var description: String { "cannot read \(path): \(reason)" }
  }

  /// The text of a file, without the mark that some editors put at the start.
  static func text(of bytes: [UInt8]) -> String {
    String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
  }

  /// The files named, and the `.yaml` and `.yml` files of the folders named, by name.
  /// - Parameter mayBeEmpty: A folder without such files is no fault.
  /// - Throws: `Unreadable`.
  public static func files(
    in paths: [String], world: World, mayBeEmpty: Bool = false
  ) throws(Unreadable) -> [File] {
    var files: [File] = []
    for path in paths {
      var names = [path]
      if world.isFolder(path) {
        do {
          names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            // Editors and file systems leave hidden copies.
            .filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".") }.map { path + "/" + $0 }
        } catch {
          throw Unreadable(path: path, reason: "the folder cannot be listed; check its permissions")
        }
        if names.isEmpty, !mayBeEmpty { throw Unreadable(path: path, reason: "there is no .yaml file in this folder") }
      }
      for name in names {
        guard let bytes = world.read(name) else {
          let reason = world.fileExists(name) ? "it cannot be opened; check its permissions" : "there is no such file"
          throw Unreadable(path: name, reason: reason)
        }
        files.append(File(name: name, text: text(of: bytes)))
      }
    }
    return files
  }
}
