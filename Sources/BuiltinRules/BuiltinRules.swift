public import RulePack

/// The packs that come with the tool.
public enum BuiltinRules {
  /// Every rule of the `Rules` folder as it was when the tool was built.
  /// Empty only when the embedded form was damaged, which the tests rule out.
  public static let rules: [Rule] = FlatForm.decode(embeddedPacks) ?? []

  /// The same without their examples, for those who only match: it is there much sooner.
  public static let withoutExamples: [Rule] = FlatForm.decode(embeddedPacks, examples: false) ?? []
}
