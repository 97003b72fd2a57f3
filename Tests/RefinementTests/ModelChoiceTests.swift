import Recommendations
import Testing

@testable import Refinement

struct ModelChoiceTests {
  @Test(arguments: [
    ("claude-haiku-5-5", nil, "anthropic/claude-haiku-5-5", "api.anthropic.com"),
    ("anthropic", nil, "anthropic/claude-sonnet-5-5", "api.anthropic.com"),
    ("gpt-6-luna", nil, "openai/gpt-6-luna", "api.openai.com"),
    ("gemini-3.5-flash-lite", nil, "gemini/gemini-3.5-flash-lite", "generativelanguage.googleapis.com"),
    ("openai/some-model", nil, "openai/some-model", "api.openai.com"),
    ("claude-cli", nil, "claude-cli/haiku", "the command `claude`"),
    ("codex-cli", nil, "codex-cli", "the command `codex`"),
    ("qwen3:8b", "http://localhost:11434/v1/", "compatible/qwen3:8b", "localhost:11434"),
    ("claude-haiku-5-5", "http://10.0.0.1/v1", "compatible/claude-haiku-5-5", "10.0.0.1 (not encrypted)"),
    ("anthropic/claude-haiku-5-5", "http://127.0.0.1:4000", "anthropic/claude-haiku-5-5", "127.0.0.1:4000"),
  ])
  func namesAreUnderstood(_ name: String, _ base: String?, _ expected: String, _ recipient: String) throws {
    let choice = try ModelChoice(named: name, baseURL: base, variables: keys)
    #expect(choice.name == expected)
    #expect(choice.recipient == recipient)
  }

  @Test func keysChooseTheProvider() throws {
    #expect(ModelChoice.hinted(by: [:]) == nil)
    #expect(ModelChoice.hinted(by: ["ANTHROPIC_API_KEY": ""]) == nil)
    #expect(ModelChoice.hinted(by: ["GEMINI_API_KEY": "g"])?.backend == .gemini)
    #expect(ModelChoice.hinted(by: ["GEMINI_API_KEY": "g", "OPENAI_API_KEY": "o"])?.backend == .openai)
    #expect(ModelChoice.hinted(by: ["ANTHROPIC_AUTH_TOKEN": "t", "OPENAI_API_KEY": "o"])?.key == .bearer("t"))
    #expect(ModelChoice.hinted(by: ["GEMINI_API_KEY": "g", "GOOGLE_API_KEY": "first"])?.key == .plain("first"))
  }

  @Test(
    arguments: [
      (nil, nil, [:], "ANTHROPIC_API_KEY"), ("claude-haiku-5-5", nil, [:], "set ANTHROPIC_API_KEY"),
      ("llama", nil, keys, "PROVIDER/llama"), (nil, "http://localhost:1/v1", keys, "--model"),
      ("compatible/x", nil, keys, "HEADROOM_BASE_URL"), ("compatible", "http://localhost/v1", keys, "compatible/NAME"),
      ("x", "localhost:8080", keys, "not the address"), ("x", "file:///etc/passwd", keys, "not the address"),
      ("x", "http://me:secret@host/v1", keys, "not the address"),
      ("x", "http://host/v1?key=1", keys, "not the address"),
      ("openai/a b", nil, keys, "not the name of a model"),
      ("gemini/../../x\r\n", nil, keys, "not the name of a model"),
      ("openai/x", nil, ["OPENAI_API_KEY": "k\r\nx-evil: 1"], "line break"),
    ] as [(String?, String?, [String: String], String)])
  func whatCannotBeUsedIsSaid(_ name: String?, _ base: String?, _ variables: [String: String], _ part: String) {
    let failure = #expect(throws: RefinementFailure.self) {
      try ModelChoice(named: name, baseURL: base, variables: variables)
    }
    #expect(failure?.description.contains(part) == true, "\(String(describing: failure))")
  }

  /// The server is not the provider's: it gets a key of its own or none.
  @Test func providersKeysStayWithTheirProviders() throws {
    let choice = try ModelChoice(named: "x", baseURL: "http://localhost/v1", variables: keys)
    #expect(choice.key == .none)
    let own = keys.merging(["HEADROOM_API_KEY": "own"]) { $1 }
    #expect(try ModelChoice(named: "x", baseURL: "http://localhost/v1", variables: own).key == .plain("own"))
  }
}
