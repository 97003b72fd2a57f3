internal import Recommendations

/// Google's `generateContent`.
struct GeminiContent: Provider {
  func request(for prompt: RefinementPrompt, _ choice: ModelChoice) -> HTTPRequest {
    let model = choice.model.hasPrefix("models/") ? String(choice.model.dropFirst(7)) : choice.model
    // In a header: addresses end up in logs.
    let key = choice.key.text.map { HTTPRequest.Header(name: "x-goog-api-key", value: $0, isSecret: true) }
    return HTTPRequest(
      "\(choice.base)/v1/models/\(model):generateContent", key: key,
      body: [
        "systemInstruction": ["parts": [["text": .text(prompt.instructions)]]],
        "contents": [["role": "user", "parts": [["text": .text(prompt.message)]]]],
        "generationConfig": [
          "maxOutputTokens": .number(Double(ReplyFormat.mostTokens)), "responseMimeType": "application/json",
          "responseJsonSchema": ReplyFormat.schema(for: prompt),
        ],
      ])
  }

  func text(in response: JSON) throws(RefinementFailure) -> String {
    if let reason = response["promptFeedback"]?["blockReason"]?.text { throw .refused(reason) }
    guard let candidate = response["candidates"]?.items.first else { throw .unreadable }
    switch candidate["finishReason"]?.text {
    case "MAX_TOKENS": throw .truncated
    case "STOP", nil: break
    case .some(let reason): throw .refused(reason)
    }
    let parts = candidate["content"]?["parts"]?.items ?? []
    return parts.filter { $0["thought"]?.isTrue != true }.compactMap { $0["text"]?.text }.joined()
  }
}
