/// What a scan looks things up in. It never changes, so it may be shared between threads.
@safe final class LiteralTables: @unchecked Sendable {
  /// Of the first four bytes of all windows, and of those that are shorter than eight bytes.
  private let first: Bitmap
  private let short: Bitmap
  private let eight: WindowTable
  private let five: WindowTable
  private let four: WindowTable
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Of each byte.
  private let kinds: UnsafeMutablePointer<ByteKinds>
  let isEmpty: Bool

  init(_ windows: LiteralWindows, _ text: LiteralText) {
    isEmpty = windows.long.isEmpty && windows.short.isEmpty
    short = Bitmap(windows.short.lazy.map { windowHash($0) })
    first = Bitmap((windows.long + windows.short).lazy.map { windowHash($0) })
    eight = WindowTable(windows.eight)
    five = WindowTable(windows.five)
    four = WindowTable(windows.four)
    unsafe bytes = .allocate(capacity: text.bytes.count)
    for (index, byte) in text.bytes.enumerated() { unsafe bytes[index] = byte }
    unsafe kinds = .allocate(capacity: 256)
    for byte in UInt8.min...UInt8.max { unsafe kinds[Int(byte)] = ByteKinds(of: byte) }
  }

  deinit {
    first.deallocate()
    short.deallocate()
    eight.deallocate()
    five.deallocate()
    four.deallocate()
    unsafe bytes.deallocate()
    unsafe kinds.deallocate()
  }

  func scan(_ subject: UnsafePointer<UInt8>, _ count: Int, _ visit: (LiteralFilter.Hit) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * Self.stretch) { room in
      guard let room = room.baseAddress else { return }
      var position = 0
      while position <= count - 8 {
        let places = min(Self.stretch, (count - position - 6) / 2)
        unsafe look(subject, count, from: position, places, room, visit)
        position += 2 * places
      }
      while position <= count - 4 {
        let word = unsafe Self.word(subject + position, count - position)
        if first.contains(windowHash(UInt32(truncatingIfNeeded: word))) != 0 {
          for window in Window.allCases { unsafe compare(subject, count, at: position, window, word, visit) }
        }
        position += 2
      }
    }
  }

  /// How many even places are looked at together: as many as one byte counts.
  private static let stretch = 256

  /// Looks at a stretch, of which at least eight bytes stand at each place.
  private func look(
    _ subject: UnsafePointer<UInt8>, _ count: Int, from start: Int, _ places: Int,
    _ room: UnsafeMutablePointer<UInt8>, _ visit: (LiteralFilter.Hit) -> Void
  ) {
    let stretch = unsafe subject + start
    let passed = unsafe Self.pass(stretch, places, first, room)
    let shorter = unsafe room + Self.stretch
    let (longCount, shortCount) = unsafe Self.pass(stretch, room, passed, eight.bitmap, short, shorter)
    unsafe compare(subject, count, from: start, room, longCount, .eight, visit)
    // What was long is done with.
    for window in [Window.five, .four, .laterFour] {
      let left = unsafe Self.pass(stretch, shorter, shortCount, window, table(of: window).bitmap, room)
      unsafe compare(subject, count, from: start, room, left, window, visit)
    }
  }

  @inline(__always)
  private func table(of window: Window) -> WindowTable {
    switch window {
    case .eight: eight
    case .five: five
    case .four, .laterFour: four
    }
  }

  /// Notes the places of a stretch that may begin with some window. Which ones pass cannot be foreseen: each is noted
  /// without a branch, and stays noted only where it passes.
  @inline(never)
  private static func pass(
    _ stretch: UnsafePointer<UInt8>, _ places: Int, _ bitmap: Bitmap, _ room: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var passed = 0
    for index in 0..<places {
      unsafe room[passed] = UInt8(truncatingIfNeeded: index)
      passed &+= unsafe bitmap.contains(windowHash(UInt32(truncatingIfNeeded: word(stretch + 2 &* index))))
    }
    return passed
  }

  /// Splits the places noted into those that may begin with eight bytes, which stay noted where they were, and those that
  /// may begin with a shorter window.
  @inline(never)
  private static func pass(
    _ stretch: UnsafePointer<UInt8>, _ places: UnsafeMutablePointer<UInt8>, _ count: Int, _ eight: Bitmap,
    _ short: Bitmap, _ shorter: UnsafeMutablePointer<UInt8>
  ) -> (Int, Int) {
    var counts = (0, 0)
    for index in 0..<count {
      let step = unsafe places[index]
      let word = unsafe word(stretch + 2 &* Int(step))
      // No more than what was read is written over.
      unsafe places[counts.0] = step
      counts.0 &+= eight.contains(windowHash(word))
      unsafe shorter[counts.1] = step
      counts.1 &+= short.contains(windowHash(UInt32(truncatingIfNeeded: word)))
    }
    return counts
  }

  /// Notes those of some places of a stretch that may begin with a certain window.
  @inline(__always)
  private static func pass(
    _ stretch: UnsafePointer<UInt8>, _ places: UnsafePointer<UInt8>, _ count: Int, _ window: Window, _ bitmap: Bitmap,
    _ room: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var passed = 0
    for index in 0..<count {
      let step = unsafe places[index]
      unsafe room[passed] = step
      passed &+= unsafe bitmap.contains(windowHash(window.key(of: word(stretch + 2 &* Int(step)))))
    }
    return passed
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
    let table = table(of: window)
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
