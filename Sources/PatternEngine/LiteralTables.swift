/// What a scan looks things up in. It never changes, so it may be shared between threads.
@safe final class LiteralTables: @unchecked Sendable {
  private let first: Bitmap
  private let eight: WindowTable
  private let six: WindowTable
  private let four: WindowTable
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Of each byte.
  private let kinds: UnsafeMutablePointer<ByteKinds>
  let isEmpty: Bool

  init(_ windows: LiteralWindows, _ text: [UInt8]) {
    isEmpty = windows.first.isEmpty
    first = Bitmap(windows.first.map { windowHash($0) })
    eight = WindowTable(windows.eight)
    six = WindowTable(windows.six)
    four = WindowTable(windows.four)
    unsafe bytes = .allocate(capacity: text.count)
    for (index, byte) in text.enumerated() { unsafe bytes[index] = byte }
    unsafe kinds = .allocate(capacity: 256)
    for byte in UInt8.min...UInt8.max { unsafe kinds[Int(byte)] = ByteKinds(of: byte) }
  }

  deinit {
    first.deallocate()
    eight.deallocate()
    six.deallocate()
    four.deallocate()
    unsafe bytes.deallocate()
    unsafe kinds.deallocate()
  }

  func scan(_ subject: UnsafePointer<UInt8>, _ count: Int, _ visit: (LiteralFilter.Hit) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4 * Self.stretch) { room in
      guard let room = room.baseAddress else { return }
      var position = 0
      while position <= count - 8 {
        let places = min(Self.stretch, (count - position - 6) / 2)
        unsafe look(subject, count, from: position, places, room, visit)
        position += 2 * places
      }
      while position <= count - 4 {
        let word = unsafe Self.word(subject + position, count - position)
        for window in Window.allCases { unsafe compare(subject, count, at: position, window, word, visit) }
        position += 2
      }
    }
  }

  /// How many even places are looked at together: as many as one byte counts.
  private static let stretch = 256

  /// Looks at a stretch, of which at least eight bytes stand at each place. Which places the bitmaps let pass cannot be
  /// foreseen: each is noted without a branch, and stays noted only where it passes.
  private func look(
    _ subject: UnsafePointer<UInt8>, _ count: Int, from start: Int, _ places: Int,
    _ room: UnsafeMutablePointer<UInt8>, _ visit: (LiteralFilter.Hit) -> Void
  ) {
    let (first, eight, six, four) = (first, eight.bitmap, six.bitmap, four.bitmap)
    let stretch = unsafe subject + start
    var passed = 0
    for index in stride(from: 0, to: places - 1, by: 2) {
      let word = unsafe Self.word(stretch + 2 &* index)
      unsafe room[passed] = UInt8(truncatingIfNeeded: index)
      passed &+= first.contains(windowHash(UInt32(truncatingIfNeeded: word)))
      unsafe room[passed] = UInt8(truncatingIfNeeded: index &+ 1)
      passed &+= first.contains(windowHash(UInt32(truncatingIfNeeded: word &>> 16)))
    }
    if !places.isMultiple(of: 2) {
      unsafe room[passed] = UInt8(truncatingIfNeeded: places - 1)
      passed &+= unsafe first.contains(windowHash(UInt32(truncatingIfNeeded: Self.word(stretch + 2 * (places - 1)))))
    }
    let sixes = unsafe room + Self.stretch
    let fours = unsafe sixes + Self.stretch
    let laterFours = unsafe fours + Self.stretch
    var counts = (eight: 0, six: 0, four: 0, laterFour: 0)
    for index in 0..<passed {
      let step = unsafe room[index]
      let word = unsafe Self.word(stretch + 2 &* Int(step))
      // No more than what was read here is written over.
      unsafe room[counts.eight] = step
      counts.eight &+= eight.contains(windowHash(Window.eight.key(of: word)))
      unsafe sixes[counts.six] = step
      counts.six &+= six.contains(windowHash(Window.six.key(of: word)))
      unsafe fours[counts.four] = step
      counts.four &+= four.contains(windowHash(Window.four.key(of: word)))
      unsafe laterFours[counts.laterFour] = step
      counts.laterFour &+= four.contains(windowHash(Window.laterFour.key(of: word)))
    }
    unsafe compare(subject, count, from: start, room, counts.eight, .eight, visit)
    unsafe compare(subject, count, from: start, sixes, counts.six, .six, visit)
    unsafe compare(subject, count, from: start, fours, counts.four, .four, visit)
    unsafe compare(subject, count, from: start, laterFours, counts.laterFour, .laterFour, visit)
  }

  @inline(__always)
  private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self).littleEndian | folds
  }

  /// Less than eight bytes, folded, the first of which are in the lowest bits; behind them there are spaces.
  private static func word(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    (0..<count).reversed().reduce(0) { unsafe $0 << 8 | UInt64(bytes[$1]) } | folds
  }

  private func compare(
    _ subject: UnsafePointer<UInt8>, _ count: Int, from start: Int, _ places: UnsafePointer<UInt8>, _ passed: Int,
    _ window: Window, _ visit: (LiteralFilter.Hit) -> Void
  ) {
    for index in 0..<passed {
      let place = unsafe start + 2 * Int(places[index])
      unsafe compare(subject, count, at: place, window, Self.word(subject + place), visit)
    }
  }

  /// Compares the literals that have this window with what stands around it.
  @inline(never)
  private func compare(
    _ subject: UnsafePointer<UInt8>, _ count: Int, at position: Int, _ window: Window, _ word: UInt64,
    _ visit: (LiteralFilter.Hit) -> Void
  ) {
    let table = window == .eight ? eight : window == .six ? six : four
    let key = window.key(of: word)
    for index in table.places(of: key) {
      let entry = unsafe table.entries[index]
      let start = position + window.delay - Int(entry.offset)
      let length = Int(entry.length)
      guard entry.key == key, start >= 0, start + length <= count else { continue }
      let ending = unsafe UnsafeRawPointer(subject + start + length - 4).loadUnaligned(as: UInt32.self)
      guard ending.littleEndian | 0x2020_2020 == entry.ending else { continue }
      let before = unsafe start == 0 ? .lineEnd : kinds[Int(subject[start - 1])]
      guard !entry.before.isDisjoint(with: before) else { continue }
      let literal = unsafe bytes + Int(entry.start)
      var matched = 0
      if entry.ignoresCase {
        while matched < length, unsafe asciiLowercased(subject[start + matched]) == literal[matched] { matched += 1 }
      } else {
        while matched < length, unsafe subject[start + matched] == literal[matched] { matched += 1 }
      }
      if matched == length { visit(LiteralFilter.Hit(literal: Int(entry.literal), offset: start)) }
    }
  }
}

/// Folds more than letters, which only lets a few more places through to the full comparison.
private let folds: UInt64 = 0x2020_2020_2020_2020
