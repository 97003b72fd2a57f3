import HeadroomLearn

func writeOneRecommendation(to folder: String, in environment: LearnEnvironment = .current) throws -> [String] {
  let recommendation = try Recommendation(
    target: .contextFile, section: "Environment", content: "`python3` has no packages here: use `uv run python`",
    estimatedTokensSaved: 400)
  let writer = ClaudeCodeWriter(environment: environment)
  let result = try writer.write([recommendation], to: ProjectInfo(path: folder), dryRun: false)
  return result.filesWritten  // CLAUDE.md of the folder; nothing when it says so already
}
