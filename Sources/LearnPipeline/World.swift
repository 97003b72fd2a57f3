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

/// The machine as the pipeline sees it: tests replace it as a whole.
public struct World: Sendable {
  public var variables: [String: String]
  public var home: String
  public var currentDirectory: String
  /// Today as `YYYY-MM-DD`.
  public var today: String
  /// Microseconds since 1970: later runs have greater numbers.
  public var moment: UInt64
  public var fileExists: @Sendable (_ path: String) -> Bool
  public var isFolder: @Sendable (_ path: String) -> Bool
  /// The bytes of a file; nil when it cannot be read.
  public var read: @Sendable (_ path: String) -> [UInt8]?
  /// What a symbolic link points to, as it is written; nil for everything else.
  public var linkTarget: @Sendable (_ path: String) -> String?

  let catalog = AgentCatalog()

  public init(
    variables: [String: String], home: String, currentDirectory: String, today: String,
    fileExists: @escaping @Sendable (String) -> Bool, isFolder: @escaping @Sendable (String) -> Bool,
    read: @escaping @Sendable (String) -> [UInt8]?, linkTarget: @escaping @Sendable (String) -> String? = { _ in nil },
    moment: UInt64 = 0
  ) {
    self.variables = variables
    self.home = home
    self.currentDirectory = currentDirectory
    self.today = today
    self.fileExists = fileExists
    self.isFolder = isFolder
    self.read = read
    self.linkTarget = linkTarget
    self.moment = moment
  }

  /// This process, this disk, this day.
  public static var real: World {
    let variables = ProcessInfo.processInfo.environment
    return World(
      variables: variables, home: variables["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path,
      currentDirectory: FileManager.default.currentDirectoryPath, today: Self.date(),
      fileExists: { FileStatus(of: $0) != nil },
      isFolder: { FileStatus(of: $0)?.isFolder == true },
      // Most of what is asked for is not there, which the disk alone tells sooner.
      read: { path in
        guard FileStatus(of: path) != nil else { return nil }
        return FileManager.default.contents(atPath: path).map { Array($0) }
      },
      linkTarget: { path in
        guard FileStatus(of: path, followsLinks: false)?.isLink == true else { return nil }
        return try? FileManager.default.destinationOfSymbolicLink(atPath: path)
      },
      moment: UInt64(max(0, Date().timeIntervalSince1970 * 1_000_000)))
  }

  private static func date() -> String {
    var (now, date) = unsafe (time(nil), tm())
    unsafe localtime_r(&now, &date)
    func padded(_ number: Int32, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return unsafe "\(padded(date.tm_year + 1900, 4))-\(padded(date.tm_mon + 1, 2))-\(padded(date.tm_mday, 2))"
  }

  /// The same world, with the logs of every agent in one folder.
  public func withSessions(in folder: String) -> World {
    var world = self
    for name in Agents.all.flatMap(\.places).flatMap(\.variables) { world.variables[name] = folder }
    world.variables["OPENCODE_DB"] = nil
    return world
  }

  /// What can be made again.
  public var cacheFolder: String { (agents["XDG_CACHE_HOME"] ?? home + "/.cache") + "/headroom" }

  /// Where the tool keeps what it must remember.
  public var stateFolder: String { (agents["XDG_STATE_HOME"] ?? home + "/.local/state") + "/headroom" }
}
