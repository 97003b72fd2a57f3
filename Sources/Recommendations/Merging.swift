internal import SessionModel

/// Puts lines together that differ in one value only: three modules that one interpreter lacks are one thing to know.
public enum Merging {
  /// Values that one line can name before it is hard to read.
  private static let mostValues = 4

  /// - Returns: The drafts in their order, and those that another one tells as well.
  public static func merge(_ drafts: [Draft]) -> (drafts: [Draft], leftOut: [LeftOut]) {
    var merged: [(draft: Draft, values: Int)] = []
    var leftOut: [LeftOut] = []
    for draft in drafts {
      let place = merged.indices.first { index in
        merged[index].values < mostValues && merged[index].draft.joined(with: draft) != nil
      }
      if let place, let joined = merged[place].draft.joined(with: draft) {
        merged[place] = (joined, merged[place].values + 1)
        leftOut.append(LeftOut(draft, .toldBy(id: joined.id)))
      } else {
        merged.append((draft, 1))
      }
    }
    return (merged.map { $0.values > 1 ? $0.draft.inPlural : $0.draft }, leftOut)
  }
}

extension Draft {
  /// One line for both; nil when they differ in more than one value.
  fileprivate func joined(with other: Draft) -> Draft? {
    // Two rules that tell the same of the same thing; the dearer one comes first.
    if trigger == other.trigger, !trigger.values.isEmpty { return adding(other, text: text, trigger: trigger) }
    guard ruleID == other.ruleID, target == other.target, section == other.section, correction == other.correction
    else { return nil }
    let names = trigger.values.keys.filter { trigger.values[$0] != other.trigger.values[$0] }
    guard names.count == 1, let name = names.first, trigger.values.count == other.trigger.values.count,
      let own = trigger.values[name], let new = other.trigger.values[name]
    else { return nil }
    // What is named first in a merged line is what the other line names.
    let first = own.split(separator: Draft.between).first.map(String.init) ?? own
    let text = shortText ?? text
    guard
      text.replacing("`\(own.replacing(Draft.between, with: "`, `"))`", with: "`\(first)`")
        == (other.shortText ?? other.text).replacing("`\(new)`", with: "`\(first)`")
    else { return nil }
    let all = own + Draft.between + new
    return adding(
      other,
      text: text.replacing(
        "`\(own.replacing(Draft.between, with: "`, `"))`", with: "`\(all.replacing(Draft.between, with: "`, `"))`"),
      trigger: Trigger(category: trigger.category, values: trigger.values.merging([name: all]) { $1 }))
  }

  private func adding(_ other: Draft, text: String, trigger: Trigger) -> Draft {
    Draft(
      id: id, ruleID: ruleID, section: section, target: target, text: text, trigger: trigger, correction: correction,
      confidence: min(confidence, other.confidence),
      evidence: Evidence(key: evidence.key, evidence.observations + other.evidence.observations),
      tokensPerSession: tokensPerSession + other.tokensPerSession)
  }

  /// The same, with the verb behind a list of values as several of them need it.
  fileprivate var inPlural: Draft {
    for value in trigger.values.values where value.holds(Draft.between) {
      let list = "`\(value.replacing(Draft.between, with: "`, `"))`"
      guard let place = text.range(of: list),
        let verb = Self.verbs.first(where: { text[place.upperBound...].begins(with: $0.one) })
      else { continue }
      return worded(text[..<place.upperBound] + verb.many + text[place.upperBound...].dropFirst(verb.one.count))
    }
    return self
  }

  private static let verbs: [(one: String, many: String)] = [
    (" is ", " are "), (" has ", " have "), (" does not ", " do not "), (" needs ", " need "), (" takes ", " take "),
    (" fails ", " fail "), (" often runs ", " often run "), (" often fails ", " often fail "), (" fits ", " fit "),
    (" works ", " work "), (" asks ", " ask "), (" rewrites ", " rewrite "),
  ]

  private static let between = ", "
}
