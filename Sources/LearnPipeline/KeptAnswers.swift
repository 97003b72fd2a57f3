public import Recommendations

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Answers of models by the drafts that they were given to: a second run neither asks nor words anything anew.
public struct KeptAnswers: DraftRefiner {
  private let folder: String
  private let world: World
  private let model: String?
  private let asking: (any DraftRefiner)?

  /// - Parameters:
  ///   - model: Whose answers count; nil for anyone's.
  ///   - asking: Asked when there is no answer yet; without one nobody is.
  public init(in world: World, model: String? = nil, asking: (any DraftRefiner)? = nil) {
    folder = world.cacheFolder + "/refinements"
    self.world = world
    self.model = model
    self.asking = asking
  }

  public func answer(to prompt: RefinementPrompt) throws(RefinementFailure) -> RefinementAnswer {
    let file = "\(folder)/\(prompt.key).json"
    if let kept = world.read(file).flatMap({ try? JSONDecoder().decode(RefinementAnswer.self, from: Data($0)) }),
      model == nil || kept.model == model
    {
      return kept
    }
    guard let asking else { throw .notAsked }
    let answer = try asking.answer(to: prompt)
    keep(answer, in: file)
    return answer
  }

  /// An answer that cannot be kept is asked for again; nothing else depends on it.
  private func keep(_ answer: RefinementAnswer, in file: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(answer) else { return }
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try? data.write(to: URL(fileURLWithPath: file), options: .atomic)
  }
}
