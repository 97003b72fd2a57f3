internal import RuleEngine
internal import RulePack
internal import SessionModel

/// What makes a command work that fails without it, whatever the rule that explains the failure.
struct Remedy {
  enum Kind: String, CaseIterable {
    /// Another command has to run first.
    case step
    /// The command needs an option or a variable.
    case option
    /// The command needs another folder, a variable, or a shell that is set up.
    case surroundings

    /// - Returns: nil when a correction of this kind says what to do instead.
    init?(_ kind: Correction.Kind?) {
      switch kind {
      case .step: self = .step
      case .option: self = .option
      case .surroundings: self = .surroundings
      case .path, .command, .escalation, .call, nil: return nil
      }
    }
  }

  let kind: Kind
  /// The head of the command that fails.
  let command: String
  /// The other command, or the head with the option.
  let text: String
  let evidence: Evidence
  let ruleID: String
  let category: Category

  /// - Parameter observations: Failures whose correction is of this kind.
  static func groups(of observations: [Observation], _ kind: Kind) -> [Remedy] {
    var groups: [LessonKey: [Observation]] = [:]
    for observation in observations {
      guard let correction = observation.lastingCorrection else { continue }
      let key = LessonKey(ruleID: kind.rawValue, values: [correction.from, correction.text])
      groups[key, default: []].append(observation)
    }
    return groups.sorted { $0.key < $1.key }.compactMap { key, observations in
      guard let first = observations.first else { return nil }
      let ruleID = observations.compactMap(\.ruleID).min() ?? key.ruleID
      return Remedy(
        kind: kind, command: key.values[0], text: key.values[1], evidence: Evidence(key: key, observations),
        ruleID: ruleID, category: first.category)
    }
  }

  /// - Parameters:
  ///   - head: The command, as it may be shown.
  ///   - fix: The text, as it may be shown.
  func line(head: String, fix: String) -> String {
    let often = category == .lintFailure ? "often " : ""
    switch kind {
    case .step where fix == "cd .", .surroundings where fix == "cd .":
      return "Run `\(head)` in the project root: it fails elsewhere"
    case .step: return "Run `\(fix)` before `\(head)`, which \(often)fails otherwise"
    case .option:
      let additions = Self.additions(to: head, in: fix).joined(separator: " ")
      return "`\(head)` \(category == .timeout ? "does not end by itself" : "often fails") here without `\(additions)`"
    case .surroundings: return "Run `\(head)` as `\(fix)`: alone it fails"
    }
  }

  /// Whether the step is only to go to another folder.
  var movesOnly: Bool { kind == .step && text.hasPrefix("cd ") && !text.holds("&&") }

  /// Whether the step starts a service that goes on by itself.
  var startsService: Bool { Preparation.startsService(text) }

  /// What the head of the step may be, the longest first.
  var stepHeads: [String] {
    let words = text.split(separator: " ")
    let command = words.lastIndex(of: "&&").map { words[($0 + 1)...] } ?? words[...]
    return command.indices.reversed().map { command[...$0].joined(separator: " ") }
  }

  /// Whether nobody could tell a command by its head alone from the step, or from others that the head runs.
  static func isVague(_ head: String, before step: String) -> Bool {
    (step + " ").hasPrefix(head + " ") || Interpreters.contains(head)
  }

  /// The words of a command that are not those of the head.
  static func additions(to head: String, in command: String) -> [Substring] {
    var left = head.split(separator: " ")[...]
    return command.split(separator: " ").filter { word in
      guard let first = left.first, word == first || word.hasSuffix("/" + first) else { return true }
      left.removeFirst()
      return false
    }
  }
}
