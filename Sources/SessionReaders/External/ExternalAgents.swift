public import SessionModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds the programs `headroom-agent-NAME`.
///
/// A program is run only from a folder on PATH that the user chose: one with an absolute path, outside of the project that
/// is looked at, and that nobody else may write to. So nothing that a repository brings along is ever run.
public enum ExternalAgents {
  static let prefix = "headroom-agent-"

  /// The programs, each name once, and what was passed over.
  public static func found(in environment: AgentEnvironment) -> (plugins: [ExternalPlugin], issues: [LogIssue]) {
    var programs: [String: ExternalPlugin] = [:]
    var issues: [LogIssue] = []
    var listing = FolderListing()
    for folder in folders(in: environment) where listing.isFolder(folder) {
      for file in listing.fileNames(in: folder, where: { $0.hasPrefix(prefix) }) {
        let name = String(file.dropFirst(prefix.count))
        let path = folder + "/" + file
        guard programs[name] == nil, FileManager.default.isExecutableFile(atPath: path) else { continue }
        if let reason = objection(to: path, name: name, folder: folder, in: environment) {
          issues.append(
            LogIssue(.pluginFailure, at: LogLocation(file: path, line: 0), reason: "\(reason), and was not run"))
        } else {
          programs[name] = ExternalPlugin(name: name, program: path)
        }
      }
    }
    return (programs.keys.sorted().compactMap { programs[$0] }, issues)
  }

  private static func objection(
    to path: String, name: String, folder: String, in environment: AgentEnvironment
  ) -> String? {
    if let project = project(holding: path, in: environment) { return "it lies in the project \(project)" }
    if [folder, path].contains(where: { isWritableByOthers($0) }) { return "others may write to it" }
    if Agents.all.contains(where: { $0.name == name }) || name == "auto" { return "`\(name)` is built in" }
    let isName = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    return isName && !name.isEmpty && !name.hasPrefix("-") ? nil : "its name may hold only a-z, 0-9 and -"
  }

  /// The folders of PATH that do not depend on where the program is called.
  private static func folders(in environment: AgentEnvironment) -> [String] {
    (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
  }

  /// The project that a program lies in; nil when it lies elsewhere. The home folder, and what is above it, count as no
  /// project: programs of one's own are there.
  static func project(holding program: String, in environment: AgentEnvironment) -> String? {
    let folder = resolved(PathText.folder(of: program))
    let home = resolved(environment.home)
    return environment.knownFolders.first { candidate in
      let project = resolved(candidate)
      guard project != "/", !isInside(home, project) else { return false }
      return isInside(folder, project)
    }
  }

  private static func isInside(_ path: String, _ folder: String) -> Bool {
    path == folder || path.hasPrefix(folder + "/")
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  private static func isWritableByOthers(_ path: String) -> Bool {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path)) else { return true }
    return ((attributes[.posixPermissions] as? Int) ?? 0) & 0o002 != 0
  }

  /// How a program is run: it sees the variables of the user, and on PATH only folders that it could have come from.
  static func run(
    _ program: String, _ arguments: [String], limit: Int, in environment: AgentEnvironment
  ) -> ProgramRun {
    var variables = environment.variables
    variables["PATH"] = folders(in: environment).joined(separator: ":")
    variables["HOME"] = environment.home
    let seconds = environment["HEADROOM_AGENT_TIMEOUT"].flatMap { Int($0) } ?? 60
    return ProgramRun(
      program: program, arguments: arguments, variables: variables, seconds: max(1, seconds), limit: limit)
  }
}
