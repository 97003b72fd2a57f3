import Foundation
import Testing

@testable import ContextFiles

@Suite("Replacing a file")
struct FileReplacerTests {
  private let place: Playground

  init() throws { place = try Playground() }

  @Test func aNewFileIsMadeAndAnOldOneChanged() throws {
    let first = try place.replacer().replace(place.file, with: adding("one\n"))
    #expect(first == Replacement(path: place.file, before: nil, after: Array("one\n".utf8)))
    let second = try place.replacer().replace(place.file, with: adding("two\n"))
    #expect(second.before == first.after)
    #expect(place.text() == "one\ntwo\n")
    #expect(try place.names() == ["CLAUDE.md"])
    #expect(try place.replacer().read(place.file) == second.after)
  }

  @Test func nothingToWriteTouchesNothing() throws {
    #expect(!(try place.replacer().replace(place.home + "/no/such/file") { $0 }.changed))
    #expect(try place.names().isEmpty)
    try place.put("one\n")
    let before = try place.status()
    #expect(!(try place.replacer().replace(place.file) { $0 }.changed))
    #expect(try place.status() == before)
  }

  @Test(arguments: [0o600, 0o644, 0o755, 0o664])
  func theModeStays(mode: Int) throws {
    try place.put("one\n", mode: mode)
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    #expect(try place.status().mode == UInt32(mode))
  }

  @Test func theOwnerStaysWherePossible() throws {
    try place.put("one\n")
    if geteuid() == 0 {
      let changed = unsafe chown(place.file, 12345, 54321)
      try #require(changed == 0)
    }
    let before = try place.status()
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    let after = try place.status()
    #expect(after.user == before.user && after.group == before.group)
  }

  @Test func aGroupThatCannotBeKeptGetsNoMoreThanAllOthers() throws {
    try place.put("one\n", mode: 0o660)
    var calls = SystemCalls.live
    calls.status = { file throws(CallFailure) in
      var status = try SystemCalls.live.status(file)
      status.group += 1
      return status
    }
    calls.setOwner = { _, _, _ throws(CallFailure) in
      throw CallFailure(call: "fchown", path: "", code: EPERM)
    }
    let old = try place.status()
    let location = Location(path: place.file, real: place.file)
    let temporary = try calls.makeTemporary([0x61], for: location, like: old)
    #expect(try place.status(of: temporary).mode == 0o600)
  }

  @Test func aLinkStaysAndItsTargetIsWritten() throws {
    try FileManager.default.createDirectory(atPath: place.home + "/dot", withIntermediateDirectories: true)
    try place.put("one\n", at: place.home + "/dot/real.md")
    try FileManager.default.createSymbolicLink(atPath: place.file, withDestinationPath: "dot/real.md")
    let result = try place.replacer().replace(place.file, with: adding("two\n"))
    #expect(result.path == place.home + "/dot/real.md")
    #expect(try place.status().kind == .link)
    #expect(place.text(at: place.home + "/dot/real.md") == "one\ntwo\n")
    #expect(try place.names(in: place.home + "/dot") == ["real.md"])
  }

