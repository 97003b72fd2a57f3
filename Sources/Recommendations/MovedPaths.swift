internal import RuleEngine
internal import SessionModel

/// Wrong paths that turned out to be somewhere else, put together by what differs: when many files under one folder were
/// looked for in another, that is one lesson.
enum MovedPaths {
  struct Group {
    /// The part that differs: a folder for several files, else the whole path.
    let from: String
    let to: String
    let evidence: Evidence
    let ruleID: String
    let wrongPaths: [String]
    let rightPaths: [String]
    private let names: [String]
    /// Who wrote both paths at worst: a page that names one must not have it written.
    private let origin: ValueOrigin

    /// The paths are right, but for another folder than the shell was in.
    private let isWrongFolder: Bool

    /// - Parameter names: What the line shows of the paths, by observation.
    init(from: String, to: String, isWrongFolder: Bool = false, _ moves: [Observation], name: (Observation) -> String?)
    {
      self.from = from
      self.to = to
      self.isWrongFolder = isWrongFolder
      ruleID = moves.compactMap(\.ruleID).min() ?? "files/missing"
      evidence = Evidence(key: LessonKey(ruleID: "path", values: [from, to]), moves)
      wrongPaths = Set(moves.compactMap(\.correction?.from)).sorted()
      rightPaths = Set(moves.compactMap(\.correction?.text)).sorted()
      origin = moves.flatMap { [$0.origins["path"] ?? .tool, $0.correction?.origin ?? .tool] }.min() ?? .tool
      let counted = Dictionary(grouping: moves.compactMap(name)) { $0 }
      names = counted.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.key)
    }

    private var isFolder: Bool { wrongPaths.count > 1 || isWrongFolder }

    /// A path that was wrong and worked later on.
    func contradiction(by successes: SuccessTally) -> String? {
      wrongPaths.first { path in
        let lastFailure = evidence.observations.last { $0.correction?.from == path }?.timestamp ?? ""
        return (successes.paths[path]?.lastSeen ?? "") > lastFailure
      }
    }

    func line(project: String) -> String? {
      func fit(_ path: String) -> String? {
        SlotValue.checked(path, slot: "path", from: origin, project: project)
      }
      guard let wrong = isWrongFolder ? "" : fit(from), let right = fit(to), wrong != right else { return nil }
      let checked = names.prefix(3).compactMap(fit)
      guard !isFolder || !checked.isEmpty else { return nil }
      let examples = checked.map { "`\($0)`" }.joined(separator: ", ")
      if isWrongFolder {
        let place = to == project ? "the project root" : "`\(right)/`"
        return
          "Paths such as \(examples) hold from \(place): the shell keeps the folder of the last `cd`, so use absolute paths"
      }
      if !isFolder { return "`\(wrong)` does not exist: it is `\(right)`" }
      // The wrong folder may well exist: what was looked for is not in it.
      let place = from == project ? "the project root" : "`\(wrong)/`"
      return "Look below `\(right)/`, not \(place): \(examples)"
    }
  }

  static func groups(of moves: [Observation], project: String) -> [Group] {
    var byFile: [Change: [Observation]] = [:]
    var byFolder: [String: [Observation]] = [:]
    for move in moves {
      guard let correction = move.correction else { continue }
      if let folder = folderMeant(by: move) {
        byFolder[folder, default: []].append(move)
        continue
      }
      byFile[Change(from: correction.from, to: correction.text), default: []].append(move)
    }
    // Folder changes that at least two files share, the most shared first; a file is told once.
    var shared: [Change: Set<Change>] = [:]
    for change in byFile.keys {
      for folder in change.folders(project: project) { shared[folder, default: []].insert(change) }
    }
    var groups = byFolder.sorted { $0.key < $1.key }.map { folder, moves in
      Group(from: "", to: folder, isWrongFolder: true, moves) { $0.slots["path"] }
    }
    var told: Set<Change> = []
    let ordered = shared.filter { $0.value.count > 1 }.sorted { left, right in
      // "Not in the project root" says less than a folder does: it has to cover clearly more.
      let weights = [left, right].map { $0.value.count * ($0.key.from == project ? 4 : 5) }
      if weights[0] != weights[1] { return weights[0] > weights[1] }
      // The longer folder says more.
      if left.key.from.count != right.key.from.count { return left.key.from.count > right.key.from.count }
      return left.key < right.key
    }
    for (folder, files) in ordered {
      let fresh = files.subtracting(told)
      guard fresh.count > 1 else { continue }
      told.formUnion(fresh)
      groups.append(
        Group(from: folder.from, to: folder.to, fresh.sorted().flatMap { byFile[$0] ?? [] }) {
          $0.correction.map { PathText.relative($0.text, to: folder.to) }
        })
    }
    for (change, moves) in byFile.sorted(by: { $0.key < $1.key }) where !told.contains(change) {
      groups.append(Group(from: change.from, to: change.to, moves) { _ in nil })
    }
    return groups
  }

  /// The folder from which a relative path of a shell command would have been right.
  private static func folderMeant(by move: Observation) -> String? {
    guard move.tool == .shell, let given = move.slots["path"], !given.hasPrefix("/"), !given.hasPrefix("~"),
      let right = move.correction?.text, right.hasSuffix("/" + given)
    else { return nil }
    let folder = right.dropLast(given.count + 1)
    return folder.isEmpty ? nil : String(folder)
  }

  private struct Change: Hashable, Comparable {
    var from: String
    var to: String

    static func < (left: Change, right: Change) -> Bool { (left.from, left.to) < (right.from, right.to) }

    /// The pairs of folders that are left when common ends are taken off, one component after another.
    func folders(project: String) -> [Change] {
      var wrong = from.split(separator: "/")
      var right = to.split(separator: "/")
      var found: [Change] = []
      while let last = wrong.last, last == right.last {
        wrong.removeLast()
        right.removeLast()
        let change = Change(from: "/" + wrong.joined(separator: "/"), to: "/" + right.joined(separator: "/"))
        // Above the project there is nothing to say.
        guard !right.isEmpty, change.to != project, !project.hasPrefix(change.from + "/") else { break }
        found.append(change)
      }
      return found
    }
  }
}
