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

    init(from: String, to: String, _ moves: [Observation]) {
      self.from = from
      self.to = to
      ruleID = moves.compactMap(\.ruleID).min() ?? "files/missing"
      evidence = Evidence(key: LessonKey(ruleID: "path", values: [from, to]), moves)
      wrongPaths = Set(moves.compactMap(\.correction?.from)).sorted()
      rightPaths = Set(moves.compactMap(\.correction?.text)).sorted()
      let counted = Dictionary(grouping: moves.compactMap(\.correction?.text)) { PathText.relative($0, to: to) }
      names = counted.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.key)
    }

    private var isFolder: Bool { wrongPaths.count > 1 }

    /// A path that was wrong and worked later on.
    func contradiction(by successes: SuccessTally) -> String? {
      wrongPaths.first { path in
        let lastFailure = evidence.observations.last { $0.correction?.from == path }?.timestamp ?? ""
        return (successes.paths[path]?.lastSeen ?? "") > lastFailure
      }
    }

    func line(project: String) -> String? {
      guard let wrong = SlotValue.checked(from, slot: "path", project: project),
        let right = SlotValue.checked(to, slot: "path", project: project), wrong != right
      else { return nil }
      if !isFolder { return "`\(wrong)` does not exist: it is `\(right)`" }
      let examples = names.prefix(3).compactMap { SlotValue.checked($0, slot: "path", project: project) }
      let list = examples.map { "`\($0)`" }.joined(separator: ", ")
      // The wrong folder may well exist: what was looked for is not in it.
      return "Look below `\(right)/`, not `\(wrong)/`: \(list)"
    }
  }

  static func groups(of moves: [Observation], project: String) -> [Group] {
    var byFile: [Change: [Observation]] = [:]
    for move in moves {
      guard let correction = move.correction else { continue }
      byFile[Change(from: correction.from, to: correction.text), default: []].append(move)
    }
    // Folder changes that at least two files share, the most shared first; a file is told once.
    var shared: [Change: Set<Change>] = [:]
    for change in byFile.keys {
      for folder in change.folders(project: project) { shared[folder, default: []].insert(change) }
    }
    var groups: [Group] = []
    var told: Set<Change> = []
    let ordered = shared.filter { $0.value.count > 1 }.sorted { left, right in
      if left.value.count != right.value.count { return left.value.count > right.value.count }
      // The longer folder says more.
      if left.key.from.count != right.key.from.count { return left.key.from.count > right.key.from.count }
      return left.key < right.key
    }
    for (folder, files) in ordered {
      let fresh = files.subtracting(told)
      guard fresh.count > 1 else { continue }
      told.formUnion(fresh)
      groups.append(Group(from: folder.from, to: folder.to, fresh.sorted().flatMap { byFile[$0] ?? [] }))
    }
    for (change, moves) in byFile.sorted(by: { $0.key < $1.key }) where !told.contains(change) {
      groups.append(Group(from: change.from, to: change.to, moves))
    }
    return groups
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
        // The project itself is no folder to be looked for elsewhere.
        guard !wrong.isEmpty, !right.isEmpty, change.from != project, change.to != project,
          !project.hasPrefix(change.from + "/")
        else { break }
        found.append(change)
      }
      return found
    }
  }
}