  @Test func aLinkToAFileOfAnotherKindIsRefused() throws {
    for name in [".bashrc", "config", "script.sh"] {
      let target = place.home + "/" + name
      try place.put("theirs\n", at: target)
      try? FileManager.default.removeItem(atPath: place.file)
      try FileManager.default.createSymbolicLink(atPath: place.file, withDestinationPath: name)
      #expect(throws: WriteError.otherKind(path: place.file, target: target)) {
        try place.replacer().replace(place.file, with: adding("ours\n"))
      }
      #expect(throws: WriteError.self) { try place.replacer().read(place.file) }
      #expect(place.text(at: target) == "theirs\n")
    }
  }

  @Test func aLinkOutOfTheRootsIsRefused() throws {
    let outside = place.root + "/outside"
    try place.put("theirs\n", at: outside + "/real.md")
    try FileManager.default.createSymbolicLink(atPath: place.file, withDestinationPath: outside + "/real.md")
    try FileManager.default.createSymbolicLink(atPath: place.home + "/folder", withDestinationPath: outside)
    for path in [
      place.file, place.home + "/folder/real.md", place.home + "/folder/new.md",
      place.home + "/folder/deep/new.md", place.home + "/../outside/real.md",
    ] {
      #expect {
        try place.replacer().replace(path, creatingFolders: true, with: adding("ours\n"))
      } throws: {
        guard case .outsideRoots(path, _) = $0 as? WriteError else { return false }
        return "\($0)".contains("outside the project and the home folder; nothing was written")
      }
    }
    #expect(place.text(at: outside + "/real.md") == "theirs\n")
    #expect(try place.names(in: outside) == ["real.md"])
  }

  @Test func whatIsNoFileIsRefused() throws {
    try FileManager.default.createSymbolicLink(atPath: place.file, withDestinationPath: "nowhere")
    #expect(throws: WriteError.danglingLink(path: place.file)) {
      try place.replacer().replace(place.file, with: adding("x"))
    }
    let folder = place.home + "/folder.md"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(throws: WriteError.notAFile(path: folder)) { try place.replacer().replace(folder, with: adding("x")) }
    let pipe = place.home + "/pipe.md"
    let made = unsafe mkfifo(pipe, 0o600)
    try #require(made == 0)
    #expect(throws: WriteError.notAFile(path: pipe)) { try place.replacer().replace(pipe, with: adding("x")) }
    for path in [place.home + "/", place.home + "/..", ""] {
      #expect(throws: WriteError.unusablePath(path: path)) { try place.replacer().replace(path, with: adding("x")) }
    }
  }

  @Test func aReadOnlyFileIsLeftAlone() throws {
    try place.put("one\n", mode: 0o444)
    #expect(throws: WriteError.readOnly(path: place.file)) {
      try place.replacer().replace(place.file, with: adding("x"))
    }
    #expect(place.text() == "one\n")
  }

  @Test func aHugeFileIsRefused() throws {
    try place.put("")
    let grown = unsafe truncate(place.file, SystemCalls.mostBytes + 1)
    try #require(grown == 0)
    #expect(throws: WriteError.tooLarge(path: place.file, limit: SystemCalls.mostBytes)) {
      try place.replacer().replace(place.file, with: adding("x"))
    }
  }

  @Test func foldersAreMadeOnlyWhenAsked() throws {
    let path = place.home + "/a/b/MEMORY.md"
    #expect(throws: WriteError.missingFolder(path: path, folder: place.home + "/a/b")) {
      try place.replacer().replace(path, with: adding("x"))
    }
    #expect(try place.names().isEmpty)
    _ = try place.replacer().replace(path, creatingFolders: true, with: adding("x"))
    #expect(place.text(at: path) == "x")
  }

  @Test func twoRunsWaitForEachOther() throws {
    let location = Location(path: place.file, real: place.file)
    #expect(throws: WriteError.busy(path: place.file)) {
      try SystemCalls.live.withLock(on: location, in: place.state, patience: 0) { () throws(WriteError) in
        _ = try place.replacer(patience: 10).replace(place.file, with: adding("x"))
      }
    }
    _ = try place.replacer(patience: 10).replace(place.file, with: adding("x"))
    #expect(try place.status(of: place.state).mode == 0o700)
  }

  /// Both names cannot change in one step: the one that was not asked for keeps the old text, whole.
  @Test func anotherNameOfTheFileKeepsTheOldText() throws {
    try place.put("one\n")
    try FileManager.default.linkItem(atPath: place.file, toPath: place.home + "/other.md")
    _ = try place.replacer().replace(place.file, with: adding("two\n"))
    #expect(place.text() == "one\ntwo\n")
    #expect(place.text(at: place.home + "/other.md") == "one\n")
    #expect(try place.names() == ["CLAUDE.md", "other.md"])
  }

  #if os(Linux)
    @Test func attributesStayWherePossible() throws {
      typealias Set = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer, Int, Int32) -> Int32
      typealias Get = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer, Int) -> Int
      let set = try unsafe unsafeBitCast(#require(dlsym(nil, "setxattr")), to: Set.self)
      let get = try unsafe unsafeBitCast(#require(dlsym(nil, "getxattr")), to: Get.self)
      try place.put("one\n")
      // Not every file system has attributes.
      guard unsafe set(place.file, "user.mine", "kept", 4, 0) == 0 else { return }
      _ = try place.replacer().replace(place.file, with: adding("two\n"))
      var value = [UInt8](repeating: 0, count: 8)
      let length = unsafe get(place.file, "user.mine", &value, value.count)
      #expect(length == 4 && value.starts(with: Array("kept".utf8)))
    }
  #endif
}
