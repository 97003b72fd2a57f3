import MarkerBlock
import TestSupport
import Testing

@Suite("The diff")
struct UnifiedDiffTests {
  private func diff(_ old: String, _ new: String, context: Int = 3) -> [String] {
    unifiedDiff(old: Array(old.utf8), new: Array(new.utf8), oldName: "a", newName: "b", context: context)
  }

  @Test func readsAsDiffPrintsIt() {
    #expect(diff("x\n", "x\n").isEmpty)
    #expect(diff("", "x\ny\n") == ["--- a", "+++ b", "@@ -0,0 +1,2 @@", "+x", "+y"])
    #expect(diff("x\n", "") == ["--- a", "+++ b", "@@ -1 +0,0 @@", "-x"])
    #expect(
      diff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\nx\n5\n6\n", context: 1)
        == ["--- a", "+++ b", "@@ -3,3 +3,3 @@", " 3", "-4", "+x", " 5"])
    #expect(
      diff("a", "a\n") == ["--- a", "+++ b", "@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"])
  }

  @Test func changesFarApartGetHunksOfTheirOwn() {
    let old = (1...20).map { "\($0)\n" }
    var new = old
    new[1] = "two\n"
    new[17] = "x\n"
    let far = diff(old.joined(), new.joined()).filter { $0.hasPrefix("@@") }
    #expect(far == ["@@ -1,5 +1,5 @@", "@@ -15,6 +15,6 @@"])
    new[8] = "nine\n"
    #expect(
      diff(old.joined(), new.joined()).filter { $0.hasPrefix("@@") } == ["@@ -1,12 +1,12 @@", "@@ -15,6 +15,6 @@"])
  }

  @Test func appliedToTheOldTextItGivesTheNewOneWithTheFewestLines() {
    var generator = Generator(random: SplitMix64(seed: 5))
    for _ in 0..<3_000 {
      let old = (0..<generator.pick([0, 1, 5, 12])).map { _ in generator.pick(["a", "b", "c", ""]) + "\n" }
      let new = (0..<generator.pick([0, 1, 5, 12])).map { _ in generator.pick(["a", "b", "c", ""]) + "\n" }
      let lines = diff(old.joined(), new.joined(), context: generator.pick([0, 1, 3]))
      #expect(apply(lines, to: old) == new)
      let edits = lines.dropFirst(2).filter { $0.hasPrefix("-") || $0.hasPrefix("+") }.count
      #expect(edits == old.count + new.count - 2 * longestCommon(old, new))
    }
  }

  @Test func hugeFilesWithOneChangeAreQuick() {
    let before = Array(repeating: Array("line\n".utf8), count: 200_000).flatMap { $0 }
    let lines = unifiedDiff(old: before, new: before + Array("x\n".utf8) + before)
    #expect(lines.count > 200_000)
    #expect(lines[2] == "@@ -199998,3 +199998,200004 @@")
  }

  @Test func textsWithNothingInCommonAreOneReplacement() {
    let old = (0..<3_000).map { "old \($0)\n" }
    let new = (0..<3_000).map { "new \($0)\n" }
    #expect(apply(diff(old.joined(), new.joined()), to: old) == new)
  }

  private func apply(_ diff: [String], to old: [String]) -> [String] {
    var new: [String] = []
    var next = 0
    for line in diff.dropFirst(2) {
      if line.hasPrefix("@@") {
        let numbers = line.dropFirst(4).prefix { $0 != " " }.split(separator: ",").compactMap { Int($0) }
        let start = numbers.count == 2 && numbers[1] == 0 ? numbers[0] : numbers[0] - 1
        new += old[next..<start]
        next = start
      } else if line.hasPrefix("+") {
        new.append(line.dropFirst() + "\n")
      } else {
        guard next < old.count, old[next] == line.dropFirst() + "\n" else { return ["does not apply"] }
        if line.hasPrefix(" ") { new.append(old[next]) }
        next += 1
      }
    }
    return new + old[next...]
  }

  private func longestCommon(_ a: [String], _ b: [String]) -> Int {
    var row = Array(repeating: 0, count: b.count + 1)
    for x in a {
      var diagonal = 0
      for (index, y) in b.enumerated() {
        let above = row[index + 1]
        row[index + 1] = x == y ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return row.last ?? 0
  }
}
