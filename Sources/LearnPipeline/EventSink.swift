internal import SessionModel

/// Keeps what a reader hands on.
struct EventSink: SessionSink {
  var events: [SessionEvent] = []

  mutating func accept(_ event: SessionEvent) { events.append(event) }
}

extension SessionEvent {
  var location: LogLocation {
    switch self {
    case .call(let call): call.location
    case .message(let message): message.location
    }
  }

  /// The line with which it is complete.
  var endLine: Int {
    switch self {
    case .call(let call): call.resultLine ?? call.location.line
    case .message(let message): message.location.line
    }
  }
}
