public import Recommendations

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Which model is asked, where, and with which key.
public struct ModelChoice: Sendable, Hashable {
  public enum Backend: String, Sendable, CaseIterable {
    case anthropic, openai, gemini
    /// Any server that speaks OpenAI's chat completions.
    case compatible
    case claude = "claude-cli"
    case codex = "codex-cli"
    case geminiCommand = "gemini-cli"

    var isCommand: Bool { self == .claude || self == .codex || self == .geminiCommand }
  }

  /// How a key is handed over.
  enum Key: Sendable, Hashable {
    case none
    case plain(String)
    /// A token for `Authorization: Bearer` where the provider has another header for keys.
    case bearer(String)

    var text: String? {
      switch self {
      case .none: nil
      case .plain(let text), .bearer(let text): text
      }
    }
  }

  public let backend: Backend
  /// Empty when a command chooses for itself.
  public let model: String
  let base: String
  let key: Key

  /// How the choice is written on the command line, and kept with an answer.
  public var name: String { model.isEmpty ? backend.rawValue : "\(backend.rawValue)/\(model)" }

  /// - Parameters:
  ///   - name: `claude-haiku-5-5`, `openai/gpt-6-sol`, `claude-cli`, ...; nil picks the provider by the keys that are set.
  ///   - baseURL: A server instead of the provider's own.
  ///   - variables: Of the environment.
  public init(named name: String?, baseURL: String?, variables: [String: String]) throws(RefinementFailure) {
    func variable(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
    let (chosen, model) = try Self.backend(of: name, baseURL: baseURL, variable)
    backend = chosen
    self.model = model.isEmpty ? Self.standardModel(of: chosen) : model
    if model.contains(where: { !($0.isASCII && ($0.isLetter || $0.isNumber || "._:/@-".contains($0))) }) {
      throw .failed("`\(model)` is not the name of a model: letters, digits and `._:/@-` only")
    }
    guard !chosen.isCommand else {
      (base, key) = ("", .none)
      return
    }
    base = try Self.checked(baseURL ?? Self.base(of: chosen, variable))
    key = Self.key(of: chosen, variable)
    guard key.text?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ?? true else {
      throw .failed("the key of \(chosen.rawValue) holds a space or line break; set the variable anew")
    }
    if key == .none, chosen != .compatible {
      throw .failed("there is no key for \(chosen.rawValue): set \(Self.keyNames(of: chosen)[0])")
    }
  }

  /// The provider that `--refine` alone would ask; nil without any key.
  public static func hinted(by variables: [String: String]) -> ModelChoice? {
    try? ModelChoice(named: nil, baseURL: nil, variables: variables)
  }

  private static func backend(
    of name: String?, baseURL: String?, _ variable: (String) -> String?
  ) throws(RefinementFailure) -> (Backend, String) {
    guard let name, !name.isEmpty else {
      if let baseURL { throw .failed("name the model to use at \(baseURL) with --model or HEADROOM_MODEL") }
      for backend in [Backend.anthropic, .openai, .gemini] where key(of: backend, variable) != .none {
        return (backend, "")
      }
      throw .failed(
        "no model to refine with: set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY, or name one with --model")
    }
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if let backend = Backend(rawValue: String(parts[0])) {
      let model = parts.count > 1 ? String(parts[1]) : ""
      if backend == .compatible, baseURL == nil { throw .failed("`\(name)` needs the server: set HEADROOM_BASE_URL") }
      if backend == .compatible, model.isEmpty { throw .failed("`\(name)` needs a model: compatible/NAME") }
      return (backend, model)
    }
    if baseURL != nil { return (.compatible, name) }
    if name.hasPrefix("claude-") { return (.anthropic, name) }
    if name.hasPrefix("gpt-") || name.hasPrefix("o3") || name.hasPrefix("o4") { return (.openai, name) }
    if name.hasPrefix("gemini-") { return (.gemini, name) }
    throw .failed(
      "no provider is known for the model `\(name)`: write it as PROVIDER/\(name), with one of "
        + "\(Backend.allCases.map(\.rawValue).joined(separator: ", ")), or set HEADROOM_BASE_URL")
  }

  private static func standardModel(of backend: Backend) -> String {
    switch backend {
    case .anthropic: "claude-sonnet-5-5"
    case .openai: "gpt-6-sol"
    case .gemini: "gemini-3.8-flash"
    case .claude: "haiku"
    case .compatible, .codex, .geminiCommand: ""
    }
  }

  private static func base(of backend: Backend, _ variable: (String) -> String?) -> String {
    switch backend {
    case .anthropic: variable("ANTHROPIC_BASE_URL") ?? "https://api.anthropic.com"
    case .gemini: variable("GOOGLE_GEMINI_BASE_URL") ?? "https://generativelanguage.googleapis.com"
    default: variable("OPENAI_BASE_URL") ?? "https://api.openai.com/v1"
    }
  }

  /// In the order in which they count.
  private static func keyNames(of backend: Backend) -> [String] {
    switch backend {
    case .anthropic: ["ANTHROPIC_API_KEY"]
    case .openai: ["OPENAI_API_KEY"]
    case .gemini: ["GOOGLE_API_KEY", "GEMINI_API_KEY"]
    // Never a provider's key: the server is someone else's.
    default: ["HEADROOM_API_KEY"]
    }
  }

  private static func key(of backend: Backend, _ variable: (String) -> String?) -> Key {
    if let key = keyNames(of: backend).lazy.compactMap(variable).first { return .plain(key) }
    if backend == .anthropic, let token = variable("ANTHROPIC_AUTH_TOKEN") { return .bearer(token) }
    return .none
  }

  private static func checked(_ text: String) throws(RefinementFailure) -> String {
    let scheme = ["https://", "http://"].first { text.lowercased().hasPrefix($0) }
    let rest = text.dropFirst(scheme?.count ?? 0)
    guard scheme != nil, let first = rest.first, first != "/", rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      !rest.contains(where: { "?#".contains($0) }), !rest.prefix(while: { $0 != "/" }).contains("@")
    else {
      throw .failed("`\(text)` is not the address of a server such as http://localhost:8080/v1")
    }
    var trimmed = text[...]
    while trimmed.last == "/" { trimmed.removeLast() }
    return String(trimmed)
  }

  /// Who receives what is sent, in words.
  public var recipient: String {
    if backend.isCommand { return "the command `\(backend.rawValue.dropLast(4))`" }
    let isPlain = base.lowercased().hasPrefix("http://")
    let host = base.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
    let isLocal =
      ["localhost", "127.0.0.1", "[::1]"].contains(String(host.prefix { $0 != ":" })) || host.hasPrefix("[::1]")
    return host + (isPlain && !isLocal ? " (not encrypted)" : "")
  }
}
