public import RulePack
internal import BuiltinRules
internal import SessionReaders

/// Puts the rules together: built-in packs, the user's own, and those named on the command line. A rule of a later layer
/// takes the place of the one with the same id.
public enum RuleLayers {
  /// - Parameter paths: Files and folders named on the command line.
  /// - Throws: `RuleFaults` when a file has faults, `RuleFiles.Unreadable` when one cannot be read.
  public static func load(paths: [String], world: World) throws -> [Rule] {
    var rules = BuiltinRules.rules
    let own = configuration(in: world) + "/rules"
    for layer in [world.isFolder(own) ? [own] : [], paths] where !layer.isEmpty {
      var reader = PackReader()
      for file in try RuleFiles.files(in: layer, world: world) { reader.read(file.text, file: file.name) }
      guard reader.faults.isEmpty else { throw RuleFaults(reader.faults) }
      rules = merged(rules, with: reader.rules)
    }
    return rules
  }

  /// The folder of the user's own files.
  static func configuration(in world: World) -> String {
    (world.agents["XDG_CONFIG_HOME"] ?? world.home + "/.config") + "/headroom"
  }

  static func merged(_ lower: [Rule], with upper: [Rule]) -> [Rule] {
    var rules = lower
    for rule in upper {
      if let index = rules.firstIndex(where: { $0.id == rule.id }) { rules[index] = rule } else { rules.append(rule) }
    }
    return rules
  }
}
