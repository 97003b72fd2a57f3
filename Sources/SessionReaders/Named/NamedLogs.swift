internal import SessionModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds the logs of formats that have no place of their own: files, folders of files, and standard input, as they were
/// named on the command line.
enum NamedLogs {
  /// - Parameter suffixes: What the names of logs end in; files that were named themselves may be called anything.
  static func discover(in environment: AgentEnvironment, suffixes: [String]) -> Discovery {
    var found = Discovery()
    var listing = FolderListing()
    // Logs that name no folder are taken for logs of the project that is asked for.
    let hint = environment.knownFolders.first
    for path in environment.namedLogs {
      if path == "-" {
        addStandardInput(to: &found, hint: hint)
      } else if listing.isFolder(path) {
        let files = listing.files(below: path) { name in suffixes.contains { name.hasSuffix($0) } }
        found.files += files.map { LogFile(path: $0.path, size: $0.size, projectHint: hint, group: $0.path) }
      } else {
        found.files.append(LogFile(path: path, size: listing.size(of: path), projectHint: hint, group: path))
      }
    }
    found.issues += listing.issues
    return found
  }

  /// Standard input is kept in a file, because a log may be read more than once.
  private static func addStandardInput(to found: inout Discovery, hint: String?) {
    do {
      let copy = try TemporaryCopy()
      let path = copy.folder + "/input"
      let size = try StandardInput.copy(to: path)
      found.copies.append(copy)
      found.files.append(LogFile(path: "-", copy: path, size: size, projectHint: hint, group: "-"))
    } catch let error as ReadError {
      found.issues.append(LogIssue(.unreadableFile, at: LogLocation(file: "-", line: 0), reason: error.reason))
    } catch {
      let reason = "there is no folder for a copy of it; check TMPDIR"
      found.issues.append(LogIssue(.unreadableFile, at: LogLocation(file: "-", line: 0), reason: reason))
    }
  }
}
