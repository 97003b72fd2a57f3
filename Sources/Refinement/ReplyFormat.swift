internal import Recommendations

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The form that every model is asked for, and the reading of what came instead.
enum ReplyFormat {
  static let name = "refinements"

  /// - Parameter typesWords: Whether a list of words also says that they are text: OpenAI wants it, Anthropic does not.
  static func schema(typesWords: Bool = true) -> JSON {
    var action: [String: JSON] = ["enum": .list(Refinement.Action.allCases.map { .text($0.rawValue) })]
    if typesWords { action["type"] = "string" }
    let item: JSON = [
      "type": "object", "additionalProperties": false, "required": ["action", "ids", "text"],
      "properties": [
        "action": .object(action), "ids": ["type": "array", "items": ["type": "string"]], "text": ["type": "string"],
      ],
    ]
    return [
      "type": "object", "additionalProperties": false, "required": ["refinements"],
      "properties": ["refinements": ["type": "array", "items": item]],
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
