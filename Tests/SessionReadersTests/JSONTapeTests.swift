import TestSupport
import Testing

@testable import SessionReaders

/// The same with the places of all values taken down on the way.
private func scanWithTape(_ bytes: [UInt8], _ tape: JSONTape = JSONTape()) -> (tree: Tree, end: Int)? {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    var position = 0
    guard let slice = unsafe JSONSlice(in: buffer, at: &position, tape: tape) else { return nil }
    return (Tree(slice), position)
  }
}

@Suite struct JSONTapeTests {
  @Test func aTapeShowsTheSameValues() {
    var random = SplitMix64(seed: 21)
    let tape = JSONTape()
    func value(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &random) {
      case 0: "null"
      case 1: String(Int.random(in: -99...99_999, using: &random))
      case 2: random.pick(["true", "false", "1.5e3", "-0"])
      case 3:
        "\""
          + String(
            repeating: random.pick(["a", "é", #"\""#, #"\\"#, #"\n"#, " "]),
            count: Int.random(in: 0...40, using: &random)) + "\""
      case 4:
        "[" + (0..<Int.random(in: 0...5, using: &random)).map { _ in value(depth + 1) }.joined(separator: ", ") + "]"
      default:
        "{"
          + (0..<Int.random(in: 0...5, using: &random)).map { "\"k\($0)\" : " + value(depth + 1) }.joined(
            separator: ",") + "}"
      }
    }
    for _ in 0..<rounds(4000) {
      var bytes = Array(value(0).utf8)
      if random.chance(20), !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] = random.pick(Array("\"{}[],:\\x".utf8))
      }
      let plain = scan(bytes)
      let taped = scanWithTape(bytes, tape)
      #expect(plain?.tree == taped?.tree && plain?.end == taped?.end, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func moreValuesThanATapeHolds() {
    let bytes = Array("{\"a\":[\(Array(repeating: "1", count: 70_000).joined(separator: ","))],\"b\":\"end\"}".utf8)
    let taped = scanWithTape(bytes)
    #expect(taped != nil && taped?.tree == scan(bytes)?.tree)
  }
}
