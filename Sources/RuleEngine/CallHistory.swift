public import SessionModel

/// The last calls before one, for rules that ask what came before.
public struct CallHistory {
  /// How far back a rule may look.
  public static let limit = 20

  private var calls: [ToolCall] = []

  public init() {}

  /// Adds a call. Another file is another story: what came before in the old one is forgotten.
  public mutating func add(_ call: ToolCall) {
    if calls.last?.location.file != call.location.file { calls.removeAll() }
    // Twice as many, so that they are seldom moved up.
    if calls.count == 2 * Self.limit { calls.removeFirst(Self.limit) }
    calls.append(call)
  }

  /// The calls before this one, the latest first. A subagent in the same file tells a story of its own.
  public func before(_ call: ToolCall) -> [ToolCall] {
    calls.suffix(Self.limit).reversed().filter {
      $0.isSidechain == call.isSidechain && $0.location.file == call.location.file
    }
  }
}

extension CallHistory: Stored {
  public static var blank: CallHistory { CallHistory() }

  public mutating func visit(_ fields: inout StoredFields) {
    calls.removeFirst(max(0, calls.count - Self.limit))
    fields.visit(&calls)
  }
}
