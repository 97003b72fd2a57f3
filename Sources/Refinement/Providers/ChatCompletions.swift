internal import Recommendations

/// OpenAI's chat completions, and the many servers that speak them.
struct ChatCompletions: Provider {
  /// How the answer's form is asked for; not every server knows the better ways.
  enum Form: Sendable { case schema, object, none }

  /// Whether it is OpenAI itself.
  let isOwn: Bool
  var form = Form.schema

  func request(for prompt: RefinementPrompt, _ choice: ModelChoice) -> HTTPRequest {
    var body: [String: JSON] = [
      "model": .text(choice.model),
      "messages": [
        ["role": isOwn ? "developer" : "system", "content": .text(prompt.instructions)],
        ["role": "user", "content": .text(prompt.message)],
      ],
    ]
    switch form {
    case .schema:
      body["response_format"] = [
        "type": "json_schema",
        "json_schema": [
          "name": .text(ReplyFormat.name), "strict": true, "schema": ReplyFormat.schema(for: prompt, isBounded: !isOwn),
        ],
      ]
    case .object: body["response_format"] = ["type": "json_object"]
    case .none: break
    }
    // Small servers refuse more than fits into their context.
    if isOwn {
      body["max_completion_tokens"] = .number(Double(ReplyFormat.mostTokens))
    } else {
      body["max_tokens"] = 4096
    }
    let key = choice.key.text.map { HTTPRequest.Header(name: "authorization", value: "Bearer " + $0, isSecret: true) }
    return HTTPRequest(choice.base + "/chat/completions", key: key, body: .object(body))
  }

  func text(in response: JSON) throws(RefinementFailure) -> String {
    guard let choice = response["choices"]?.items.first, let message = choice["message"] else { throw .unreadable }
    if let refusal = message["refusal"]?.text, !refusal.isEmpty { throw .refused(refusal) }
    switch choice["finish_reason"]?.text {
    case "length": throw .truncated
    case "content_filter": throw .refused("the content filter stopped it")
    default: break
    }
    guard let text = message["content"]?.text else { throw .unreadable }
    return text
  }

  func alternative(to response: HTTPResponse) -> (any Provider)? {
    guard form != .none, response.status == 400, ErrorText.of(response).contains("response_format") else { return nil }
    return ChatCompletions(isOwn: isOwn, form: form == .schema ? .object : .none)
  }
}
