internal import SessionModel

/// Finds the project that each log belongs to, by all logs of an agent together.
struct ProjectFinder {
  private let paths: ProjectPath
  /// The working directories of main sessions, by session and by group of logs.
  private var bySession: [String: String] = [:]
  private var byGroup: [String: String] = [:]
  /// The main checkouts of the folders that sessions worked in.
  private let checkouts: [String: String]
  private let projects: Set<String>
  private var known: [String: String] = [:]

  init(_ logs: [(file: LogFile, session: SessionInfo)], world: World) {
    let paths = ProjectPath(world: world)
    self.paths = paths
    for log in logs where !Self.isSubagent(log.file, log.session) {
      guard let folder = log.session.workingDirectory else { continue }
      if bySession[log.session.id] == nil { bySession[log.session.id] = folder }
      if byGroup[log.file.group] == nil { byGroup[log.file.group] = folder }
    }
    var checkouts: [String: String] = [:]
    for folder in logs.lazy.compactMap(\.session.workingDirectory) where checkouts[folder] == nil {
      checkouts[folder] = paths.project(of: folder)
    }
    self.checkouts = checkouts
    projects = Set(checkouts.values)
  }

  /// The project folder; the name of the folder of the log where nothing tells more.
  mutating func project(of file: LogFile, _ session: SessionInfo) -> String {
    let folder = told(file, session) ?? PathText.name(of: file.group)
    if let path = known[folder] { return path }
    let path = paths.mainCheckout(of: checkouts[folder] ?? paths.project(of: folder), among: projects)
    known[folder] = path
    return path
  }

  /// Whether something tells the project of a log.
  func isTold(_ file: LogFile, _ session: SessionInfo) -> Bool { told(file, session) != nil }

  /// A subagent belongs to the project of the session that started it, wherever it worked.
  private func told(_ file: LogFile, _ session: SessionInfo) -> String? {
    let parent = Self.isSubagent(file, session) ? bySession[session.parentID ?? session.id] : nil
    return parent ?? session.workingDirectory ?? file.projectHint ?? byGroup[file.group]
  }

  /// Whether a subagent wrote it, by where it is or by what it says.
  private static func isSubagent(_ file: LogFile, _ session: SessionInfo) -> Bool {
    file.isSubagent || session.parentID != nil
  }
}
