import Foundation
import Synchronization
import Testing

@testable import ContextFiles

@Suite("Someone else writes the file meanwhile")
struct RaceTests {
  private let place: Playground

  init() throws {
    place = try Playground()
    try place.put("old\n")
  }

  /// The calls of the system, with something happening right before the file is put in place for the first time.
  private func calls(
    swapping: Bool = true, before action: @escaping @Sendable (Playground) -> Void
  ) -> SystemCalls {
    let once = Once()
    let place = place
    var calls = SystemCalls.live
    calls.rename = { old, new, kind throws(CallFailure) in
      if new == place.file, once.isFirst { action(place) }
      if !swapping, kind != .replacing { throw CallFailure(call: "rename", path: new, code: EINVAL) }
      try SystemCalls.live.rename(old, new, kind)
    }
    return calls
  }

  private final class Once: Sendable {
    private let done = Atomic(false)
    var isFirst: Bool { !done.exchange(true, ordering: .relaxed) }
  }

  @Test func beforeTheNewTextIsReadyTheRunStartsOver() throws {
    let once = Once()
    let result = try place.replacer().replace(place.file) { bytes in
      if once.isFirst { place.append("theirs\n") }
      return bytes + Array("ours\n".utf8)
    }
    #expect(place.text() == "old\ntheirs\nours\n")
    #expect(result.before == Array("old\ntheirs\n".utf8))
  }

  @Test(arguments: [true, false])
  func whatIsAddedInTheLastMomentIsKept(swapping: Bool) throws {
    let replacer = place.replacer(calls(swapping: swapping) { $0.append("theirs\n") })
    let result = try replacer.replace(place.file) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      return text.contains("ours") ? bytes : bytes + Array("ours\n".utf8)
    }
    #expect(place.text() == "old\nours\ntheirs\n")
    #expect(try place.names() == ["CLAUDE.md"])
    #expect(result.before == Array("old\ntheirs\n".utf8))
    _ = try place.replacer().undo(place.file)
    #expect(place.text() == "old\ntheirs\n")
  }

  @Test func aFileThatIsReplacedInTheLastMomentIsTakenUp() throws {
    let replacer = place.replacer(calls { try? $0.put("rewritten\n") })
    _ = try replacer.replace(place.file, with: adding("ours\n"))
    #expect(place.text() == "rewritten\nours\n")
    #expect(try place.names() == ["CLAUDE.md"])
  }

  @Test func aWriterThatIsNotDoneIsWaitedFor() throws {
    let file = unsafe open(place.file, O_WRONLY | O_APPEND)
    let waits = Atomic(0)
    var calls = SystemCalls.live
    calls.sleep = { _ in
      guard waits.add(1, ordering: .relaxed).newValue == 30 else { return }
      let line = Array("theirs\n".utf8)
      _ = unsafe write(file, line, line.count)
      close(file)
    }
    _ = try place.replacer(calls).replace(place.file) { bytes in
      String(decoding: bytes, as: UTF8.self).contains("ours") ? bytes : bytes + Array("ours\n".utf8)
    }
    #if os(Linux)
      #expect(waits.load(ordering: .relaxed) >= 30)
      #expect(place.text() == "old\nours\ntheirs\n")
    #endif
  }

  @Test func aFileThatAppearsIsNotReplaced() throws {
    try FileManager.default.removeItem(atPath: place.file)
    _ = try place.replacer(calls { try? $0.put("theirs\n") }).replace(place.file, with: adding("ours\n"))
    #expect(place.text() == "theirs\nours\n")
  }

  @Test func aFileThatVanishesIsMadeAnew() throws {
    let replacer = place.replacer(calls { try? FileManager.default.removeItem(atPath: $0.file) })
    _ = try replacer.replace(place.file, with: adding("ours\n"))
    #expect(place.text() == "ours\n")
  }

  @Test func aFileThatNeverRestsIsLeftAlone() throws {
    #expect(throws: WriteError.keepsChanging(path: place.file, tries: 5)) {
      try place.replacer(tries: 5).replace(place.file) { bytes in
        place.append("theirs\n")
        return bytes + Array("ours\n".utf8)
      }
    }
    #expect(place.text() == "old\n" + String(repeating: "theirs\n", count: 5))
    #expect(try place.names() == ["CLAUDE.md"])
  }

  @Test func twoTextsAtOnceAreNotMixed() throws {
    let place = place
    let once = Once()
    var calls = SystemCalls.live
    calls.rename = { old, new, kind throws(CallFailure) in
      let isFirst = new == place.file && once.isFirst
      if isFirst { try? place.put("theirs\n") }
      try SystemCalls.live.rename(old, new, kind)
      if isFirst { place.append("more\n") }
    }
    #expect(throws: WriteError.lateWrite(path: place.file, rescued: Array("theirs\n".utf8))) {
      try place.replacer(calls).replace(place.file, with: adding("ours\n"))
    }
    #expect(place.text() == "old\nours\nmore\n")
  }

  /// Opens the file, adds a line and closes it again, as a shell does with `>>`.
  private final class Appender: Sendable {
    private let isDone = Atomic(false)
    private let lines = Atomic(0)
    var count: Int { lines.load(ordering: .relaxed) }

    func stop() { isDone.store(true, ordering: .relaxed) }

    func run(on path: String) {
      while !isDone.load(ordering: .relaxed) {
        let file = unsafe open(path, O_WRONLY | O_APPEND)
        if file >= 0 {
          let line = Array("theirs \(count)\n".utf8)
          if unsafe write(file, line, line.count) == line.count { lines.add(1, ordering: .relaxed) }
          close(file)
        }
        usleep(20_000)
      }
    }
  }

  @Test func eightRunsAndSomeoneWhoAppendsLoseNoLine() throws {
    let place = place
    // Ten times the patience: when the machine is busy, any of them may have to wait long for its turn.
    var calls = SystemCalls.live
    calls.sleep = { SystemCalls.live.sleep($0 * 10) }
    let patient = calls
    let appender = Appender()
    let appending = Worker { appender.run(on: place.file) }
    let runs = (0..<8).map { run in
      Worker {
        for round in 0..<25 {
          let line = "run \(run) \(round)\n"
          do {
            _ = try place.replacer(patient, tries: 10_000).replace(place.file) { bytes in
              String(decoding: bytes, as: UTF8.self).contains(line) ? bytes : bytes + Array(line.utf8)
            }
          } catch {
            Issue.record(error)
          }
        }
      }
    }
    for run in runs { run.wait() }
    appender.stop()
    appending.wait()
    let lines = Set((place.text() ?? "").split(separator: "\n").map(String.init))
    #expect(appender.count > 10)
    let expected =
      (0..<appender.count).map { "theirs \($0)" } + (0..<8).flatMap { run in (0..<25).map { "run \(run) \($0)" } }
    #expect(expected.filter { !lines.contains($0) } == [])
    #expect(try place.names() == ["CLAUDE.md"])
  }
}
