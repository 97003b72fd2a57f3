internal import RuleEngine
internal import RulePack
internal import SessionModel

/// Wrong paths that turned out to be somewhere else, put together by what differs: when many files under one folder were
/// looked for in another, that is one lesson.
enum MovedPaths {
  /// What stands for the rule in the keys of such lessons.
  static let key = "path"
  static let searchKey = "search"

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

    let kind: Kind

    enum Kind {
      case moved
      /// The paths are right, but for another folder than the shell was in.
      case wrongFolder
      /// What was searched for is in another folder.
      case search
    }

    /// - Parameters:
    ///   - name: What the line shows of the paths, by observation.
    ///   - others: More names that may be shown, the best first.
    init(
      from: String, to: String, kind: Kind = .moved, _ moves: [Observation], others: [String] = [],
      name: (Observation) -> String?
    ) {
      self.from = from
      self.to = to
      self.kind = kind
      ruleID = moves.compactMap(\.ruleID).min() ?? "files/missing"
      evidence = Evidence(
        key: LessonKey(ruleID: kind == .search ? MovedPaths.searchKey : MovedPaths.key, values: [from, to]), moves)
      wrongPaths = Set(moves.compactMap(\.correction?.from)).sorted()
      rightPaths = Set(moves.compactMap(\.correction?.text)).sorted()
      origin = moves.flatMap { [$0.origins["path"] ?? .tool, $0.correction?.origin ?? .tool] }.min() ?? .tool
      let counted = Dictionary(grouping: moves.compactMap(name)) { $0 }
      let own = counted.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.key)
      names = own.prefix(3) + others.filter { !own.prefix(3).contains($0) }
    }

    /// Commands that were given such paths, those that tell something of the project.
    private var commands: [String] {
      let heads = evidence.observations.compactMap { $0.slots["head"] }.filter { $0.holds(" ") }
      let counted = Dictionary(grouping: heads) { $0 }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      return counted.prefix(2).compactMap { SlotValue.checked($0.key, slot: "head", from: .agent, project: "") }
    }

    private var isFolder: Bool { wrongPaths.count > 1 || kind == .wrongFolder }

    func line(project: String) -> String? {
      func fit(_ path: String) -> String? {
        SlotValue.checked(path, slot: "path", from: origin, project: project)
      }
      guard let wrong = kind == .wrongFolder ? "" : fit(from), let right = fit(to), wrong != right else { return nil }
      if kind == .search { return "Search below `\(right)/`, not `\(wrong)/`: searches there came back empty" }
      let checked = names.prefix(kind == .wrongFolder ? 2 : 6).compactMap(fit)
      guard !isFolder || !checked.isEmpty else { return nil }
      let examples = checked.map { "`\($0)`" }.joined(separator: ", ")
      if kind == .wrongFolder {
        let place = to == project ? "the project root" : "`\(right)/`"
        let subject = commands.isEmpty ? "Paths" : commands.map { "`\($0)`" }.joined(separator: " and ")
        let verb =
          switch commands.count {
          case 0: "such as \(examples) fail"
          case 1: "fails on paths such as \(examples)"
          default: "fail on paths such as \(examples)"
          }
        return "\(subject) \(verb) where the shell is not in \(place), as after a `cd`: use absolute paths"
      }
      if !isFolder { return "`\(wrong)` does not exist: it is `\(right)`" }
      // The wrong folder may well exist: what was looked for is not in it.
      let place = from == project ? "the project root" : "`\(wrong)/`"
      return "Look below `\(right)/`, not \(place): \(examples)"
    }
  }

  /// Searches that found nothing in one folder and something in another.
  static func searches(_ observations: [Observation]) -> [Group] {
    let byChange = Dictionary(grouping: observations) { observation in
      Change(from: observation.correction?.from ?? "", to: observation.correction?.text ?? "")
    }
    return byChange.sorted { $0.key < $1.key }.map {
      Group(from: $0.key.from, to: $0.key.to, kind: .search, $0.value) { _ in nil }
    }
  }

  /// - Parameter used: The paths that were used with success: those that many sessions need are named first.
  static func groups(
    of moves: [Observation], project: String, used: [String: SuccessTally.Count] = [:]
  ) -> [Group] {
    var byFile: [Change: [Observation]] = [:]
    var byFolder: [String: [Observation]] = [:]
    for move in moves {
      guard let correction = move.correction else { continue }
      if let folder = folderMeant(by: move, project: project) {
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
      Group(from: "", to: folder, kind: .wrongFolder, moves) { $0.slots["path"] }
    }
    var told: Set<Change> = []
    var named: Set<String> = []
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
        Group(
          from: folder.from, to: folder.to, fresh.sorted().flatMap { byFile[$0] ?? [] },
          others: named.insert(folder.to).inserted ? mostUsed(below: folder.to, used) : []
        ) {
          $0.correction.map { PathText.relative($0.text, to: folder.to) }
        })
    }
    for (change, moves) in byFile.sorted(by: { $0.key < $1.key }) where !told.contains(change) {
      groups.append(Group(from: change.from, to: change.to, moves) { _ in nil })
    }
    return groups
  }

  /// The files below a folder that several sessions worked on: a session that takes the folder for another will miss these.
  private static func mostUsed(below folder: String, _ used: [String: SuccessTally.Count]) -> [String] {
    let below = used.filter { $0.value.logs > 1 && $0.key.hasPrefix(folder + "/") }
    let ordered = below.sorted {
      ($1.value.logs, $1.value.times, $0.key) < ($0.value.logs, $0.value.times, $1.key)
    }
    return ordered.prefix(6).map { PathText.relative($0.key, to: folder) }
  }

  /// Whether a path was looked for where a line says that it is not.
  /// - Parameter from: The wrong path or folder; empty when the line is about the folder that the shell is in.
  static func names(_ observation: Observation, from: String, to: String) -> Bool {
    guard observation.category == .wrongPath || observation.category == .isDirectory,
      let given = observation.slots["path"]
    else { return false }
    if from.isEmpty {
      return observation.tool == .shell && !given.hasPrefix("/")
        && observation.workingDirectory.map { $0 != to } ?? false
    }
    let path = PathText.resolved(given, in: observation.workingDirectory)
    return path == from || path.hasPrefix(from + "/") && !path.hasPrefix(to + "/")
  }

  /// The folder from which a relative path of a shell command would have been right.
  private static func folderMeant(by move: Observation, project: String) -> String? {
    guard move.tool == .shell, let given = move.slots["path"], !given.hasPrefix("/"), !given.hasPrefix("~"),
      let right = move.correction?.text, right.hasSuffix("/" + given)
    else { return nil }
    let folder = right.dropLast(given.count + 1)
    // A `cd` leads away from the root, or deeper: what is elsewhere was not missed for one.
    let isAbove = folder.hasPrefix(project + "/") && move.workingDirectory?.hasPrefix(folder + "/") == true
    return folder == project || isAbove ? String(folder) : nil
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
