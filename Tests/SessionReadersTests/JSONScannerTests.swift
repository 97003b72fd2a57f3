import Foundation
import TestSupport
import Testing

@testable import SessionReaders

/// What a slice says it is, all the way down.
indirect enum Tree: Hashable {
  case null
  case bool(Bool)
  case number(Int?)
  case string(String)
  case array([Tree])
  case object([Pair])

  struct Pair: Hashable {
    var key: String
    var value: Tree
  }

  init(_ slice: JSONSlice) {
    switch slice.kind {
    case .null: self = .null
    case .bool: self = .bool(slice.bool ?? false)
    case .number: self = .number(slice.int)
    case .string: self = .string(slice.string ?? "")
    case .array:
      var elements: [Tree] = []
      slice.forEachElement { elements.append(Tree($0)) }
      self = .array(elements)
    case .object:
      var members: [Pair] = []
      for (key, value) in slice.members { members.append(Pair(key: key.string ?? "", value: Tree(value))) }
      self = .object(members)
    }
  }
}

/// The value at the start of a text and where it ends; nil when there is none.
func scan(_ bytes: [UInt8]) -> (tree: Tree, end: Int)? {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    var position = 0
    guard let slice = unsafe JSONSlice(in: buffer, at: &position) else { return nil }
    return (Tree(slice), position)
  }
}

private func isWhole(_ bytes: [UInt8]) -> Bool {
  guard let end = scan(bytes)?.end else { return false }
  return bytes[end...].allSatisfy { [9, 10, 13, 32].contains($0) }
}

