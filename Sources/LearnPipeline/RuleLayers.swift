internal import BuiltinRules
public import RulePack
internal import SessionReaders

/// Puts the rules together: built-in packs, the user's own, and those named on the command line. A rule of a later layer
/// takes the place of the one with the same id; a layer may also change or leave out rules of the layers below.
public enum RuleLayers {
  /// - Parameter paths: Files and folders named on the command line.
  /// - Throws: `RuleFaults` when a file has faults, `RuleFiles.Unreadable` when one cannot be read.
  public static func load(paths: [String], world: World) throws -> RuleSet {
    let layers = layers(paths, world)
    return layers.isEmpty
      ? .builtin : .given(GivenRules(try rules(of: layers, over: BuiltinRules.withoutExamples, world)))
  }

  /// The same with the examples of all rules.
  public static func loadWithExamples(paths: [String], world: World) throws -> [Rule] {
    try rules(of: layers(paths, world), over: BuiltinRules.rules, world)
  }

  private static func layers(_ paths: [String], _ world: World) -> [[String]] {
    [world.isFolder(folder(in: world)) ? [folder(in: world)] : [], paths].filter { !$0.isEmpty }
  }

  private static func rules(of layers: [[String]], over builtin: [Rule], _ world: World) throws -> [Rule] {
    let own = folder(in: world)
    var rules = builtin
    for layer in layers {
      var reader = PackReader()
      for file in try RuleFiles.files(in: layer, world: world, mayBeEmpty: layer == [own]) {
        reader.read(file.text, file: file.name)
      }
      guard reader.faults.isEmpty else { throw RuleFaults(reader.faults) }
      let applied = reader.layer.applied(to: rules)
      guard applied.faults.isEmpty else { throw RuleFaults(applied.faults) }
      rules = applied.rules
    }
    return rules
  }

  /// The user's settings; those of a file that is not there are the usual ones.
  /// - Throws: `RuleFaults` when the file has faults, `RuleFiles.Unreadable` when it cannot be read.
  public static func settings(in world: World) throws -> Configuration {
    let file = configuration(in: world) + "/config.yaml"
    guard world.fileExists(file) else { return Configuration() }
    guard let bytes = world.read(file), !world.isFolder(file) else {
      throw RuleFiles.Unreadable(path: file, reason: "it cannot be opened; check its permissions")
    }
    return try Configuration(reading: RuleFiles.text(of: bytes), file: file)
  }

  /// The folder of the user's own rules.
  public static func folder(in world: World) -> String { configuration(in: world) + "/rules" }

  private static func configuration(in world: World) -> String {
    (world.agents["XDG_CONFIG_HOME"] ?? world.home + "/.config") + "/headroom"
  }
}
