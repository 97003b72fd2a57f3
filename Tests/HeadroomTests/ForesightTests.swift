import Foundation
import LearnPipeline
import Recommendations
import SessionModel
import Testing

@Suite struct ForesightTests {
  private let learner = Learner(world: Fixture("claude/demo").world)

  @Test func laterFailuresAreHeldAgainstEarlierLines() async throws {
    let (projects, _) = await learner.foresight(Selection(), split: 0.6)
    #expect(
      ForesightReport(projects, showsLines: true).text == """
        project  sessions  later failures  foreseen  lines  that hit  tokens
        shop          3+2               6   1 (17%)      6         1     126

        shop
          ×0  Port `5432` is taken on this machine before the containers start
          ×0  `npm run typecheck` is not there: use `npm run check:types` instead
          ×1  Look below `backend/app/api/`, not `src/api/`: `customers.py`, `orders.py`, `payments.py`
          ×0  `git push` needs the user's approval here; do not retry it in another spelling
          ×0  `Read` a file in this session before you `Edit` or `Write` it, above all `Cart.tsx`, `pricing.py`: \
        the tool refuses what was not read or does not match exactly
          ×0  `gh` is not installed here

        """)
  }

  @Test func theSplitIsByTheStartOfTheSessions() async throws {
    let (projects, _) = await learner.foresight(Selection(), split: 0.8)
    let project = try #require(projects.first)
    #expect((project.earlier, project.later) == (4, 1))
    #expect(project.tokens == project.lines.reduce(0) { $0 + $1.recommendation.draft.cost })
    #expect(project.foreseen == project.lines.reduce(0) { $0 + $1.hits })
  }

  /// The logs are read once, and the past comes out as if they were read up to then.
  @Test func thePastIsWhatAnEarlierRunWouldHaveLearned() async throws {
    let (projects, _) = await learner.foresight(Selection(), split: 0.6)
    let starts = await Fixture("claude/demo").projects[0].starts.values.sorted()
    let earlier = await learner.learn(Selection(until: starts[2])).projects[0]
    #expect(projects[0].lines.map(\.recommendation.text) == earlier.recommendations.map(\.text))
    #expect(
      projects[0].lines.map(\.recommendation.draft.tokensPerSession)
        == earlier.recommendations.map(\.draft.tokensPerSession))
  }

  @Test func fewSessionsSayNothing() async {
    let few = Learner(world: Fixture("claude/subagents").world)
    let (projects, _) = await few.foresight(Selection(), split: 0.6)
    #expect(projects.isEmpty)
    #expect(ForesightReport(projects, showsLines: false).text.hasPrefix("No project has 5 sessions"))
  }
}
