internal import Recommendations

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The form that every model is asked for, and the reading of what came instead.
enum ReplyFormat {
  static let name = "refinements"
  /// Room for the answer and for what a model thinks before it.
  static let mostTokens = 16_000

  /// - Parameters:
  ///   - typesWords: Whether a list of words also says that they are text: OpenAI wants it, Anthropic does not.
  ///   - isBounded: Whether it says how much there can be, which keeps small models from going on for ever. Not every
  ///     provider takes that.
  static func schema(for prompt: RefinementPrompt, typesWords: Bool = true, isBounded: Bool = false) -> JSON {
    func words(_ list: [String]) -> JSON {
      let known: [String: JSON] = ["enum": .list(list.map { .text($0) })]
      return .object(typesWords ? known.merging(["type": "string"]) { $1 } : known)
    }
    func list(of items: JSON) -> JSON {
      let list: [String: JSON] = ["type": "array", "items": items]
      return .object(isBounded ? list.merging(["maxItems": .number(Double(prompt.ids.count))]) { $1 } : list)
    }
    let item: JSON = [
      "type": "object", "additionalProperties": false, "required": ["action", "ids", "text"],
      "properties": [
        "action": words(Refinement.Action.allCases.map(\.rawValue)), "ids": list(of: words(prompt.ids)),
        "text": isBounded ? ["type": "string", "maxLength": 400] : ["type": "string"],
      ],
    ]
    return [
      "type": "object", "additionalProperties": false, "required": ["refinements"],
      "properties": ["refinements": list(of: item)],
    ]
  }

  private struct Reply: Decodable { var refinements: [Refinement] }

  /// Models put fences and pleasantries around their JSON, also when they were told not to.
  static func refinements(in text: String) throws(RefinementFailure) -> [Refinement] {
    if let found = decode(text[...]) { return found }
    if let first = text.firstIndex(of: "{"), let last = text.lastIndex(of: "}"), first < last,
      let found = decode(text[first...last])
    {
      return found
    }
    throw .failed("the model's answer is not the JSON that it was asked for")
  }

  private static func decode(_ text: Substring) -> [Refinement]? {
    (try? JSONDecoder().decode(Reply.self, from: Data(text.utf8)))?.refinements
  }
}
