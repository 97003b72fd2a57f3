/// Chooses the lines that save most for what they cost.
public enum Budget {
  /// Tokens of a block that most sessions will not notice.
  public static let standard = 600

  /// - Parameters:
  ///   - tokens: What all lines of one project may cost together, at four bytes a token.
  /// - Returns: Drafts in order of worth, and the drafts that did not fit.
  public static func choose(_ drafts: [Draft], tokens: Int) -> (chosen: [Draft], leftOut: [LeftOut]) {
    let ordered = drafts.sorted { left, right in
      let worth = (left.tokensPerSession * right.cost, right.tokensPerSession * left.cost)
      return worth.0 != worth.1 ? worth.0 > worth.1 : left.id < right.id
    }
    var spent = 0
    var chosen: [Draft] = []
    var leftOut: [LeftOut] = []
    for draft in ordered {
      if spent + draft.cost <= tokens {
        spent += draft.cost
        chosen.append(draft)
      } else if let short = draft.short, spent + short.cost <= tokens {
        spent += short.cost
        chosen.append(short)
      } else {
        leftOut.append(LeftOut(draft, .overBudget(tokens: tokens)))
      }
    }
    chosen.sort { ($1.tokensPerSession, $0.id) < ($0.tokensPerSession, $1.id) }
    return (chosen, leftOut)
  }
}
