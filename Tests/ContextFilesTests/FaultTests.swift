import Foundation
import Testing

@testable import ContextFiles

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
}
