internal import RuleEngine
internal import RulePack
internal import SessionModel

/// Fills the slots of a template with checked values.
struct LineRenderer {
  let evidence: Evidence
  let lesson: Lesson
  let project: String

  enum Result {
    case line(String, values: [String: String])
    case unfit(slot: String)
  }

  /// - Parameter fix: What worked instead, for templates that say so.
  func line(_ template: String, fix: Correction?) -> Result {
    var text = ""
    var values: [String: String] = [:]
    for part in Slot.parts(of: template) {
      switch part {
      case .text(let literal): text += literal
      case .slot(let name):
        guard let (value, origin) = name == "fix" ? fix.map({ ($0.text, $0.origin) }) : value(of: name),
          let checked = SlotValue.checked(value, slot: name, from: origin, project: project)
        else { return .unfit(slot: name) }
        // A correction that repeats what failed says nothing.
        if name == "fix", values.values.contains(checked) { return .unfit(slot: name) }
        text += checked
        values[name] = checked
      }
    }
    values["fix"] = nil
    return .line(text, values: values)
  }

  private func value(of name: String) -> (text: String, origin: ValueOrigin)? {
    guard let value = evidence.slot(name) else { return nil }
    let origin = evidence.origin(of: value, in: name)
    if name == "command" { return evidence.command.map { ($0, origin) } }
    guard name == "path", let folder = evidence.observations.first?.workingDirectory else { return (value, origin) }
    return (PathText.resolved(value, in: folder), origin)
  }
}
