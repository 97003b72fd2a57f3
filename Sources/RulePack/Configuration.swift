/// The user's own settings, from `config.yaml`.
public struct Configuration: Sendable, Hashable {
  /// The model to refine lines with; that it stands there asks for it.
  public var model: String?
  /// A server to use instead of the provider's own.
  public var baseURL: String?
  public var isOffline = false

  public init() {}

  /// - Parameter file: The name to use in messages.
  /// - Throws: Every fault with its line and key.
  public init(reading text: String, file: String) throws(RuleFaults) {
    var nodes = NodeReader(text: text, file: file)
    if let root = nodes.root(of: text, empty: nil), let fields = nodes.fields(of: root, as: Self.table) {
      model = fields.text("model").flatMap { $0.isEmpty ? nil : $0 }
      baseURL = fields.text("base_url").flatMap { $0.isEmpty ? nil : $0 }
      isOffline = fields.flag("offline") ?? false
    }
    guard nodes.faults.isEmpty else { throw RuleFaults(nodes.faults) }
  }

  private static let table = LanguageTable(
    "the configuration", "What holds for every run.",
    [
      LanguageKey("model", .text, "The model that refines lines, as --model takes it", example: "claude-haiku-5-5"),
      LanguageKey("base_url", .text, "A server instead of the provider's own", example: "http://localhost:8080/v1"),
      LanguageKey("offline", .boolean, "Send nothing, whatever else asks for it", example: "true"),
    ])
}
