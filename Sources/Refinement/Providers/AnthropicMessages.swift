internal import Recommendations

/// Anthropic's messages, in the present and the first version of the API.
struct AnthropicMessages: Provider {
  enum Version: String, Sendable {
    case present = "2026-10-21"
    case first = "2023-06-01"
  }

  var version = Version.present

  func request(for prompt: RefinementPrompt, _ choice: ModelChoice) -> HTTPRequest {
    let base = choice.base.hasSuffix("/v1") ? String(choice.base.dropLast(3)) : choice.base
    let key: HTTPRequest.Header? =
      switch choice.key {
      case .none: nil
      case .plain(let key): .init(name: "x-api-key", value: key, isSecret: true)
      case .bearer(let token): .init(name: "authorization", value: "Bearer " + token, isSecret: true)
      }
    return HTTPRequest(
      base + "/v1/messages", key: key, headers: [.init(name: "anthropic-version", value: version.rawValue)],
      body: [
        "model": .text(choice.model), "max_tokens": .number(Double(ReplyFormat.mostTokens)),
        "system": .text(prompt.instructions), "messages": [["role": "user", "content": .text(prompt.message)]],
        "output_config": [
          "format": ["type": "json_schema", "schema": ReplyFormat.schema(for: prompt, typesWords: false)]
        ],
      ])
  }

  func text(in response: JSON) throws(RefinementFailure) -> String {
    switch response["stop_reason"]?.text {
    case "refusal": throw .refused(response["stop_details"]?["explanation"]?.text)
    case "max_tokens", "model_context_window_exceeded": throw .truncated
    default: break
    }
    guard case .list(let blocks)? = response["content"] else { throw .unreadable }
    // A model that thinks puts other blocks in front.
    return blocks.filter { $0["type"]?.text == "text" }.compactMap { $0["text"]?.text }.joined()
  }

  func alternative(to response: HTTPResponse) -> (any Provider)? {
    guard version == .present, response.status == 400, ErrorText.of(response).contains("anthropic-version") else {
      return nil
    }
    return AnthropicMessages(version: .first)
  }
}
