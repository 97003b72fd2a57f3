/// The boundary between a model and the context files: takes a refinement only when it says what its drafts say.
///
/// A line is accepted when it makes the statements of its drafts, in whatever order, with other small words. So it
/// cannot hold a word or value that the drafts lack, lose one, turn a denial around or swap what is advised with what
/// is not. Drafts that are not mentioned, or whose refinement is refused, stand as the rules wrote them.
public struct RefinementValidator: Sendable {
  /// Every draft once, in a line of its own or together with others.
  public struct Result: Sendable {
    public internal(set) var recommendations: [Recommendation] = []
    public internal(set) var refused: [RefusedRefinement] = []
  }

  private let drafts: [String: PlacedDraft]
  private let order: [String]

  /// - Parameter drafts: What the model was shown.
  public init(_ drafts: [PlacedDraft]) {
    order = drafts.map(\.draft.id)
    self.drafts = Dictionary(drafts.map { ($0.draft.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Returns: The lines in the order of the reply, then those that it does not mention.
  public func result(of reply: [Refinement]) -> Result {
    let uses = Dictionary(reply.flatMap { Set($0.ids) }.map { ($0, 1) }, uniquingKeysWith: +)
    let dropped = Set(reply.filter { $0.action == .drop }.flatMap(\.ids))
    var result = Result()
    var placed: Set<String> = []
    var covered: [(draft: Draft, by: String)] = []
    for refinement in reply {
      do throws(Refusal) {
        let cited = try cited(by: refinement, uses)
        switch refinement.action {
        case .keep: result.recommendations += cited.map { Recommendation($0.draft) }
        case .drop: covered.append((cited[0].draft, by: try cover(of: cited[0], except: dropped)))
        case .reword, .merge:
          try check(refinement, cited)
          let others = cited.dropFirst().map(\.draft)
          result.recommendations.append(Recommendation(cited[0].draft, others, text: refinement.text))
        }
        placed.formUnion(refinement.ids)
      } catch {
        let refused = RefusedRefinement(refinement: refinement, reason: error.reason)
        result.refused.append(refused)
        for id in refinement.ids where placed.insert(id).inserted {
          if let draft = drafts[id]?.draft { result.recommendations.append(Recommendation(draft, refused: refused)) }
        }
      }
    }
    result.recommendations += order.filter { placed.insert($0).inserted }.compactMap { drafts[$0]?.draft }
      .map { Recommendation($0) }
    for (draft, id) in covered {
      let place = result.recommendations.firstIndex { $0.drafts.contains { $0.id == id } }
      if let place {
        result.recommendations[place].cover(draft)
      } else {
        result.recommendations.append(Recommendation(draft))
      }
    }
    return result
  }

  private struct Refusal: Error {
    var reason: RefusedRefinement.Reason

    init(_ reason: RefusedRefinement.Reason) { self.reason = reason }
  }

  private func cited(by refinement: Refinement, _ uses: [String: Int]) throws(Refusal) -> [PlacedDraft] {
    var cited: [PlacedDraft] = []
    for id in refinement.ids {
      guard let draft = drafts[id] else { throw Refusal(.unknownID(id)) }
      if uses[id] != 1 || cited.contains(where: { $0.draft.id == id }) { throw Refusal(.usedTwice(id)) }
      cited.append(draft)
    }
    let fits =
      switch refinement.action {
      case .keep: !cited.isEmpty
      case .reword, .drop: cited.count == 1
      case .merge: cited.count > 1
      }
    guard fits, let first = cited.first else { throw Refusal(.wrongNumber(of: refinement.action)) }
    if refinement.action == .merge, !cited.allSatisfy({ $0.standsWith(first) }) { throw Refusal(.differentPlaces) }
    return cited
  }

  private func check(_ refinement: Refinement, _ cited: [PlacedDraft]) throws(Refusal) {
    let bytes = refinement.text.utf8.count
    let allowed = cited.reduce(0) { $0 + $1.draft.text.utf8.count }
    if bytes > allowed { throw Refusal(.tooLong(bytes: bytes, allowed: allowed)) }
    guard let text = Statement(refinement.text) else { throw Refusal(.malformed) }
    let statements = cited.compactMap { Statement($0.draft.text) }
    // A line that a rule's author wrote in a way that cannot be taken apart stays as it is.
    guard statements.count == cited.count else { throw Refusal(.saysOtherwise) }
    let (said, known) = (text.terms, statements.reduce(into: Set()) { $0.formUnion($1.terms) })
    if let term = Self.first(said.subtracting(known)) { throw Refusal(.adds(term)) }
    if let term = Self.first(known.subtracting(said)) { throw Refusal(.loses(term)) }
    guard let values = Statement.variation(of: statements) else { throw Refusal(.notAlike) }
    let bag = values.first.map { text.collapsing(Set(values), to: $0).bag } ?? text.bag
    guard bag != statements[0].bag else { return }
    let negations = statements.map(\.negations)
    throw Refusal(negations.allSatisfy { $0 == text.negations } ? .saysOtherwise : .negation)
  }

  /// The draft that says all that this one does, and perhaps more.
  private func cover(of draft: PlacedDraft, except dropped: Set<String>) throws(Refusal) -> String {
    let statement = Statement(draft.draft.text)
    let found = order.first { id in
      guard let statement, !dropped.contains(id), let other = drafts[id], other.standsWith(draft),
        let said = Statement(other.draft.text)
      else { return false }
      return said.covers(statement)
    }
    guard let found else { throw Refusal(.notCovered(draft.draft.id)) }
    return found
  }

  private static func first(_ terms: Set<Statement.Term>) -> String? { terms.map(\.text).min() }
}
