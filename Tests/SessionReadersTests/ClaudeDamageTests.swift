import Foundation
import SessionModel
import TestSupport
import Testing

@testable import SessionReaders

@Suite struct ClaudeDamageTests {
  private func log() -> ClaudeLog {
    var log = ClaudeLog()
    for index in 0..<4 {
      log.call(
        "c\(index)", "Bash", ["command": "run {\"\(index)\"} [\\"], message: "m\(index)", usage: ["output_tokens": 9])
      log.result("c\(index)", "line\nwith \"quotes\", } and ] and \u{1B}[31mcolour", isError: index.isMultiple(of: 2))
    }
    return log
  }

  private func kinds(_ reading: ClaudeReading) -> [String] {
    reading.summary.issues.map { "\($0.kind.rawValue):\($0.location.line)" }
  }

  @Test func badLinesAreCountedAndTheRestIsRead() throws {
    var log = ClaudeLog()
    log.raw("not json")
    log.call("a")
    log.raw("")
    log.raw("  \r")
    log.raw("[1,2]")
    log.raw("{\"type\":\"user\",}")
    log.raw("42")
    log.result("a")
    let reading = try log.read()
    #expect(reading.outcomes == ["a": .succeeded])
    #expect(kinds(reading) == ["malformed_lines:1", "malformed_lines:5", "malformed_lines:6", "malformed_lines:7"])
  }

  @Test func theLastLineMayBeTorn() throws {
    let bytes = log().bytes
    for cut in [1, 2, 20, 60] {
      let reading = try readClaude(Array(bytes.dropLast(cut)))
      #expect(reading.calls.count == (cut == 1 ? 4 : 3))
      #expect(kinds(reading) == (cut == 1 ? [] : ["torn_lines:8"]))
    }
  }

  /// A session was killed while it wrote, and resumed: the next record stands behind the torn one.
  @Test func aRecordGluedToATornOneIsRead() throws {
    let lines = log().lines
    var missed: [Int] = []
    for cut in 1..<lines[1].utf8.count {
      let torn = Array(lines[1].utf8.prefix(cut)) + Array(lines[2].utf8)
      let bytes = Array(lines[0].utf8) + [10] + torn + [10] + Array((lines[3] + "\n" + lines[4] + "\n" + lines[5]).utf8)
      let reading = try readClaude(bytes)
      if reading.outcomes["c1"] == nil { missed.append(cut) }
      #expect(reading.outcomes["c2"] == .failed)
      #expect(kinds(reading) == ["malformed_lines:2"], "cut at \(cut)")
    }
    #expect(missed == [])
  }

  @Test func severalRecordsOnOneLineAreRead() throws {
    let lines = log().lines
    let torn = String(lines[0].prefix(50))
    let reading = try readClaude(
      Array((lines[0] + lines[1] + " " + lines[2] + torn + lines[3] + torn + lines[4] + lines[5] + "\n").utf8))
    #expect(reading.calls.map(\.id) == ["c0", "c1", "c2"])
    #expect(kinds(reading) == ["malformed_lines:1"])
  }

  @Test func whatFollowsARecordIsNotIgnoredInSilence() throws {
    let lines = log().lines
    #expect(kinds(try readClaude(Array((lines[0] + "garbage\n" + lines[1]).utf8))) == ["malformed_lines:1"])
    #expect(kinds(try readClaude(Array((lines[0] + "\n" + lines[1] + lines[2].prefix(40)).utf8))) == ["torn_lines:2"])
  }

  /// A torn record holds objects that are whole. They are no records.
  @Test func partsOfATornRecordAreNotTakenForRecords() throws {
    var log = ClaudeLog()
    log.record(
      "progress",
      [
        "data": [
          "message": [
            "type": "user", "message": ["content": [["type": "tool_result", "tool_use_id": "x", "content": "y"]]],
          ]
        ]
      ])
    let line = try #require(log.lines.first)
    for cut in 1..<line.utf8.count {
      let reading = try readClaude(Array(line.utf8.prefix(cut)))
      #expect(reading.calls.isEmpty && reading.summary.looseResults.isEmpty, "cut at \(cut)")
    }
  }

  @Test func aMillionEmptyRecordsOnOneLine() throws {
    let text = String(repeating: "{}", count: 300_000)
    #expect(try readClaude(Array(text.utf8)).summary.issues.isEmpty)
  }

  /// A quadratic step would take minutes.
  @Test(.timeLimit(.minutes(5))) func thousandsOfRecordsBehindTornOnesAreFound() throws {
    let text = String(repeating: #"x{"parentUuid":1,"sessionId":"s","type":"user"}"#, count: 50_000)
    #expect(kinds(try readClaude(Array((text + "\n").utf8))) == ["malformed_lines:1"])
  }

  @Test func aHugeLineIsRead() throws {
    var log = ClaudeLog()
    log.call("a", "Write", ["file_path": "/a", "content": String(repeating: "x\"\\\n", count: 1_000_000)])
    log.result("a", String(repeating: "é\n", count: 1_500_000))
    let call = try #require(try log.read()["a"])
    #expect(call.outputBytes == 4_500_000)
    #expect(call.output.utf8.count <= OutputText.limit + 20)
    #expect(call.input.text == "/a")
  }

  @Test func damagedLinesDoNotHarmTheOthers() throws {
    var random = SplitMix64(seed: 41)
    let lines = log().lines.map { Array($0.utf8) }
    for round in 0..<rounds(400) {
      var damaged = lines
      let index = Int.random(in: 0..<lines.count, using: &random)
      for _ in 0...Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0..<damaged[index].count, using: &random)
        var byte = UInt8.random(in: 0...255, using: &random)
        if random.chance(50) { byte = random.pick(Array("{}[],:\"\\ntu0".utf8)) }
        if byte == 10 { byte = 0 }
        if random.chance(40) { damaged[index].remove(at: place) } else { damaged[index][place] = byte }
      }
      let reading = try readClaude(Array(damaged.joined(separator: [10])))
      for other in 0..<4 where other != index / 2 {
        #expect(reading.outcomes["c\(other)"] == (other.isMultiple(of: 2) ? .failed : .succeeded), "round \(round)")
      }
      #expect(reading.summary.issues.allSatisfy { $0.location.line == index + 1 }, "round \(round)")
    }
  }

  @Test func anyBytesAreRead() throws {
    var random = SplitMix64(seed: 42)
    let pieces: [[UInt8]] = [
      "{\"type\":\"user\",", "\"message\":{\"content\":[",
      "{\"type\":\"tool_result\",\"tool_use_id\":\"a\",\"content\":", "\"sessionId\":\"s\"", "}", "]",
      "\n", "\"", "\\", ",", "{\"type\":\"assistant\",",
      "{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"Bash\",\"input\":", "{}", "[]", "null", "1e999",
      "\"toolUseResult\":", "{\"task\":{\"task_id\":\"t\",\"status\":\"failed\"}}", "\\ud800", "\"cwd\":",
      "\"timestamp\":", "\"usage\":", "\r\n", "é",
    ].map { Array($0.utf8) }
    for _ in 0..<rounds(600) {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        bytes += random.chance(85) ? random.pick(pieces) : [UInt8.random(in: 0...255, using: &random)]
      }
      let reading = try readClaude(bytes)
      #expect(reading.summary.issues.count <= bytes.split(separator: 10).count)
    }
  }
}
