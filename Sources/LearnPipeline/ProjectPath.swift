internal import SessionModel

/// Finds the project that a working directory belongs to.
struct ProjectPath {
  let world: World

  /// The main checkout for a worktree, else the folder itself.
  func project(of folder: String) -> String {
    let marks = Self.worktreeMarks.compactMap { folder.range(of: $0)?.lowerBound }
    if let mark = marks.min() { return String(folder[..<mark]) }
    guard let link = world.read(folder + "/.git"), link.starts(with: "gitdir: ".utf8) else { return folder }
    let target = String(decoding: link.dropFirst(8), as: UTF8.self).prefix { $0 != "\n" }
    let gitFolder = PathText.resolved(String(target), in: folder)
    guard let mark = gitFolder.range(of: "/.git/worktrees/") else { return folder }
    return String(gitFolder[..<mark.lowerBound])
  }

  /// The main checkout of a folder such as `…/worktrees/shop/issue-7`, when the disk no longer tells: the one project
  /// among those with logs that has the name of the folder below `worktrees`.
  func mainCheckout(of folder: String, among projects: Set<String>) -> String {
    guard folder.holds("/worktrees/") else { return folder }
    let parts = folder.split(separator: "/")
    guard let mark = parts.lastIndex(of: "worktrees"), mark + 2 < parts.count, !world.fileExists(folder) else {
      return folder
    }
    let found = projects.filter { PathText.name(of: $0) == parts[mark + 1] && !$0.holds("/worktrees/") }
    return found.count == 1 ? found.first ?? folder : folder
  }

  /// Worktrees that agents make themselves lie inside the main checkout, also when the disk is not at hand.
  private static let worktreeMarks = ["/.claude/worktrees/", "/.git/worktrees/", "/.worktrees/"]
}
