internal import TestSupport

/// Names and times as they stand in logs.
enum Identifier {
  private static let hexadecimal = Array("0123456789abcdef".utf8)
  private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789ABCDEF".utf8)

  static func uuid(_ random: inout SplitMix64) -> String {
    var bits: (UInt64, UInt64) = (random.next(), random.next())
    return String(unsafeUninitializedCapacityOf: 36) { index in
      switch index {
      case 8, 13, 18, 23: return UInt8(ascii: "-")
      case 14: return UInt8(ascii: "4")
      case 0..<18:
        defer { bits.0 >>= 4 }
        return hexadecimal[Int(bits.0 & 15)]
      default:
        defer { bits.1 >>= 4 }
        return hexadecimal[Int(bits.1 & 15)]
      }
    }
  }

  /// Letters and digits.
  static func token(_ count: Int, _ random: inout SplitMix64) -> String {
    var bits: UInt64 = 0
    return String(unsafeUninitializedCapacityOf: count) { index in
      if index % 10 == 0 { bits = random.next() }
      defer { bits >>= 6 }
      return letters[Int(bits & 63)]
    }
  }

  /// - Parameter time: Milliseconds since 1970.
  static func stamp(_ time: Int) -> String {
    let (days, rest) = (time / 86_400_000, time % 86_400_000)
    // The calendar from the days since 1970, with years that begin in March.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    let numbers = [
      (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4), (month, 2), (dayOfYear - (153 * part + 2) / 5 + 1, 2),
      (rest / 3_600_000, 2), (rest / 60_000 % 60, 2), (rest / 1000 % 60, 2), (rest % 1000, 3),
    ]
    var digits: [UInt8] = []
    digits.reserveCapacity(24)
    for (index, (number, width)) in numbers.enumerated() {
      var divisor = [1, 10, 100, 1000][width - 1]
      while divisor > 0 {
        digits.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
        divisor /= 10
      }
      digits.append(Array("--T::.Z".utf8)[index])
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

extension String {
  /// - Parameter byte: Gives the byte at each place.
  fileprivate init(unsafeUninitializedCapacityOf count: Int, byte: (Int) -> UInt8) {
    self = unsafe String(unsafeUninitializedCapacity: count) { buffer in
      for index in 0..<count { unsafe buffer[index] = byte(index) }
      return count
    }
  }
}
