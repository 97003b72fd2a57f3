import Testing

@testable import RulePack

@Suite struct SlotTests {
  @Test func partsOfATemplate() {
    #expect(
      Slot.parts(of: "`{path}`[[ ({size}, {name+})]] is large") == [
        .text("`"), .slot("path"), .text("`"),
        .optional([.text(" ("), .slot("size"), .text(", "), .list("name"), .text(")")]), .text(" is large"),
      ])
    #expect(Slot.names(in: "`{path}`[[ ({size}, {name+})]]") == ["path", "size", "name"])
    // A mark that combines with the brace before it is text behind it.
    #expect(Slot.parts(of: "{path}\u{301}") == [.slot("path"), .text("\u{301}")])
  }

  @Test(arguments: [
    "[[ -f x ]]", "a [[b", "c]] d", "[[]]", "{}", "{ +}", "{a b}", "a}", "{", "{\u{301}}", "{ }\u{301}",
  ])
  func textStaysText(text: String) {
    let parts = Slot.parts(of: text)
    let texts = parts.compactMap { part in if case .text(let text) = part { text } else { nil } }
    #expect(texts.count == parts.count && texts.joined() == text)
  }

  @Test func aLessonNeedsTheRuleThatItSharesOneWith() {
    var reader = PackReader()
    reader.read(
      """
      pack: own
      rules:
        - id: own/a
          category: stale_file
          when: { output: "not read yet" }
          learn: { section: Editing, same_as: own/bb }
          examples: [{ output: "not read yet" }]
        - id: own/b
          category: stale_file
          when: { output: "changed since" }
          learn: { section: Editing, otherwise: "Read first" }
          examples: [{ output: "changed since" }]
      """, file: "own.yaml")
    #expect(reader.faults.isEmpty)
    let faults = reader.layer.applied(to: []).faults.map(\.description)
    #expect(
      faults.count == 1 && faults[0].contains("there is no rule `own/bb` to learn the same as; did you mean `own/b`?"))
  }
}
