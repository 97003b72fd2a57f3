internal import TestSupport

/// Text of one kind, escaped as in a JSON string and cut into lines: any piece of it is whole lines.
struct TextPool: Sendable {
  private let bytes: [UInt8]
  /// Where each line begins, and the end.
  private let starts: [Int]

  /// - Parameter line: Makes one line.
  init(bytes count: Int, random: inout SplitMix64, line: (inout SplitMix64) -> String) {
    var json = JSONBytes()
    json.bytes.reserveCapacity(count + 4096)
    var starts = [0]
    while json.bytes.count < count {
      json.escaped(line(&random))
      json.raw("\\n")
      starts.append(json.bytes.count)
    }
    bytes = json.bytes
    self.starts = starts
  }

  /// Lines of about so many bytes together, from anywhere, without the last line end.
  func piece(_ count: Int, _ random: inout SplitMix64) -> ArraySlice<UInt8> {
    let first = Int.random(in: 0..<starts.count - 1, using: &random)
    let begin = starts[first]
    var low = first + 1
    var high = starts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] - begin <= count { low = middle } else { high = middle - 1 }
    }
    return bytes[begin..<starts[low] - 2]
  }

  /// The lines of about so many bytes, each on its own.
  func lines(_ count: Int, _ random: inout SplitMix64, _ body: (ArraySlice<UInt8>) -> Void) {
    let first = Int.random(in: 0..<starts.count - 1, using: &random)
    var index = first
    repeat {
      body(bytes[starts[index]..<starts[index + 1] - 2])
      index += 1
    } while index < starts.count - 1 && starts[index] - starts[first] < count
  }
}

/// All text that records are filled with. Made once for a seed; records take pieces from anywhere in it, so that two
/// sessions hardly share a whole one. It is larger than the caches of a processor core.
struct TextPools: Sendable {
  var code: TextPool
  var tests: TextPool
  var build: TextPool
  var listing: TextPool
  var found: TextPool
  var data: TextPool
  var prose: TextPool
  /// What signatures and pictures look like.
  var base64: TextPool

  /// - Parameter scale: Bytes of the largest pool.
  init(seed: UInt64, scale: Int = 4 << 20) {
    var random = SplitMix64(seed: seed ^ 0x5EED)
    code = TextPool(bytes: scale, random: &random, line: Lines.code)
    tests = TextPool(bytes: scale / 4, random: &random, line: Lines.test)
    build = TextPool(bytes: scale / 4, random: &random, line: Lines.build)
    listing = TextPool(bytes: scale / 4, random: &random, line: Lines.listing)
    found = TextPool(bytes: scale / 4, random: &random, line: Lines.found)
    data = TextPool(bytes: scale / 4, random: &random, line: Lines.data)
    prose = TextPool(bytes: scale / 2, random: &random, line: Lines.prose)
    base64 = TextPool(bytes: scale / 4, random: &random, line: Lines.base64)
  }

  /// What a command prints.
  func shellOutput(_ random: inout SplitMix64) -> TextPool {
    switch Int.random(in: 0..<100, using: &random) {
    case ..<25: listing
    case ..<45: build
    case ..<60: tests
    case ..<75: code
    case ..<87: found
    default: data
    }
  }

  /// What a file holds.
  func file(_ random: inout SplitMix64) -> TextPool {
    switch Int.random(in: 0..<100, using: &random) {
    case ..<75: code
    case ..<90: prose
    default: data
    }
  }
}
