// Compiled into one module with Sources/SessionReaders/JSON: `make fuzz`.
import Foundation

/// Takes any bytes for JSON, crosses every value in them, and compares the verdict with that of a strict parser.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
  let bytes = unsafe Array(buffer)
  var position = 0
  let value = unsafe JSONSlice(in: buffer, at: &position)
  if let value {
    require((1...count).contains(position), "goes on")
    require(walk(value) > 0, "reaches every value")
  }
  if isComparable(bytes), isJSON(bytes) {
    require(value != nil && bytes[position...].allSatisfy(isSpace), "what is JSON is read whole")
  }
  // Behind damage the search goes on at any byte.
  for start in stride(from: 1, to: min(count, 64), by: 1) {
    var position = start
    if let value = unsafe JSONSlice(in: buffer, at: &position) {
      require(position > start && position <= count, "goes on")
      _ = value["type"]?.string(limit: 10)
    }
  }
  return 0
}

/// Asks a value for everything that it can tell.
/// - Returns: How many values it holds, itself included.
private func walk(_ value: JSONSlice) -> Int {
  var count = 1
  value.forEachElement { count += walk($0) }
  for (key, member) in value.members {
    require(key.kind == .string, "keys are strings")
    count += walk(member)
  }
  let text = value.string
  require((text != nil) == (value.kind == .string), "a string has a text")
  for limit in 0..<8 {
    let start = value.decoded(limit: limit)
    require(start.count <= limit * 3, "a limit holds")
  }
  _ = (value.bool, value.int, value["type"], value.equals("type"))
  _ = value.readEmbedded { $0.string(limit: 4) }
  return count
}

private func require(_ holds: Bool, _ promise: StaticString) {
  if !holds { fatalError("\(promise)") }
}

private func isJSON(_ bytes: [UInt8]) -> Bool {
  (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

/// Foundation reads other encodings than UTF-8, and lets trailing commas pass.
private func isComparable(_ bytes: [UInt8]) -> Bool {
  let visible = bytes.filter { !isSpace($0) }
  return !bytes.contains(0) && !bytes.starts(with: [0xEF, 0xBB, 0xBF])
    && !zip(visible, visible.dropFirst()).contains { $0 == 44 && ($1 == 93 || $1 == 125) }
}
