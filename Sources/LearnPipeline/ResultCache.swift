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
  /// The size in bytes of a log from which it is kept where its reading can go on.
  let resumableSize: Int

  /// - Parameters:
  ///   - resumableSize: Of logs of at least so many bytes it is kept where their reading can go on when they have grown. To
  ///     read a smaller one anew costs less, and there are many of these.
  ///   - warn: Told once, in a sentence, when the cache cannot be used.
  public init(in world: World, resumableSize: Int = 1_000_000, warn: @escaping @Sendable (String) -> Void) {
    store = AnalysisStore(folder: world.cacheFolder, complain: warn)
    self.resumableSize = resumableSize
  }

  /// The results for one agent.
  func shelf(
    of plugin: some AgentPlugin, rules: RuleSet, ignoringFlags: Bool, mainOnly: Bool, in environment: AgentEnvironment
  ) -> LogShelf {
    let options = [ignoringFlags ? "ignoring flags" : "", mainOnly ? "main only" : ""]
    return LogShelf(
      ShelfKey(
        agent: plugin.name, place: plugin.home(in: environment), fingerprint: Self.fingerprint(rules, options),
        holdsNamedLogs: plugin.readsNamedLogs),
      in: store)
  }

  /// What was learned of projects.
  /// - Parameter minimumEvidence: Replaces the number of times that each rule asks for.
  func lessons(_ selection: Selection, rules: RuleSet, minimumEvidence: Int?) -> ProjectShelf {
    let agents = selection.agents?.joined(separator: " ") ?? "auto"
    let options = ["lessons", selection.mainOnly ? "main only" : "", minimumEvidence.map(String.init) ?? ""]
    return ProjectShelf(
      ShelfKey(agent: "lessons", place: agents, fingerprint: Self.fingerprint(rules, options)), in: store)
  }

  private static func fingerprint(_ rules: RuleSet, _ options: [String]) -> UInt64 {
    var digest = Digest()
    for text in [tool] + options {
      for byte in text.utf8 { digest.add(byte) }
      digest.add(0)
    }
    switch rules {
    // They are part of the tool.
    case .builtin: break
    case .given(let given): for byte in "\(given.digest.value)".utf8 { digest.add(byte) }
    }
    return digest.value
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
