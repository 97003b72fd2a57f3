public import Recommendations

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Asks a model, over the network or through an agent's own command. What it says is checked by others.
public struct ModelRefiner: DraftRefiner {
  private let choice: ModelChoice
  private let variables: [String: String]
  private let announce: @Sendable (String) -> Void
  private let client: any HTTPClient
  private let clock: RetryClock

  init(
    _ choice: ModelChoice, variables: [String: String], client: any HTTPClient, clock: RetryClock,
    announce: @escaping @Sendable (String) -> Void
  ) {
    self.choice = choice
    self.variables = variables
    self.client = client
    self.clock = clock
    self.announce = announce
  }

  public func answer(to prompt: RefinementPrompt) throws(RefinementFailure) -> RefinementAnswer {
    let deadline = clock.now() + seconds
    announce(
      "sending \(prompt.ids.count) drafts, about \(prompt.tokens) tokens, to \(choice.recipient)"
        + (choice.model.isEmpty ? "" : ", model \(choice.model)"))
    let text: String
    if choice.backend.isCommand {
      text = try AgentCommand(choice, variables: variables).answer(to: prompt, within: seconds)
    } else {
      text = try answer(to: prompt, from: choice.provider, deadline)
    }
    return RefinementAnswer(model: choice.name, refinements: try ReplyFormat.refinements(in: text))
  }

  /// Exactly what would be sent, but for the key.
  public func preview(of prompt: RefinementPrompt) throws(RefinementFailure) -> String {
    if choice.backend.isCommand { return try AgentCommand(choice, variables: variables).preview(of: prompt) }
    let request = choice.provider.request(for: prompt, choice)
    let headers = request.headers.map { "\($0.name): \($0.isSecret ? "[secret]" : $0.value)" }
    return (["POST \(request.url)"] + headers + ["", String(decoding: request.body, as: UTF8.self)])
      .joined(separator: "\n")
  }

  private func answer(
    to prompt: RefinementPrompt, from provider: any Provider, _ deadline: Double
  ) throws(RefinementFailure) -> String {
    let client = RetryingClient(client: client, clock: clock, deadline: deadline)
    let response = try client.send(provider.request(for: prompt, choice))
    if response.status != 200 {
      guard let alternative = provider.alternative(to: response) else { throw .failed(ErrorText.of(response)) }
      return try answer(to: prompt, from: alternative, deadline)
    }
    guard let body = JSON(response.body) else { throw .unreadable }
    return try provider.text(in: body)
  }

  /// For everything: the tries, the pauses and the answer.
  private var seconds: Double {
    guard let seconds = variables["HEADROOM_TIMEOUT"].flatMap({ Double($0) }), seconds > 0 else { return 180 }
    return min(seconds, 3600)
  }
}

extension RetryClock {
  static let real = RetryClock(
    now: {
      var time = timespec()
      unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    },
    today: { Date().timeIntervalSince1970 },
    sleep: { seconds in usleep(UInt32(max(0, min(seconds, 60)) * 1_000_000)) },
    jitter: { Double.random(in: 0.75...1) })
}

#if Network
  extension ModelRefiner {
    /// - Parameter announce: Told who receives what before the first byte is sent.
    public init(_ choice: ModelChoice, variables: [String: String], announce: @escaping @Sendable (String) -> Void) {
      self.init(
        choice, variables: variables, client: CurlClient(variables: variables), clock: .real, announce: announce)
    }
  }
#endif
