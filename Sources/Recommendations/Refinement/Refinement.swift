/// A draft with the files that its line goes to.
public struct PlacedDraft: Sendable {
  public let draft: Draft
  public let files: [String]

  public init(_ draft: Draft, files: [String]) {
    self.draft = draft
    self.files = files
  }

  /// Whether both lines stand below one heading of the same files.
  func standsWith(_ other: PlacedDraft) -> Bool { files == other.files && draft.section == other.draft.section }
}

/// What a model wants done with drafts, as it said it. The validator decides.
public struct Refinement: Sendable, Hashable, Codable {
  public enum Action: String, Sendable, Codable, CaseIterable {
    case keep
    case reword
    /// One line in place of several.
    case merge
    /// No line, because another one says it already.
    case drop
  }

  public var action: Action
  /// The drafts that it is about.
  public var ids: [String]
  /// The new line; of no meaning for `keep` and `drop`.
  public var text: String

  public init(_ action: Action, _ ids: [String], text: String = "") {
    self.action = action
    self.ids = ids
    self.text = text
  }
}

/// A refinement that was not taken: its drafts stand as the rules wrote them.
public struct RefusedRefinement: Sendable, Hashable {
  public let refinement: Refinement
  public let reason: Reason

  public enum Reason: Sendable, Hashable {
    case unknownID(String)
    case usedTwice(String)
    /// As many drafts as the action does not take.
    case wrongNumber(of: Refinement.Action)
    /// The drafts go to different files or sections.
    case differentPlaces
    case tooLong(bytes: Int, allowed: Int)
    /// Control characters, unbalanced backticks, spaces where none belong.
    case malformed
    /// A word or value that the drafts lack.
    case adds(String)
    /// A word or value of the drafts that is missing.
    case loses(String)
    case negation
    /// The words are there, but they say something else together.
    case saysOtherwise
    /// Drafts that differ in more than one value.
    case notAlike
    /// No other draft says what the dropped one does.
    case notCovered(String)
  }
}

extension RefusedRefinement.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownID(let id): "there is no draft `\(id)`"
    case .usedTwice(let id): "`\(id)` is used more than once"
    case .wrongNumber(.merge): "a merge takes two drafts or more"
    case .wrongNumber(let action): "`\(action.rawValue)` takes one draft"
    case .differentPlaces: "the drafts do not belong to one section of one file"
    case .tooLong(let bytes, let allowed): "\(bytes) bytes, where its drafts take \(allowed)"
    case .malformed: "the text is not one clean line"
    case .adds(let term): "`\(term)` does not occur in the drafts"
    case .loses(let term): "`\(term)` of the drafts is missing"
    case .negation: "a negation was added or lost"
    case .saysOtherwise: "the words of the drafts are put together in another way"
    case .notAlike: "the drafts differ in more than one value"
    case .notCovered(let id): "no other draft says what `\(id)` does"
    }
  }
}
