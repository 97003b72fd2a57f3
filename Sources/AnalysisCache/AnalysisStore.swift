internal import Synchronization

/// What earlier runs made of the logs, in one file of the user's cache folder. It is only ever a shortcut: whatever is
/// wrong with it, the logs are read instead.
public final class AnalysisStore: Sendable {
  private let path: String
  private let complain: @Sendable (String) -> Void
  private let state: Mutex<State>

  private struct State {
    var file: CacheFile?
    var isOpened = false
    var isOff = false
  }

  /// - Parameters:
  ///   - folder: Where the file is, or will be.
  ///   - complain: Told once why the file cannot be used, in a sentence.
  public init(folder: String, complain: @escaping @Sendable (String) -> Void) {
    path = folder + "/sessions.sqlite"
    self.complain = complain
    state = Mutex(State())
  }

  func read<Value>(_ body: (CacheFile) throws(CacheFault) -> Value?) -> Value? {
    state.withLock { state in
      guard !state.isOff else { return nil }
      do throws(CacheFault) {
        if !state.isOpened {
          state.isOpened = true
          state.file = try CacheFile(path, creating: false)
        }
        guard let file = state.file else { return nil }
        return try body(file)
      } catch {
        handle(error, &state)
        return nil
      }
    }
  }

  /// - Returns: Whether it was written.
  @discardableResult
  func write(_ body: (CacheFile) throws(CacheFault) -> Void) -> Bool {
    state.withLock { state in
      guard !state.isOff else { return false }
      do throws(CacheFault) {
        if state.file == nil { state.file = try CacheFile(path, creating: true) }
        state.isOpened = true
        guard let file = state.file else { return false }
        try body(file)
        return true
      } catch {
        handle(error, &state)
        return false
      }
    }
  }

  private func handle(_ fault: CacheFault, _ state: inout State) {
    state.file = nil
    switch fault {
    case .unusable(let reason):
      do throws(CacheFault) {
        try CacheFile.putAside(path)
        complain("what was kept of earlier runs was put aside (\(path).aside): \(reason); the logs are read anew")
      } catch {
        giveUp(reason, &state)
      }
    case .unavailable(let reason): giveUp(reason, &state)
    }
  }

  private func giveUp(_ reason: String, _ state: inout State) {
    state.isOff = true
    complain("\(path) cannot be used: \(reason); this run goes on without it, as with --no-cache")
  }
}
