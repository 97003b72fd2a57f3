import Foundation
import MarkerBlock
import Testing

@testable import ContextFiles
@testable import Recommendations

@Suite("Each call to the system fails, one after another")
struct FaultTests {
  private enum Start: CaseIterable { case missing, existing, nested }

  @Test(arguments: [EIO, ENOSPC, EACCES, EINVAL, ENOENT, EEXIST], [false, true])
  func theFileIsTheOldOrTheNewOne(code: Int32, isDeath: Bool) throws {
    var hit: Set<String> = []
    for start in Start.allCases {
      var failing = 1
      while true {
        let plan = FaultPlan(failing: failing, code: code, isDeath: isDeath)
        try run(plan, start)
        if plan.failed.isEmpty { break }
        hit.insert(plan.failed)
        failing += 1
      }
      #expect(failing > 20)
    }
    let all = [
      "open", "read", "write", "fsync", "fstat", "fchmod", "lstat", "rename", "unlink", "mkdir", "opendir", "flock",
      "realpath",
    ]
    #expect(hit.isSuperset(of: all))
  }

  private func run(_ plan: FaultPlan, _ start: Start) throws {
    let place = try Playground()
    let path = start == .nested ? place.home + "/a/b/CLAUDE.md" : place.file
    let old = start == .existing ? "old\n" : nil
    if let old { try place.put(old) }
    let new = (old ?? "") + "new text of some length\n"
    var thrown: WriteError?
    do {
      _ = try place.replacer(plan.calls, tries: 3).replace(
        path, creatingFolders: true, with: adding("new text of some length\n"))
    } catch {
      thrown = error
      #expect("\(error)".contains(path), "\(error)")
    }
    let comment: Comment = "\(plan.failed) failed as call \(plan.failing): \(String(describing: thrown))"
    let now = place.text(at: path)
    #expect(now == old || now == new, comment)
    switch thrown {
    case nil: #expect(now == new, comment)
    case .unconfirmed: #expect(now == new, comment)
    default: #expect(now == old, comment)
    }
    let again = try place.replacer().replace(path, creatingFolders: true) { bytes in
      bytes == Array(new.utf8) ? bytes : Array(new.utf8)
    }
    #expect(place.text(at: path) == new, comment)
    #expect(again.after == Array(new.utf8), comment)
    #expect(try place.names(in: Location.split(path).folder) == ["CLAUDE.md"], comment)
    _ = try place.replacer().undo(path)
    #expect(place.text(at: path) == old, comment)
    #expect(try place.names(in: place.state + "/undo").isEmpty, comment)
  }

  /// What is on record of a file fits it, wherever the run that changed it came to its end.
  @Test(arguments: [EIO, ENOSPC], [false, true])
  func noLineOfOursIsTakenForAPersonsEdit(code: Int32, isDeath: Bool) throws {
    let (one, two) = (lesson("r-000001", "Use `a`"), lesson("r-000002", "Use `b`"))
    let date = try #require(BlockDate("2026-11-22"))
    var failing = 1
    while true {
      let place = try Playground()
      func apply(_ lessons: [Recommendation], _ calls: SystemCalls = .live) throws -> String? {
        let writer = ContextWriter(roots: [place.home], stateFolder: place.state, calls: calls)
        _ = try writer.apply(lessons, to: place.file, date: date)
        return place.text()
      }
      try place.put("# Mine\n")
      let old = try apply([one, two])
      let new = old?.replacing("- Use `a`\n", with: "").replacing("~20 tokens", with: "~10 tokens")
      let plan = FaultPlan(failing: failing, code: code, isDeath: isDeath)
      _ = try? apply([two], plan.calls)
      if plan.failed.isEmpty { break }
      let comment: Comment = "\(plan.failed) failed as call \(failing)"
      let memory = LessonMemory(stateFolder: place.state)
      #expect(place.text() == old || place.text() == new, comment)
      #expect(memory.removed.isEmpty, comment)
      #expect(try apply([two]) == new, comment)
      #expect(memory.removed.isEmpty, comment)
      #expect(try apply([one, two]) == old, comment)
      #expect(try place.names() == ["CLAUDE.md"], comment)
      #expect(try place.names(in: place.state + "/written").allSatisfy { $0.hasSuffix(".json") }, comment)
      failing += 1
    }
    #expect(failing > 50)
  }

  @Test(arguments: [false, true])
  func undoLeavesEitherText(isDeath: Bool) throws {
    var failing = 1
    while true {
      let place = try Playground()
      try place.put("old\n")
      _ = try place.replacer().replace(place.file, with: adding("new\n"))
      let plan = FaultPlan(failing: failing, code: EIO, isDeath: isDeath)
      _ = try? place.replacer(plan.calls).undo(place.file)
      if plan.failed.isEmpty { break }
      #expect(["old\n", "old\nnew\n"].contains(place.text()), "\(plan.failed) failed as call \(failing)")
      _ = try? place.replacer().undo(place.file)
      #expect(place.text() == "old\n", "\(plan.failed) failed as call \(failing)")
      #expect(try place.names() == ["CLAUDE.md"])
      failing += 1
    }
    #expect(failing > 20)
  }

  @Test func aFolderThatVanishesIsSaid() throws {
    let place = try Playground()
    let folder = place.home + "/a"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/CLAUDE.md"
    try place.put("old\n", at: path)
    var calls = SystemCalls.live
    calls.open = { path, mode throws(CallFailure) in
      if case .creating = mode { try? FileManager.default.removeItem(atPath: folder) }
      return try SystemCalls.live.open(path, mode)
    }
    #expect {
      try place.replacer(calls).replace(path, with: adding("new\n"))
    } throws: {
      "\($0)".contains("\(path) was not written: open of \(folder)/")
    }
    #expect(throws: WriteError.missingFolder(path: path, folder: folder)) {
      try place.replacer().replace(path, with: adding("new\n"))
    }
  }

  @Test func aFolderThatMayNotBeWrittenIsSaid() throws {
    let place = try Playground()
    try place.put("old\n")
    var calls = SystemCalls.live
    calls.open = { path, mode throws(CallFailure) in
      // Root may write everywhere.
      if case .creating = mode { throw CallFailure(call: "open", path: path, code: EACCES) }
      return try SystemCalls.live.open(path, mode)
    }
    #expect {
      try place.replacer(calls).replace(place.file, with: adding("new\n"))
    } throws: {
      "\($0)".contains("\(place.file) was not written: Permission denied") && "\($0)".contains("ls -ld")
    }
    #expect(place.text() == "old\n")
    #expect(try place.names() == ["CLAUDE.md"])
  }
}
