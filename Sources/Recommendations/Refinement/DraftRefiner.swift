/// Where refinements come from. It knows nothing of how they are checked, and nothing that it says is believed.
public protocol DraftRefiner: Sendable {
  /// Waits until there is an answer, or there will be none.
  func answer(to prompt: RefinementPrompt) throws(RefinementFailure) -> RefinementAnswer
}

public struct RefinementAnswer: Sendable, Hashable, Codable {
  /// Who answered.
  public var model: String
  public var refinements: [Refinement]

  public init(model: String, refinements: [Refinement]) {
    self.model = model
    self.refinements = refinements
  }
}

/// Why there is no answer; the drafts stand.
public enum RefinementFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Nobody was meant to be asked.
  case notAsked
  /// What went wrong, and what to do about it.
  case failed(String)

  public var description: String {
    switch self {
    case .notAsked: "no model was asked"
    case .failed(let reason): reason
    }
  }
}

/// What became of the drafts of one project.
public struct RefinementOutcome: Sendable {
  public var model: String?
  public var refused: [RefusedRefinement] = []
  public var failure: RefinementFailure?

  public init(model: String, refused: [RefusedRefinement]) {
    self.model = model
    self.refused = refused
  }

  public init(failure: RefinementFailure) { self.failure = failure }
}
