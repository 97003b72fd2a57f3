internal import AnalysisCache
internal import BuiltinRules
internal import RulePack
internal import SessionModel
internal import SessionReaders

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What earlier runs made of the logs, for runs that would make the same of them: a log is read anew only when it, the
/// rules, the options or the tool have changed.
public struct ResultCache: Sendable {
  private let store: AnalysisStore

  /// - Parameter warn: Told once, in a sentence, when the cache cannot be used.
  public init(in world: World, warn: @escaping @Sendable (String) -> Void) {
    store = AnalysisStore(folder: world.cacheFolder, complain: warn)
  }

  /// The results for one agent.
  func shelf(
    of plugin: some AgentPlugin, rules: [Rule], ignoringFlags: Bool, mainOnly: Bool, in environment: AgentEnvironment
  ) -> LogShelf {
    var digest = Digest()
    func add(_ text: String) {
      for byte in text.utf8 { digest.add(byte) }
      digest.add(0)
    }
    add(Self.tool)
    add(ignoringFlags ? "ignoring flags" : "")
    add(mainOnly ? "main only" : "")
    // Those that are built in are part of the tool.
    if rules != BuiltinRules.rules { add(FlatForm.encode(rules)) }
    return LogShelf(
      ShelfKey(
        agent: plugin.name, place: plugin.home(in: environment), fingerprint: digest.value,
        holdsNamedLogs: plugin.readsNamedLogs),
      in: store)
  }

  /// The running program as the disk tells it: any change to it may change what it makes of a log.
  private static let tool: String = {
    #if os(Linux)
      let path = "/proc/self/exe"
    #else
      let path = Bundle.main.executablePath ?? ""
    #endif
    let stamp = FileStamp(of: path)
    return "\(stamp.size) \(stamp.modified)"
  }()

  /// Nanoseconds since 1970. The file system's clock may be a tick behind.
  static var moment: Int { Int(Date().timeIntervalSince1970 * 1_000_000_000) }
}
