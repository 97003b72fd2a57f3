public import SessionModel

/// Takes the secrets out of whole calls and messages, for what is written down as it was.
public struct SecretMask: Sendable {
  public init() {}

  /// More than readers keep of an input.
  private static let inputLimit = 64 << 10

  public func masked(_ call: ToolCall) -> ToolCall {
    var secrets = SecretGuard()
    var call = call
    // What is secret in the input is secret wherever it stands again.
    call.input.text = secrets.masked(secrets.input(call.input.text, limit: Self.inputLimit))
    call.input.path = call.input.path.map { secrets.masked($0) }
    call.input.pattern = call.input.pattern.map { secrets.masked($0) }
    call.output = secrets.masked(call.output)
    call.feedback = call.feedback.map { secrets.masked($0) }
    return call
  }

  public func masked(_ message: UserMessage) -> UserMessage {
    var message = message
    message.text = SecretGuard().masked(message.text)
    return message
  }
}