private func isJSON(_ bytes: [UInt8]) -> Bool {
  (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
}

/// Foundation lets trailing commas pass.
private func seemsToHaveTrailingComma(_ bytes: [UInt8]) -> Bool {
  let visible = bytes.filter { ![9, 10, 13, 32].contains($0) }
  return zip(visible, visible.dropFirst()).contains { $0 == 44 && ($1 == 93 || $1 == 125) }
}

@Suite struct JSONScannerTests {
  @Test(arguments: [
    ("null", Tree.null), (" true ", .bool(true)), ("false", .bool(false)), ("-12", .number(-12)),
    ("1e3", .number(1000)),
    ("9223372036854775807", .number(Int.max)), ("9223372036854775808", .number(nil)), ("1e400", .number(nil)),
    ("2.0", .number(2)),
    ("\"\"", .string("")), (#""a\"b\\""#, .string("a\"b\\")), (#""\u00e9\ud83d\ude00""#, .string("é😀")),
    ("[]", .array([])),
    ("{ }", .object([])), ("[1 ,[ ] , {}]", .array([.number(1), .array([]), .object([])])),
    (
      #"{"a" : {"b":[null]},"a":2}"#,
      .object([
        .init(key: "a", value: .object([.init(key: "b", value: .array([.null]))])), .init(key: "a", value: .number(2)),
      ])
    ),
  ])
  fileprivate func valuesAreRead(text: String, expected: Tree) {
    #expect(scan(Array(text.utf8))?.tree == expected)
  }

  @Test(arguments: [
    (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
    (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\u0000""#, "\0"),
    (#""\/\b\f\r\t""#, "/\u{8}\u{C}\r\t"),
  ])
  func loneSurrogatesAndEscapes(text: String, expected: String) {
    #expect(scan(Array(text.utf8))?.tree == .string(expected))
  }

  @Test func bytesThatAreNotTextBecomeReplacements() {
    #expect(scan([34, 97, 0xFF, 98, 34])?.tree == .string("a\u{FFFD}b"))
    #expect(scan([34, 97, 0xFF, 92, 110, 34])?.tree == .string("a\u{FFFD}\n"))
  }

  @Test(arguments: [
    "", " ", "{", "}", "[", "]", "{]", "[}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{a:1}", "{1:1}", "{,}", "[,]", "[1,]", "[1 2]", "[1,,2]", "{\"a\"::1}", "{\"a\":1:2}", "\"", "\"a", "\"a\\\"",
    "tru", "nul", "x", ",", ":",
    "[\"a\":1]", "{\"a\"}", "{\"a\",\"b\"}", "{\"torn\":\"te{\"type\":\"user\"}", "{\"torn\":[{\"type\":\"user\"}",
    "[nulll]",
  ])
  func whatIsNoValueIsRefused(text: String) {
    #expect(scan(Array(text.utf8)) == nil)
  }

  @Test func nestingHasALimitAndNoRecursion() {
    func nested(_ depth: Int) -> [UInt8] { Array(repeating: 91, count: depth) + Array(repeating: 93, count: depth) }
    #expect(isWhole(nested(512)))
    #expect(scan(nested(513)) == nil)
    #expect(scan(Array(repeating: 91, count: 1_000_000)) == nil)
    #expect(scan(Array(String(repeating: "{\"a\":", count: 300_000).utf8)) == nil)
  }

  @Test func aLimitCutsAStringButNotAnEscape() throws {
    let bytes = Array(#""ab\u00e9\n""#.utf8)
    let cuts = unsafe bytes.withUnsafeBufferPointer { buffer -> [String?] in
      var position = 0
      let slice = unsafe JSONSlice(in: buffer, at: &position)
      return (0...12).map { slice?.string(limit: $0) }
    }
    #expect(cuts == ["", "a", "ab", "ab", "ab", "ab", "ab", "ab", "abé", "abé", "abé\n", "abé\n", "abé\n"])
  }

  @Test(arguments: [("9223372036854775807", 1 << 30), ("-5", 0), ("12", 12), ("\"12\"", 0), ("1e300", 0)])
  func countsOfTokensCanBeAdded(text: String, expected: Int) throws {
    let count = unsafe Array("{\"n\":\(text)}".utf8).withUnsafeBufferPointer { bytes in
      var position = 0
      return unsafe JSONSlice(in: bytes, at: &position)?.tokens("n")
    }
    #expect(count == expected)
  }

  @Test(arguments: [
    ("0", 0), ("7", 7), ("999999999999999999", 999_999_999_999_999_999),
    ("1000000000000000000", 1_000_000_000_000_000_000),
    ("9223372036854775807", .max), ("9223372036854775808", nil), ("-0", 0), ("-12", -12),
    ("-9223372036854775808", .min),
    ("1.0", 1), ("1.5", 2), ("1e3", 1000), ("1e30", nil),
  ])
  func numbersAreWhole(text: String, expected: Int?) {
    #expect(scan(Array(text.utf8))?.tree == .number(expected))
  }

  @Test func namesAreFoundWithoutDecoding() {
    let bytes = Array(#"{"typ":1,"type":2,"types":3,"type":4,"":5}"#.utf8)
    let found = unsafe bytes.withUnsafeBufferPointer { buffer -> [Int?] in
      var position = 0
      guard let slice = unsafe JSONSlice(in: buffer, at: &position) else { return [] }
      return [slice["type"]?.int, slice["typ"]?.int, slice["ty"]?.int, slice[""]?.int, slice["type"]?["x"]?.int]
    }
    #expect(found == [2, 1, nil, 5, nil])
  }

  /// Generated values, written with every freedom that JSON has.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  fileprivate func validValuesReadBack(seed: UInt64) {
    var writer = Writer(random: SplitMix64(seed: seed))
    for _ in 0..<rounds(1500) {
      let (tree, text) = writer.value(depth: 0)
      #expect(isJSON(Array(text.utf8)), "the generator is wrong: \(text)")
      let read = scan(Array(text.utf8))
      #expect(read?.tree == tree, "\(text)")
      #expect(read?.end == text.utf8.count)
    }
  }

  /// What Foundation takes is taken. Where only the structure was damaged, what Foundation refuses is refused.
  @Test(arguments: 4...7 as ClosedRange<UInt64>)
  fileprivate func damagedValuesAreJudgedAsFoundationDoes(seed: UInt64) {
    var writer = Writer(random: SplitMix64(seed: seed), isPlain: true)
    var refused = 0
    for _ in 0..<rounds(4000) {
      var bytes = Array(writer.value(depth: 0).text.utf8)
      for _ in 0...Int.random(in: 0...2, using: &writer.random) { writer.damage(&bytes) }
      if seemsToHaveTrailingComma(bytes) { continue }
      let expected = isJSON(bytes)
      if !expected { refused += 1 }
      #expect(isWhole(bytes) == expected, "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(refused > 500)
  }

  @Test func anyBytesAreRead() {
    var writer = Writer(random: SplitMix64(seed: 8))
    for _ in 0..<rounds(6000) {
      var bytes = Array(writer.value(depth: 0).text.utf8)
      for _ in 0...Int.random(in: 0...5, using: &writer.random) {
        let index = Int.random(in: 0...bytes.count, using: &writer.random)
        if writer.random.chance(40), index < bytes.count {
          bytes.remove(at: index)
        } else {
          bytes.insert(UInt8.random(in: 0...255, using: &writer.random), at: index)
        }
      }
      if let end = scan(bytes)?.end { #expect((1...bytes.count).contains(end)) }
      if isJSON(bytes), !seemsToHaveTrailingComma(bytes), !bytes.starts(with: [0xEF, 0xBB, 0xBF]), !bytes.contains(0) {
        #expect(isWhole(bytes))
      }
    }
  }
}

private struct Writer {
  var random: SplitMix64
  /// Only texts whose every damage shows in the structure.
  var isPlain = false

  mutating func value(depth: Int) -> (tree: Tree, text: String) {
    switch Int.random(in: 0..<(depth > 3 ? 5 : 9), using: &random) {
    case 0: return (.null, "null")
    case 1: return random.chance(50) ? (.bool(true), "true") : (.bool(false), "false")
    case 2: return number()
    case 3, 4:
      let (text, json) = string()
      return (.string(text), json)
    case 5, 6:
      let elements = (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1) }
      return (
        .array(elements.map(\.tree)),
        "[\(space())\(elements.map(\.text).joined(separator: space() + "," + space()))\(space())]"
      )
    default:
      var members: [Tree.Pair] = []
      var texts: [String] = []
      for index in 0..<Int.random(in: 0...4, using: &random) {
        let (key, json) = string()
        let (tree, text) = value(depth: depth + 1)
        // Foundation refuses no doubled keys, but keeps one only.
        members.append(.init(key: key + "\(index)", value: tree))
        texts.append(json.dropLast() + "\(index)\"" + space() + ":" + space() + text)
      }
      return (.object(members), "{\(space())\(texts.joined(separator: space() + "," + space()))\(space())}")
    }
  }

  private mutating func space() -> String {
    isPlain ? random.pick(["", "", " "]) : random.pick(["", "", " ", "\n", "\t\r "])
  }

  private mutating func number() -> (Tree, String) {
    if isPlain { return (.number(7), "7") }
    let value = random.pick([
      0, 1, -1, 42, -70_000, Int.max, Int.min, Int.random(in: -1_000_000...1_000_000, using: &random),
    ])
    if abs(value / 2) < 100_000, random.chance(30) {
      return (.number(value), "\(value)" + random.pick([".0", "e0", "E+0", ".00e-0"]))
    }
    return (.number(value), "\(value)")
  }

  private mutating func string() -> (String, String) {
    if isPlain { return random.pick([("a", "\"a\""), ("", "\"\""), ("{,", "\"{,\""), ("]:", "\"]:\"")]) }
    var text = ""
    var json = "\""
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let (plain, written) = random.pick([
        ("a", "a"), ("{", "{"), ("]", "]"), (",", ","), ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("/", "\\/"),
        ("é", "é"),
        ("é", "\\u00E9"), ("😀", "\\uD83D\\uDE00"), ("😀", "😀"), ("\u{0}", "\\u0000"), ("\u{1F}", "\\u001f"),
        ("\u{FFFF}", "\\uFFFF"),
        ("\\u0041", "\\\\u0041"), ("\\\"", "\\\\\\\""),
      ])
      text += plain
      json += written
    }
    return (text, json + "\"")
  }

  mutating func damage(_ bytes: inout [UInt8]) {
    let index = Int.random(in: 0...bytes.count, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0 where index < bytes.count: bytes.remove(at: index)
    case 1 where index < bytes.count: bytes[index] = random.pick(Array("{}[],:\" a".utf8))
    default: bytes.insert(random.pick(Array("{}[],:\" a".utf8)), at: index)
    }
  }
}
