internal import RuleEngine
internal import RulePack
internal import SessionModel

/// Holds lessons against what worked: a success may show that one no longer holds, or never did.
struct Contradictions {
  let successes: SuccessTally
  /// Absolute path.
  let project: String

  /// What worked and speaks against a lesson, in the words that a report names it by.
  /// - Parameter category: What the failures have in common; nil when the lesson itself says that it works otherwise.
  func success(against evidence: Evidence, _ lesson: Lesson, _ category: Category?) -> String? {
    category.flatMap { success(against: evidence, of: $0) } ?? lesson.until.flatMap { success(of: $0, since: evidence) }
      ?? laterRun(of: evidence, lesson)
  }

  /// The same for what a command is said to need.
  func success(against remedy: Remedy) -> String? {
    switch remedy.kind {
    case .option: worksWithoutOptions(remedy) ? remedy.command : nil
    case .step where !remedy.movesOnly: worksWithoutStep(remedy) ? remedy.command : nil
    case .step, .surroundings: laterRun(of: remedy.evidence)
    }
  }

  /// Whether a command, or a program, worked so often.
  /// - Parameter since: ISO 8601: only when it worked after that, too.
  func worked(_ command: String, since: String = "", atLeast times: Int) -> Bool {
    [successes.commands[command], successes.programs[command]].contains { count in
      count.map { $0.times >= times && $0.lastSeen > since } ?? false
    }
  }

  /// When paths, or anything below them, were last used with success.
  func lastUses(of paths: Set<String>) -> [String: String] {
    let folders = paths.map { (path: $0, start: $0 + "/") }
    var uses = paths.reduce(into: [:]) { $0[$1] = successes.paths[$1]?.lastSeen }
    for (used, count) in successes.paths {
      for folder in folders where used.begins(with: folder.start) && count.lastSeen > uses[folder.path] ?? "" {
        uses[folder.path] = count.lastSeen
      }
    }
    return uses
  }

  private func success(against evidence: Evidence, of category: Category) -> String? {
    let last = evidence.lastSeen
    switch category {
    case .commandNotFound:
      let program = evidence.slot("program")
      return program.flatMap { successes.programs[$0] }.map { $0.lastSeen > last } == true ? program : nil
    case .authError:
      // Whoever is let in later has logged in.
      let names = [evidence.slot("head"), evidence.slot("program")].compactMap(\.self)
      return names.first { evidence.key.values.contains($0) && worked($0, since: last, atLeast: 1) }
    case .userRejected:
      // What is allowed far more often than refused need not be asked for each time. What was refused was in use, too.
      guard let head = evidence.slot("head"), evidence.key.values.contains(head), let uses = successes.uses[head],
        uses.times > 3 * evidence.count, uses.lastSeen > last
      else { return nil }
      return head
    case .blocked, .timeout:
      guard let head = evidence.slot("head"), evidence.key.values.contains(head) else { return nil }
      return worked(head, atLeast: evidence.count) || worked(head, since: last, atLeast: 2) ? head : nil
    case .wrongPath:
      guard let path = evidence.key.values.first, let count = successes.paths[path], count.lastSeen > last else {
        return nil
      }
      return PathText.relative(path, to: project)
    default: return nil
    }
  }

  private func success(of slot: Lesson.Refutation, since evidence: Evidence) -> String? {
    guard let name = evidence.slot(slot.rawValue) else { return nil }
    let last = evidence.lastSeen
    let hasWorked =
      switch slot {
      case .program, .head: worked(name, since: last, atLeast: 1)
      // One that works as often works in other cases.
      case .tool: successes.tools[name].map { $0.lastSeen > last || $0.times >= evidence.count } ?? false
      case .path:
        successes.paths[PathText.resolved(name, in: evidence.observations.last?.workingDirectory ?? project)]
          .map { $0.lastSeen > last } ?? false
      }
    return hasWorked ? name : nil
  }

  /// A lesson that names nothing is one about all commands: no single one speaks against it.
  private func laterRun(of evidence: Evidence, _ lesson: Lesson) -> String? {
    let slots = [lesson.fixed, lesson.otherwise].compactMap(\.self).flatMap(Slot.names)
    return slots.contains { $0 != "fix" } ? laterRun(of: evidence) : nil
  }

  /// A command that failed for lack of something, and later worked as it was given: that is there now.
  private func laterRun(of evidence: Evidence) -> String? {
    let last = evidence.lastSeen
    let run = evidence.observations.last { observation in
      Self.lasting.contains(observation.category)
        && observation.command.flatMap { successes.firstRuns[$0] }.map { $0 > last } ?? false
    }
    return run.map { $0.slots["command"] ?? $0.slots["head"] ?? $0.input }
  }

  /// What is wrong until somebody puts it right, whatever else is done.
  private static let lasting: Set<Category> = [
    .missingImport, .commandNotFound, .environmentError, .dependencyError, .permissionDenied, .badUsage,
  ]

  /// Whether a command works as often without the options that it is said to need.
  private func worksWithoutOptions(_ remedy: Remedy) -> Bool {
    let all = successes.commands[remedy.command]?.times ?? 0
    let words = remedy.text.split(separator: " ")
    let variables = words.prefix { $0.contains("=") }.map { $0.prefix { $0 != "=" } }
    let options = Remedy.additions(to: remedy.command, in: remedy.text).filter { $0.hasPrefix("--") && $0 != "--" }
    let names = variables.map { "\($0)= \(remedy.command)" } + options.map { "\(remedy.command) \($0)" }
    let with = names.map { successes.commands[$0]?.times ?? 0 }.min()
    return all - (with ?? remedy.evidence.count) >= remedy.evidence.count
  }

  /// Whether a command works in more sessions without the step that it is said to need. A service is off again the next
  /// day, and what a check finds fault with is written anew each time.
  private func worksWithoutStep(_ remedy: Remedy) -> Bool {
    guard remedy.category != .lintFailure, !remedy.startsService,
      let step = remedy.stepHeads.lazy.compactMap({ successes.uses[$0] }).first
    else { return false }
    let all = successes.commands[remedy.command]?.logs ?? 0
    return all - step.logs >= max(2, remedy.evidence.sessions)
  }
}
