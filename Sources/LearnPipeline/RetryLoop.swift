internal import Recommendations
public import RuleEngine
public import RulePack
public import SessionModel

/// The same call, or a variant of it, that failed three times or more before something worked.
public struct RetryLoop: Sendable {
  /// The command or path.
  public var what: String
  public var category: Category
  /// The failed calls, in order.
  public var observations: [Observation]

  public var tokens: Int { observations.reduce(0) { $0 + $1.tokens } }

  /// From this many failures on, it is a loop.
  public static let threshold = 3

  /// Without the texts of the calls.
  var brief: RetryLoop {
    RetryLoop(what: what, category: category, observations: observations.map(\.brief))
  }
}

extension RetryLoop: Stored {
  public static var blank: RetryLoop { RetryLoop(what: "", category: .other, observations: []) }

  public mutating func visit(_ fields: inout StoredFields) {
    fields.visit(&what)
    fields.visit(&category)
    fields.visit(&observations)
  }
}

extension ProjectAnalysis {
  /// Retry loops, the dearest first.
  public var retryLoops: [RetryLoop] {
    var running: [String: [Observation]] = [:]
    var loops: [RetryLoop] = []
    func close(_ key: String) {
      guard let run = running.removeValue(forKey: key), run.count >= RetryLoop.threshold, let last = run.last else {
        return
      }
      let what = last.slots[last.tool == .shell ? "head" : "path"] ?? last.toolName
      loops.append(RetryLoop(what: what, category: last.category, observations: run))
    }
    for observation in observations where observation.failed && observation.isOwnFailure {
      guard let what = observation.slots[observation.tool == .shell ? "head" : "path"], !what.isEmpty else { continue }
      let key = "\(observation.location.file) \(observation.tool.rawValue) \(what)"
      // The count starts over when something of the kind has worked.
      if observation.repetition == 1 { close(key) }
      running[key, default: []].append(observation)
    }
    for key in running.keys.sorted() { close(key) }
    return loops.sorted { ($1.tokens, $0.what) < ($0.tokens, $1.what) }
  }

  /// How often each category occurs, failures only.
  public var categories: [String: Int] {
    Dictionary(observations.filter(\.failed).map { ($0.category.rawValue, 1) }, uniquingKeysWith: +)
  }
}

extension Observation {
  /// Whether the call itself went wrong, rather than being stopped from outside.
  var isOwnFailure: Bool { ![.userRejected, .cancelledSibling].contains(category) }
}
