import Foundation
import RuleEngine
import RulePack
import Synchronization

@testable import Recommendations
@testable import Refinement

/// Two drafts as a model is shown them.
func samplePrompt() -> RefinementPrompt {
  RefinementPrompt(
    ["gh", "jq"].map { name in
      PlacedDraft(
        Draft(
          id: "r-\(name)", ruleID: "demo/rule", section: "Environment", target: .contextFile,
          text: "`\(name)` is not installed here", trigger: Trigger(category: .commandNotFound, values: [:]),
          correction: nil, confidence: 0.9, evidence: Evidence(key: LessonKey(ruleID: "demo/rule", values: [name]), []),
          tokensPerSession: 10), files: ["CLAUDE.md"])
    }, project: "/p", delimiter: "d1d1")
}

/// What a good model says of it.
let goodAnswer =
  #"{"refinements": [{"action": "merge", "ids": ["r-gh", "r-jq"], "text": "`gh` and `jq` are not installed here"}]}"#
let goodRefinements = [Refinement(.merge, ["r-gh", "r-jq"], text: "`gh` and `jq` are not installed here")]

/// Answers as the test says, one request after the other, in a time of its own.
final class ScriptedServer: HTTPClient {
  enum Step: Sendable {
    case answer(Int, String, [String: String] = [:])
    case fault(HTTPFault.Kind)
    /// Nothing within the time that is left.
    case silence
  }

  private struct State {
    var steps: [Step]
    var requests: [HTTPRequest] = []
    var time = 1000.0
    var pauses: [Double] = []
  }

  private let state: Mutex<State>

  init(_ steps: [Step]) { state = Mutex(State(steps: steps)) }

  var requests: [HTTPRequest] { state.withLock(\.requests) }
  var pauses: [Double] { state.withLock(\.pauses) }
  var elapsed: Double { state.withLock { $0.time - 1000 } }

  func send(_ request: HTTPRequest, within seconds: Double) throws(HTTPFault) -> HTTPResponse {
    let step = state.withLock { state -> Step in
      state.requests.append(request)
      return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
    }
    switch step {
    case .answer(let status, let body, let headers):
      state.withLock { $0.time += 0.1 }
      return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    case .fault(let kind): throw HTTPFault(kind: kind, reason: "\(kind)")
    case .silence:
      state.withLock { $0.time += seconds }
      throw HTTPFault(kind: .timeout, reason: "timeout")
    }
  }

  func time(of date: String) -> Double? { Double(date.dropFirst("date ".count)) }

  var clock: RetryClock {
    RetryClock(
      now: { self.state.withLock(\.time) }, today: { self.state.withLock(\.time) },
      sleep: { seconds in
        self.state.withLock {
          $0.time += seconds
          $0.pauses.append(seconds)
        }
      }, jitter: { 1 })
  }
}

let keys = ["ANTHROPIC_API_KEY": "k-a", "OPENAI_API_KEY": "k-o", "GEMINI_API_KEY": "k-g"]

/// One answer through a provider, with what went over the wire.
func ask(
  _ name: String, _ steps: ScriptedServer.Step..., variables: [String: String] = keys,
  baseURL: String? = nil
) throws -> (answer: Result<RefinementAnswer, RefinementFailure>, server: ScriptedServer) {
  let server = ScriptedServer(steps)
  let choice = try ModelChoice(named: name, baseURL: baseURL, variables: variables)
  let refiner = ModelRefiner(choice, variables: variables, client: server, clock: server.clock) { _ in }
  return (Result { () throws(RefinementFailure) in try refiner.answer(to: samplePrompt()) }, server)
}

extension Result<RefinementAnswer, RefinementFailure> {
  var reason: String {
    switch self {
    case .success: "no failure"
    case .failure(let failure): failure.description
    }
  }

  var refinements: [Refinement]? { try? get().refinements }
}
