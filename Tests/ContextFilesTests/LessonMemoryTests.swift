import Foundation
import MarkerBlock
import RulePack
import Testing

@testable import ContextFiles
@testable import Recommendations

/// Lessons as a rule would draft them.
func lesson(_ id: String, _ text: String, section: String = "Commands") -> Recommendation {
  Recommendation(
    Draft(
      id: id, ruleID: "test/rule", section: section, target: .contextFile, text: text,
      trigger: Trigger(category: .badUsage, values: [:]), correction: nil, confidence: 0.9,
      evidence: Evidence(key: LessonKey(ruleID: "test/rule", values: [id]), []), tokensPerSession: 10))
}

@Suite("What people do not want")
struct LessonMemoryTests {
  private let place: Playground
  private let memory: LessonMemory
  private let one = lesson("r-000001", "Use `a`")
  private let two = lesson("r-000002", "Use `b`")

  init() throws {
    place = try Playground()
    memory = LessonMemory(stateFolder: place.state, run: 100)
    try place.put("# Mine\n\nWords.\n")
  }

  @discardableResult
  private func apply(_ lessons: [Recommendation], day: String = "2026-11-22", run: UInt64 = 1) throws -> String {
    let date = try #require(BlockDate(day))
    let writer = ContextWriter(roots: [place.home], stateFolder: place.state, run: run)
    _ = try writer.apply(lessons, to: place.file, date: date)
    return place.text() ?? ""
  }

  /// What a run would still recommend.
  private func wanted(_ lessons: [Recommendation]) -> [Recommendation] {
    let forgotten = Set(memory.forgotten.map(\.id))
    let removals = memory.removals(from: place.file)
    return lessons.filter { !forgotten.contains($0.draft.id) && !removals.contains(id: $0.draft.id, text: $0.text) }
  }

  @Test func aForgottenLessonLeavesItsFileAtOnceAndStaysAway() throws {
    try apply([one, two])
    let changed = try memory.forget("r-000001")
    #expect(changed.map(\.path) == [place.file])
    #expect(place.text()?.contains("Use `a`") == false)
    #expect(place.text()?.contains("- Use `b`") == true)
    #expect(memory.forgotten == [ForgottenLesson(id: "r-000001", text: "- Use `a`")])
    #expect(wanted([one, two]).map(\.draft.id) == ["r-000002"])
    #expect(try memory.remember("r-000001"))
    #expect(try !memory.remember("r-000001"))
    #expect(wanted([one, two]).count == 2)
    #expect(try apply([one, two]).contains("- Use `a`"))
  }

  @Test func aDamagedListIsKeptAndToldOf() throws {
    _ = try memory.forget("r-000001")
    #expect(memory.damage == nil)
    let list = place.state + "/forgotten.json"
    let cut = String((place.text(at: list) ?? "").dropLast(4))
    try place.put(cut, at: list)
    #expect(memory.damage?.contains(list) == true)
    #expect(throws: WriteError.damaged(path: list)) { try memory.forget("r-000002") }
    #expect(place.text(at: list) == cut)
  }

  @Test func theLastLessonTakesTheBlockWithIt() throws {
    try apply([one])
    _ = try memory.forget("r-000001")
    #expect(place.text()?.contains("headroom") == false)
    #expect(place.text()?.hasPrefix("# Mine\n\nWords.\n") == true)
  }

  @Test func aLessonThatWasNeverWrittenCanBeForgotten() throws {
    #expect(try memory.forget("r-00000f").isEmpty)
    #expect(memory.forgotten == [ForgottenLesson(id: "r-00000f", text: nil)])
    #expect(place.text() == "# Mine\n\nWords.\n")
  }

  @Test(arguments: ["", "- Use `a` but only on Mondays\n"])
  func aLineThatAPersonDeletedOrRewordedStaysAway(replacement: String) throws {
    let text = try apply([one, two])
    try place.put(text.replacingOccurrences(of: "- Use `a`\n", with: replacement))
    #expect(memory.removed == [RemovedLesson(path: place.file, id: "r-000001", text: "- Use `a`")])
    #expect(wanted([one, two]).map(\.draft.id) == ["r-000002"])
    // The same words under another id are the same lesson.
    #expect(wanted([lesson("r-000009", "Use `a`")]).isEmpty)
    let after = try apply(wanted([one, two]), day: "2026-11-23")
    #expect((replacement.isEmpty || after.contains(replacement)) && !after.contains("- Use `a`\n"))
    // It is remembered beyond the next write.
    #expect(memory.removed.map(\.id) == ["r-000001"])
    #expect(wanted([one, two]).map(\.draft.id) == ["r-000002"])
    #expect(try memory.remember("r-000001"))
    #expect(wanted([one, two]).count == 2)
    #expect(try apply([one, two], day: "2026-11-24").contains("- Use `a`\n"))
  }

