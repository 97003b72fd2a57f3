import ArgumentParser
import LearnPipeline
import Recommendations
import RulePack

#if Network
  import Refinement
#endif

/// Whether a model may word the lines, and which. Nothing is sent unless something here asks for it.
struct ModelOptions: ParsableArguments {
  @Flag(help: "Let a model word the lines; without --model, that of the first provider whose key is set.")
  var refine = false

  @Option(
    help: ArgumentHelp(
      "Refine with this model: claude-haiku-5-5, openai/gpt-6-luna, claude-cli, … Also HEADROOM_MODEL.",
      valueName: "name"))
  var model: String?

  @Flag(help: "Send nothing, whatever else asks for it. Also HEADROOM_OFFLINE=1.")
  var offline = false

  @Flag(help: "Print what would be sent to the model, and send nothing.")
  var showPrompt = false

  func validate() throws {
    if let model, model.isEmpty { throw ValidationError("--model needs the name of a model") }
  }

  /// - Returns: nil when nobody asks for a model, or nothing may be sent.
  func refiner(in world: World) throws -> (any DraftRefiner)? {
    let settings = try RuleLayers.settings(in: world)
    let variables = world.variables.filter { !$0.value.isEmpty }
    if offline || settings.isOffline || !["0", nil].contains(variables["HEADROOM_OFFLINE"]) {
      if showPrompt { Terminal.warn("offline: nothing would be sent") }
      return nil
    }
    let name = model ?? variables["HEADROOM_MODEL"] ?? settings.model
    guard refine || showPrompt || name != nil else { return nil }
    #if Network
      let baseURL = variables["HEADROOM_BASE_URL"] ?? settings.baseURL
      do throws(RefinementFailure) {
        let choice = try ModelChoice(named: name, baseURL: baseURL, variables: variables)
        let asking = ModelRefiner(choice, variables: variables) { Terminal.warn($0) }
        if showPrompt { return PromptPrinter(asking: asking) }
        return KeptAnswers(in: world, model: choice.name, asking: asking)
      } catch {
        if showPrompt { throw Unavailable(description: error.description) }
        return NoRefiner(failure: error)
      }
    #else
      let reason = "this build holds no network code; build it without --disable-default-traits to refine with a model"
      guard !refine, !showPrompt, model == nil else { throw Unavailable(description: reason) }
      return NoRefiner(failure: .failed(reason))
    #endif
  }

  /// Says where there was no answer, and what a key could be used for.
  func report(_ notes: RefinementNotes, in world: World) {
    for (reason, project) in notes.failures {
      Terminal.warn("\(project) is not refined, its lines are those of the rules: \(reason)")
    }
    #if Network
      if notes.hasLines, !notes.wasAsked, !offline, world.variables["HEADROOM_OFFLINE"] == nil,
        let hinted = ModelChoice.hinted(by: world.variables)
      {
        Terminal.warn("nothing was sent; --refine would let \(hinted.model) word these lines")
      }
    #endif
  }
}

/// What became of the lines of all projects.
struct RefinementNotes {
  /// Each reason why there was no answer, with the first project that it met.
  private(set) var failures: [(reason: String, project: String)] = []
  private(set) var hasLines = false
  private(set) var wasAsked = false

  mutating func add(_ learning: ProjectLearning) {
    if !learning.recommendations.isEmpty { hasLines = true }
    if learning.refinement != nil { wasAsked = true }
    guard case .failed(let reason)? = learning.refinement?.failure, !failures.contains(where: { $0.reason == reason })
    else { return }
    failures.append((reason, learning.summary.name))
  }
}

/// What was asked for cannot be done.
struct Unavailable: Error, CustomStringConvertible {
  var description: String
}

/// There is nobody to ask: the lines stand, with the reason.
private struct NoRefiner: DraftRefiner {
  var failure: RefinementFailure

  func answer(to prompt: RefinementPrompt) throws(RefinementFailure) -> RefinementAnswer { throw failure }
}

#if Network
  /// Prints instead of asking.
  private struct PromptPrinter: DraftRefiner {
    var asking: ModelRefiner

    func answer(to prompt: RefinementPrompt) throws(RefinementFailure) -> RefinementAnswer {
      Terminal.print(try asking.preview(of: prompt))
      throw .notAsked
    }
  }
#endif
