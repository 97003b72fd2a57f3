internal import RuleEngine
internal import RulePack
internal import SessionModel

/// Fills the slots of a template with checked values.
struct LineRenderer {
  let evidence: Evidence
  let lesson: Lesson
  let project: String
  let successes: SuccessTally

  enum Result {
    case line(String, values: [String: String])
    case unfit(slot: String)
  }

  /// Values that one list can name before the line is hard to read.
  private static let mostValues = 3
  private static let mostForms = 4

  /// - Parameter fix: What worked instead, for templates that say so.
  func line(_ template: String, fix: Correction?) -> Result {
    var result = line(of: Slot.parts(of: template), fix: fix)
    if case .line(let text, var values) = result {
      // A correction that repeats what failed says nothing.
      if let written = values["fix"], values.contains(where: { $0.key != "fix" && $0.value == written }) {
        return .unfit(slot: "fix")
      }
      values["fix"] = nil
      result = .line(text, values: values)
    }
    return result
  }

  /// The line without its optional parts; nil when it has none.
  func shortLine(template: String?, fix: Correction?) -> String? {
    let parts = Slot.parts(of: template ?? "")
    let needed = parts.filter { part in if case .optional = part { false } else { true } }
    guard needed.count < parts.count, case .line(let text, _) = line(of: needed, fix: fix) else { return nil }
    return text
  }

  private func line(of parts: [Slot.Part], fix: Correction?) -> Result {
    var text = ""
    var values: [String: String] = [:]
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .slot(let slot):
        let name = slot == "head" && isVague(before: fix) ? "command" : slot
        guard let (value, origin) = name == "fix" ? fix.map({ ($0.text, $0.origin) }) : value(of: name),
          let checked = SlotValue.checked(value, slot: name, from: origin, project: project)
        else { return .unfit(slot: name) }
        text += checked
        values[name] = checked
      case .list(let name):
        let checked = list(of: name)
        guard !checked.isEmpty else { return .unfit(slot: name) }
        text += checked.map { "`\($0)`" }.joined(separator: ", ")
      case .optional(let parts):
        // What may be left out does not name the lesson.
        if case .line(let more, _) = line(of: parts, fix: fix) { text += more }
      }
    }
    return .line(text, values: values)
  }

  private func isVague(before fix: Correction?) -> Bool {
    guard let fix, fix.kind == .step, let head = evidence.slot("head") else { return false }
    return Remedy.isVague(head, before: fix.text)
  }

  private func value(of name: String) -> (text: String, origin: ValueOrigin)? {
    if name == "form" { return forms.first.map { ($0, .agent) } }
    guard let value = evidence.slot(name) else { return nil }
    let origin = evidence.origin(of: value, in: name)
    if name == "command" { return evidence.command.map { ($0, origin) } }
    guard name == "path", let folder = evidence.observations.first?.workingDirectory else { return (value, origin) }
    return (PathText.resolved(value, in: folder), origin)
  }

  /// The values of a slot that are fit to be written, the most frequent first.
  private func list(of name: String) -> [String] {
    if name == "form" {
      return forms.compactMap { SlotValue.checked($0, slot: "command", from: .agent, project: project) }
    }
    var counts: [String: Int] = [:]
    for observation in evidence.observations {
      guard let given = observation.slots[name] else { continue }
      var value = given
      if name == "path" {
        guard let file = lasting(PathText.resolved(given, in: observation.workingDirectory)) else { continue }
        value = file
      }
      let origin = evidence.origin(of: given, in: name)
      guard let checked = SlotValue.checked(value, slot: name, from: origin, project: project) else { continue }
      counts[name == "path" ? shortest(checked) : checked, default: 0] += uses(of: value, name)
    }
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ordered.prefix(Self.mostValues).map(\.key)
  }

  /// The file of the project that a path names: outside of it a path says nothing to others, and in a linked working copy
  /// it does not last.
  private func lasting(_ path: String) -> String? {
    guard path.hasPrefix(project + "/") else { return nil }
    guard let copies = path.firstRange(of: "worktrees/") else { return path }
    var rest = path[copies.upperBound...]
    while let slash = rest.firstIndex(of: "/") {
      rest = rest[rest.index(after: slash)...]
      let file = "\(project)/\(rest)"
      if successes.paths[file] != nil { return file }
    }
    return nil
  }

  /// As much of the end of a path as tells it from the other files of the project.
  private func shortest(_ path: String) -> String {
    let parts = path.split(separator: "/")
    for count in 1..<max(1, parts.count) {
      let end = "/" + parts.suffix(count).joined(separator: "/")
      let isShared = successes.paths.keys.contains { other in
        other.hasSuffix(end) && other != "\(project)/\(path)" && !other.holds("worktrees/")
      }
      if !isShared { return String(end.dropFirst()) }
    }
    return path
  }

  /// A file that is worked on in many sessions will be met again.
  private func uses(of value: String, _ slot: String) -> Int {
    slot == "path" ? 1 + (successes.paths[value]?.logs ?? 0) * 100 + (successes.paths[value]?.times ?? 0) : 1
  }

  /// The first two words of the commands that failed, and of the others that the program is used with in the project.
  private var forms: [String] {
    let commands = evidence.observations.compactMap { $0.slots["command"] ?? $0.slots["head"] }
    let failed = commands.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    let counted = Dictionary(grouping: failed) { $0 }.mapValues(\.count)
    var forms = counted.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    guard let program = evidence.slot("program") else { return Array(forms.prefix(Self.mostForms)) }
    let known = successes.uses.filter { $0.key.hasPrefix(program + " ") && $0.key.count(where: { $0 == " " }) == 1 }
    let others = known.sorted { ($1.value.times, $0.key) < ($0.value.times, $1.key) }.map(\.key)
    forms += others.filter { !forms.contains($0) }
    return Array(forms.prefix(Self.mostForms))
  }
}
