/// The distance between two short names, for "did you mean".
public enum EditDistance {
  /// The nearest of the candidates, when it is near enough to be meant.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    let scored = candidates.map { ($0, between(Array(name.utf8), Array($0.utf8))) }
    guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
    return best.1 <= max(1, min(name.utf8.count, 9) / 3) ? best.0 : nil
  }

  /// Changed, missing, added and swapped neighbouring letters count one each.
  private static func between(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var next = [i + 1]
      for (j, b) in right.enumerated() {
        var least = min(next[j] + 1, row[j + 1] + 1, row[j] + (a == b ? 0 : 1))
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { least = min(least, before[j - 1] + 1) }
        next.append(least)
      }
      before = row
      row = next
    }
    return row[right.count]
  }
}
