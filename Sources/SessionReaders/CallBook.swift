internal import SessionModel

/// The calls of one file that wait for their result. A call that a log repeats counts once, and so does its result.
struct CallBook {
  private var open: [String: ToolCall] = [:]
  private var order: [String] = []
  private var finished: Set<String> = []

  /// Notes a call, unless it is known already.
  mutating func begin(_ call: ToolCall) {
    guard open[call.id] == nil, !finished.contains(call.id) else { return }
    open[call.id] = call
    order.append(call.id)
  }

  enum Ending {
    case call(ToolCall)
    /// The call is not in this file.
    case loose
    /// There was a result before.
    case repeated
  }

  mutating func end(_ id: String) -> Ending {
    guard finished.insert(id).inserted else { return .repeated }
    return open.removeValue(forKey: id).map { .call($0) } ?? .loose
  }

  func isOpen(_ id: String) -> Bool { open[id] != nil }

  /// The calls without a result, in the order of the log.
  var unfinished: [ToolCall] { order.compactMap { open[$0] } }
}

extension CallBook: Stored {
  static var blank: CallBook { CallBook() }

  mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&open)
    fields.visit(&order)
    fields.visit(&finished)
  }
}