  @Test func theOnlyLineOfABlockMayBeTheOneThatWasDeleted() throws {
    let text = try apply([one])
    try place.put(text.replacingOccurrences(of: "- Use `a`\n", with: ""))
    #expect(memory.removed.map(\.id) == ["r-000001"])
  }

  @Test func aDeletedLineCanBeRememberedBeforeAnyRunHasNoticed() throws {
    let text = try apply([one, two])
    try place.put(text.replacingOccurrences(of: "- Use `a`\n", with: ""))
    #expect(try memory.remember("r-000001"))
    #expect(memory.removed.isEmpty)
    #expect(try apply([one, two]).contains("- Use `a`"))
  }

  @Test func anotherVersionOfTheFileSaysNothingOfAnyLine() throws {
    let older = try apply([one], day: "2026-11-20")
    try apply([one, two], day: "2026-11-22")
    // As after `git checkout` of an older commit, of one without a block, and after the file was removed.
    for text in [older, "# Mine\n\nWords.\n"] {
      try place.put(text)
      #expect(memory.removed.isEmpty)
      #expect(wanted([one, two]).count == 2)
    }
    try FileManager.default.removeItem(atPath: place.file)
    #expect(memory.removed.isEmpty)
  }

  @Test func spacesAtTheEndOfALineRemoveNothing() throws {
    let text = try apply([one, two])
    try place.put(text.replacingOccurrences(of: "- Use `a`", with: "- Use `a`  "))
    #expect(memory.removed.isEmpty)
  }

  @Test func whatUndoTookAwayWasNotDeletedByHand() throws {
    try apply([one], run: 1)
    let first = place.text()
    try apply([one, two], run: 2)
    let replacer = place.replacer()
    #expect(try replacer.lastWritten() == [place.file])
    try memory.takeBack(try replacer.undo(place.file))
    #expect(place.text() == first)
    #expect(memory.removed.isEmpty)
    #expect(wanted([one, two]).count == 2)
    // Lines that came back are still known as ours.
    let files = StateFiles(stateFolder: place.state)
    #expect(files.ledger(of: place.file)?.texts == ["- Use `a`"])
  }

  @Test func forgettingCanBeUndoneInTheFile() throws {
    let text = try apply([one, two])
    _ = try memory.forget("r-000001")
    try memory.takeBack(try place.replacer().undo(place.file))
    #expect(place.text() == text)
    // The next write takes it out again: it is still forgotten.
    #expect(try !apply([two]).contains("Use `a`"))
  }

  @Test func onlyFilesOfTheLastRunAreTakenBackTogether() throws {
    let other = place.home + "/AGENTS.md"
    try apply([one], run: 1)
    let date = try #require(BlockDate("2026-11-22"))
    _ = try ContextWriter(roots: [place.home], stateFolder: place.state, run: 2).apply([one], to: other, date: date)
    #expect(try place.replacer().lastWritten() == [other])
    #expect(try place.replacer().undoable() == [other, place.file])
  }

  @Test func oneFileHasOneLedgerWhateverNameItIsCalledBy() throws {
    let link = place.home + "/link.md"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "CLAUDE.md")
    try apply([one])
    let date = try #require(BlockDate("2026-11-22"))
    _ = try ContextWriter(roots: [place.home], stateFolder: place.state).apply([one, two], to: link, date: date)
    #expect(StateFiles(stateFolder: place.state).ledgers().map(\.path) == [place.file])
  }

  @Test func theStateIsForItsOwnerOnly() throws {
    try apply([one])
    _ = try memory.forget("r-000001")
    for folder in ["", "/written", "/undo", "/locks"] {
      #expect(try place.status(of: place.state + folder).mode & 0o077 == 0)
    }
  }

  @Test(arguments: ["r-12345", "r-1234567", "r-12345G", "R-123456", "123456", "r-ABCDEF", ""])
  func idsHaveOneShape(text: String) { #expect(!LessonMemory.isID(text)) }
}
