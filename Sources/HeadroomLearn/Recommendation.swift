internal import Recommendations
internal import RulePack

/// Which file a recommendation goes to.
public enum RecommendationTarget: String, Sendable, CaseIterable {
  /// Facts about the project: CLAUDE.md, AGENTS.md, GEMINI.md.
  case contextFile = "context_file"
  /// What belongs to a person or a machine: MEMORY.md, or the context file of agents without one.
  case memoryFile = "memory_file"
}

/// Lines for a context file.
public struct Recommendation: Sendable, Identifiable {
  public let target: RecommendationTarget
  /// The heading that they stand below.
  public let section: String
  /// As it will be written: one bullet or more.
  public let content: String
  /// What they save in a session.
  public let estimatedTokensSaved: Int
  /// 0 to 1; 1 for one of your own.
  public let confidence: Double
  /// How many failed calls it rests on; 0 for one of your own.
  public let evidenceCount: Int
  /// What `headroom explain` and `headroom forget` take.
  public let id: String
  let lines: [Recommendations.Recommendation]

  /// A recommendation of your own.
  ///
  /// It passes the checks that those of the rules pass: it is made of printable lines of moderate length, holds no markup
  /// that means more than text (no marker, comment, tag, heading, fence, link or import) and no secret, and what stands
  /// in a code span is a command, a path or another value. Home folders are written as `~`.
  ///
  /// - Parameter content: One line, or one bullet a line.
  /// - Throws: `RecommendationError`, which says what to change.
  public init(
    target: RecommendationTarget, section: String, content: String, estimatedTokensSaved: Int = 0
  ) throws(RecommendationError) {
    let drafts: [Draft]
    do throws(LineFault) {
      drafts = try Draft.handWritten(
        content, section: section, target: target == .memoryFile ? .memoryFile : .contextFile,
        tokens: estimatedTokensSaved)
    } catch {
      throw RecommendationError(error)
    }
    // There is no content without a line.
    guard let recommendation = Recommendation(drafts.map { Recommendations.Recommendation($0) }) else {
      throw RecommendationError(reason: .empty, description: "the text is empty")
    }
    self = recommendation
  }

  /// - Returns: nil without a line.
  init?(_ lines: [Recommendations.Recommendation]) {
    guard let draft = lines.first?.draft else { return nil }
    self.lines = lines
    target = draft.target == .memoryFile ? .memoryFile : .contextFile
    section = draft.section
    content = lines.map { "- " + $0.text }.joined(separator: "\n")
    estimatedTokensSaved = draft.tokensPerSession
    confidence = draft.confidence
    evidenceCount = draft.evidence.count
    id = draft.id
  }
}

/// Why a text of your own cannot stand in a context file.
public struct RecommendationError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: String, Sendable, CaseIterable {
    /// Nothing is left of the content or the section.
    case empty
    case tooLong
    /// A control, direction, invisible or tag character.
    case unprintable
    /// Markup that means more than text.
    case markup
    /// A code span that is empty, not closed, or holds what is no value.
    case codeSpan
    /// It tells its reader to disregard what they were told.
    case orders
    /// What looks like a key, a password or an address.
    case secret
  }

  public let reason: Reason
  /// What is wrong, and with which text.
  public let description: String
}

extension RecommendationError {
  init(_ fault: LineFault) {
    description = fault.description
    reason =
      switch fault.reason {
      case .empty: .empty
      case .tooLong: .tooLong
      case .unprintable: .unprintable
      case .markup: .markup
      case .openCode, .value: .codeSpan
      case .orders: .orders
      case .secret: .secret
      }
  }
}
