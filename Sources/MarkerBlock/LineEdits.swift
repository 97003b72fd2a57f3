/// The shortest edits between two lists of lines, by Myers' algorithm.
enum LineEdits {
  /// Old lines that give way to new ones; one of the two may be empty.
  struct Edit: Hashable {
    var old: Range<Int>
    var new: Range<Int>
  }

  /// More differences than this are shown as one replacement: nobody reads them, and they cost memory squared.
  private static let mostDifferences = 2000

  static func between(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Edit] {
    var prefix = 0
    while prefix < old.count, prefix < new.count, old[prefix] == new[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < min(old.count, new.count) - prefix,
      old[old.count - 1 - suffix] == new[new.count - 1 - suffix]
    {
      suffix += 1
    }
    let (oldRest, newRest) = (prefix..<old.count - suffix, prefix..<new.count - suffix)
    if oldRest.isEmpty || newRest.isEmpty {
      return oldRest.isEmpty && newRest.isEmpty ? [] : [Edit(old: oldRest, new: newRest)]
    }
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    func number(_ line: ArraySlice<UInt8>) -> Int {
      if let known = numbers[line] { return known }
      numbers[line] = numbers.count
      return numbers.count - 1
    }
    return myers(old[oldRest].map(number), new[newRest].map(number)).map { edit in
      Edit(
        old: edit.old.lowerBound + prefix..<edit.old.upperBound + prefix,
        new: edit.new.lowerBound + prefix..<edit.new.upperBound + prefix)
    }
  }

  private static func myers(_ a: [Int], _ b: [Int]) -> [Edit] {
    let limit = min(a.count + b.count, mostDifferences)
    // furthest[k + limit + 1]: how far into `a` the best path on diagonal k reaches.
    var furthest = Array(repeating: 0, count: 2 * limit + 3)
    var trace: [[Int]] = []
    let middle = limit + 1
    for distance in 0...limit {
      trace.append(Array(furthest[middle - distance - 1...middle + distance + 1]))
      for diagonal in stride(from: -distance, through: distance, by: 2) {
        let down =
          diagonal == -distance
          || (diagonal != distance && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1])
        var x = down ? furthest[middle + diagonal + 1] : furthest[middle + diagonal - 1] + 1
        while x < a.count, x - diagonal < b.count, a[x] == b[x - diagonal] { x += 1 }
        furthest[middle + diagonal] = x
        if x >= a.count, x - diagonal >= b.count { return edits(trace, a.count, b.count) }
      }
    }
    return [Edit(old: 0..<a.count, new: 0..<b.count)]
  }

  private static func edits(_ trace: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Edit] {
    var edits: [Edit] = []
    var x = oldCount
    var y = newCount
    for distance in stride(from: trace.count - 1, to: 0, by: -1) {
      let furthest = trace[distance]
      let middle = distance + 1
      let diagonal = x - y
      let down =
        diagonal == -distance
        || (diagonal != distance && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1])
      let from = down ? diagonal + 1 : diagonal - 1
      let startX = furthest[middle + from]
      let startY = startX - from
      let step = Edit(
        old: startX..<(down ? startX : startX + 1), new: startY..<(down ? startY + 1 : startY))
      if let next = edits.last, next.old.lowerBound == step.old.upperBound, next.new.lowerBound == step.new.upperBound {
        edits[edits.count - 1] = Edit(
          old: step.old.lowerBound..<next.old.upperBound, new: step.new.lowerBound..<next.new.upperBound)
      } else {
        edits.append(step)
      }
      (x, y) = (startX, startY)
    }
    return edits.reversed()
  }
}
