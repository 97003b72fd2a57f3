/// Times of logs, whichever way they are written.
enum Timestamp {
  /// ISO 8601 from a text of that form, or from seconds or milliseconds since 1970; empty for everything else.
  static func iso(_ value: JSONSlice?) -> String {
    guard let value else { return "" }
    if let number = value.int { return iso(number) }
    return value.string(limit: 64) ?? ""
  }

  /// Seconds and milliseconds are told apart by their size: as seconds, this many would be the year 5138.
  static func iso(_ number: Int) -> String {
    iso(milliseconds: number > 0 && number < 100_000_000_000 ? number * 1000 : number)
  }

  /// ISO 8601 in UTC, such as `2026-03-31T18:00:00.000Z`; empty for numbers that are no time of this age.
  static func iso(milliseconds: Int) -> String {
    guard milliseconds > 0, milliseconds < 253_402_300_800_000 else { return "" }
    let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let (year, month, day) = date(days: days)
    let seconds = rest / 1000
    let time = "\(padded(seconds / 3600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
    return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(time).\(padded(rest % 1000, 3))Z"
  }

  /// The proleptic Gregorian date of a count of days since 1970, in years that start in March.
  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
