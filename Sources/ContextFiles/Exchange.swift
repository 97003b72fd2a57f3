/// One file being replaced, over as many attempts as other writers make necessary.
struct Exchange {
  private enum Outcome {
    case done
    /// The file is not the one that was read; nothing was written.
    case overtaken
    /// The new text is in place, and the old file was written until the last moment: these are its bytes.
    case late([UInt8])
  }

  /// What others wrote into the old file when the new one already stood in its place.
  private enum Rescue {
    case none
    /// Bytes added at the end.
    case added([UInt8])
    /// Another text altogether, to start over from as long as the file still has ours.
    case rewritten([UInt8], ours: [UInt8])

    var bytes: [UInt8] {
      switch self {
      case .none: []
      case .added(let bytes), .rewritten(let bytes, _): bytes
      }
    }
  }

  private let location: Location
  private let calls: SystemCalls
  private let undo: UndoStore?
  /// The bytes that `undo` brings back: before our first write, with what others added since.
  private var original: [UInt8]?
  private var rescue = Rescue.none
  private var hasWritten = false

  init(_ location: Location, calls: SystemCalls, undo: UndoStore?) {
    self.location = location
    self.calls = calls
    self.undo = undo
  }

  mutating func run(tries: Int, _ transform: ([UInt8]) -> [UInt8]) throws(WriteError) -> Replacement {
    do {
      for _ in 0..<tries {
        if let result = try attempt(transform) { return result }
      }
    } catch {
      guard case .none = rescue else { throw .lateWrite(path: location.path, rescued: rescue.bytes) }
      throw error
    }
    guard case .none = rescue else { throw .lateWrite(path: location.path, rescued: rescue.bytes) }
    throw .keepsChanging(path: location.path, tries: tries)
  }

  private mutating func attempt(_ transform: ([UInt8]) -> [UInt8]) throws(WriteError) -> Replacement? {
    let old = try calls.snapshot(location)
    if !hasWritten { original = old?.bytes }
    let input = try input(from: old)
    let output = transform(input)
    if output == old?.bytes ?? [] {
      rescue = .none
      return Replacement(path: location.real, before: original, after: old?.bytes)
    }
    if let old, old.status.mode & 0o222 == 0 { throw .readOnly(path: location.path) }
    let outcome = try swap(old, for: output)
    if case .overtaken = outcome { return nil }
    hasWritten = true
    rescue = .none
    guard case .late(let bytes) = outcome, let old else {
      return Replacement(path: location.real, before: original, after: output)
    }
    if bytes.starts(with: old.bytes) {
      let added = Array(bytes[old.bytes.count...])
      rescue = .added(added)
      original = (original ?? []) + added
    } else {
      rescue = .rewritten(bytes, ours: output)
      original = bytes
    }
    return nil
  }

  private func input(from old: Snapshot?) throws(WriteError) -> [UInt8] {
    let bytes = old?.bytes ?? []
    switch rescue {
    case .none: return bytes
    case .added(let added): return bytes + added
    case .rewritten(let theirs, let ours):
      guard bytes == ours else { throw .lateWrite(path: location.path, rescued: theirs) }
      return theirs
    }
  }

  private func swap(_ old: Snapshot?, for new: [UInt8]) throws(WriteError) -> Outcome {
    let temporary = try calls.makeTemporary(new, for: location, like: old?.status)
    let displaced: Displaced?
    do {
      let current = try calls.snapshot(location)
      if current?.bytes == old?.bytes, current?.status == old?.status {
        try undo?.prepare(location, before: original, after: new)
        displaced = try calls.move(temporary, over: location, exists: old != nil)
      } else {
        displaced = nil
      }
    } catch {
      try? calls.remove(temporary)
      throw error
    }
    guard let displaced else {
      try calls.on(location.path) { () throws(CallFailure) in try calls.remove(temporary) }
      return .overtaken
    }
    do {
      let late = try calls.settle(displaced, at: location)
      try undo?.commit(location)
      guard let late, late != old?.bytes else { return .done }
      return .late(late)
    } catch {
      guard case .system(let path, _, let call, let code) = error else { throw error }
      throw .unconfirmed(path: path, call: call, code: code)
    }
  }
}
