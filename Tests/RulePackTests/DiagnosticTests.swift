import Foundation
import TestSupport
import Testing

@testable import RulePack

/// A file in `Diagnostics` with what its reader has to say of it beside it. With `HEADROOM_RECORD=1` the messages are
/// written instead of compared.
struct DiagnosticCase: Sendable, CustomTestStringConvertible {
  let name: String
  var testDescription: String { name }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Diagnostics")

  static let all: [DiagnosticCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { DiagnosticCase(name: String($0.dropLast(5))) }.sorted {
      $0.name < $1.name
    }
  }()

  var input: String {
    get throws { try String(contentsOf: Self.folder.appendingPathComponent(name + ".yaml"), encoding: .utf8) }
  }
  private var messages: URL { Self.folder.appendingPathComponent(name + ".txt") }

  func expected(recording actual: String) throws -> String {
    if ProcessInfo.processInfo.environment["HEADROOM_RECORD"] != nil {
      try actual.write(to: messages, atomically: true, encoding: .utf8)
    }
    return try String(contentsOf: messages, encoding: .utf8)
  }
}

@Suite struct DiagnosticTests {
  @Test(arguments: DiagnosticCase.all)
  func faultsAreExplained(example: DiagnosticCase) throws {
    var reader = PackReader()
    reader.read(try example.input, file: example.name + ".yaml")
    let actual = reader.faults.map { $0.description + "\n" }.joined()
    #expect(try actual == example.expected(recording: actual))
    #expect(reader.faults.isEmpty == (example.name == "no-fault"))
  }

  @Test func thereAreCases() { #expect(DiagnosticCase.all.count > 20) }

  @Test func aRuleOfTwoFilesIsDefinedTwice() {
    var reader = PackReader()
    let text = "pack: demo\nrules:\n  - { id: demo/a, category: other, when: { exit: 3 }, examples: [{ exit: 3 }] }\n"
    reader.read(text, file: "one.yaml")
    reader.read(text, file: "two.yaml")
    #expect(reader.rules.count == 1)
    #expect(
      reader.faults.map(\.message) == ["rule `demo/a` is defined already at one.yaml:3; give one of them another id"])
    #expect(reader.faults.first?.source == RuleSource(file: "two.yaml", line: 3, column: 5))
  }

  @Test func anyTextIsRead() throws {
    var random = SplitMix64(seed: 51)
    let base = try Array(#require(DiagnosticCase.all.first { $0.name == "no-fault" }).input.utf8)
    for _ in 0..<rounds(400) {
      var bytes = base
      for _ in 0...Int.random(in: 0...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes.remove(at: place)
        case 1:
          bytes[place] =
            random.chance(70)
            ? random.pick(Array("{}[]:,-'\"\n \t#&*!|>%@`\\(?<".utf8)) : UInt8.random(in: 0...255, using: &random)
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...80, using: &random)))
        }
        if bytes.isEmpty { break }
      }
      var reader = PackReader()
      reader.read(String(decoding: bytes, as: UTF8.self), file: "x.yaml")
      for fault in reader.faults { #expect(!fault.description.isEmpty) }
    }
  }
}
