internal import Foundation

/// A small generator of random numbers: a seed gives the same run everywhere.
public struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension SplitMix64 {
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  public mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// How often a property is tried: `HEADROOM_FUZZ_ROUNDS` times as often as usual, for a long run by hand.
public func rounds(_ usual: Int) -> Int {
  usual * max(1, ProcessInfo.processInfo.environment["HEADROOM_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 1)
}
