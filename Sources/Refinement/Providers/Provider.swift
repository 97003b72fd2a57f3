internal import Recommendations

/// How one kind of server is asked, and how it answers.
protocol Provider: Sendable {
  func request(for prompt: RefinementPrompt, _ choice: ModelChoice) -> HTTPRequest

  /// The text of the model in a successful response.
  func text(in response: JSON) throws(RefinementFailure) -> String

  /// Another way to ask, when the server does not know something of this one.
  func alternative(to response: HTTPResponse) -> (any Provider)?
}

extension Provider {
  func alternative(to response: HTTPResponse) -> (any Provider)? { nil }
}

extension ModelChoice {
  var provider: any Provider {
    switch backend {
    case .anthropic: AnthropicMessages()
    case .gemini: GeminiContent()
    case .openai: ChatCompletions(isOwn: true)
    default: ChatCompletions(isOwn: false)
    }
  }
}

extension HTTPRequest {
  init(_ url: String, key: Header?, headers: [Header] = [], body: JSON) {
    let common = [
      Header(name: "content-type", value: "application/json"), Header(name: "accept", value: "application/json"),
      Header(name: "user-agent", value: "headroom"),
    ]
    self.init(url: url, headers: common + headers + [key].compactMap(\.self), body: body.bytes)
  }
}

extension RefinementFailure {
  static let truncated = RefinementFailure.failed("the model's answer was cut off at its limit of tokens")
  static let unreadable = RefinementFailure.failed("the server's answer is not in the form of its API")

  static func refused(_ why: String?) -> RefinementFailure {
    .failed("the model refused" + (why.map { ": " + ErrorText.short($0) } ?? ""))
  }
}
