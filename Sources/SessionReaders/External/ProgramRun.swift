internal import CSpawn
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs a program of others: without a shell, in the root folder, with nothing to read from, for a limited time and with a
/// limited output.
struct ProgramRun {
  var program: String
  var arguments: [String]
  var variables: [String: String]
  var seconds: Int
  /// Bytes of standard output.
  var limit: Int

  /// - Parameter output: Receives what the program prints, piece by piece.
  /// - Returns: What went wrong, in words; nil when the program ended well.
  func run(_ output: (UnsafeBufferPointer<UInt8>) throws(ReadError) -> Void) throws(ReadError) -> String? {
    ReadTrace.giveUp()
    guard var process = Running(self) else { return "it cannot be started; is it a program, or a script with `#!`?" }
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    defer { unsafe chunk.deallocate() }
    var size = 0
    while true {
      let hasEnded = process.hasEnded()
      // Also while it goes on printing.
      if !hasEnded, clock.now >= deadline {
        process.stop()
        return "it took longer than \(seconds) s and was stopped"
      }
      let isReady = process.waitForOutput(milliseconds: hasEnded ? 0 : 50)
      if isReady {
        let count = unsafe process.read(into: chunk)
        size += count
        if size > limit {
          process.stop()
          return "it printed more than \(limit >> 20) MiB and was stopped"
        }
        do throws(ReadError) {
          unsafe try output(UnsafeBufferPointer(rebasing: chunk[..<count]))
        } catch {
          process.stop()
          throw error
        }
        if count > 0 { continue }
      }
      if hasEnded { return process.complaint }
    }
  }
}

/// A program that runs in a process group of its own.
private struct Running: ~Copyable {
  private let process: pid_t
  private let output: Int32
  private let errors: Int32
  private var status: Int32?
  private var isOpen = true
  private var said: [UInt8] = []

  /// The ends of a pipe must not be inherited by a program that another thread starts at the same time.
  private static let starting = Mutex(())

  init?(_ run: ProgramRun) {
    let started = Self.starting.withLock { _ in Self.start(run) }
    guard let started else { return nil }
    (process, output, errors) = started
  }

  private static func start(_ run: ProgramRun) -> (pid_t, output: Int32, errors: Int32)? {
    guard var out = Pipe(), var err = Pipe() else { return nil }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, out.writing, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, err.writing, 2)
    unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let words = unsafe ([run.program] + run.arguments).map { unsafe strdup($0) } + [nil]
    let variables =
      unsafe run.variables.sorted { $0.key < $1.key }.map { unsafe strdup($0.key + "=" + $0.value) } + [nil]
    defer {
      for index in unsafe words.indices { unsafe free(words[index]) }
      for index in unsafe variables.indices { unsafe free(variables[index]) }
    }
    var process: pid_t = 0
    guard unsafe posix_spawn(&process, run.program, &actions, &attributes, words, variables) == 0 else { return nil }
    return (process, out.takeReading(), err.takeReading())
  }

  deinit {
    close(output)
    close(errors)
  }

  mutating func hasEnded() -> Bool {
    guard status == nil else { return true }
    var found: Int32 = 0
    if unsafe waitpid(process, &found, WNOHANG) == process { status = found }
    return status != nil
  }

  /// - Returns: Whether there is something to read, or the end of it.
  mutating func waitForOutput(milliseconds: Int32) -> Bool {
    var places = [
      pollfd(fd: isOpen ? output : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: said.count < 4096 ? errors : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&places, 2, milliseconds) > 0 else { return false }
    if places[1].revents != 0 { listen() }
    return places[0].revents != 0
  }

  mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let count = unsafe systemRead(output, buffer.baseAddress, buffer.count)
    if count <= 0 { isOpen = false }
    return max(0, count)
  }

  private mutating func listen() {
    var piece = [UInt8](repeating: 0, count: 1024)
    let count = unsafe piece.withUnsafeMutableBytes { unsafe systemRead(errors, $0.baseAddress, $0.count) }
    // At its end there is nothing more to wait for.
    said += count > 0 ? Array(piece.prefix(count)) : Array(repeating: 0, count: 4096)
  }

  mutating func stop() {
    kill(-process, SIGKILL)
    var found: Int32 = 0
    while unsafe waitpid(process, &found, 0) < 0, errno == EINTR {}
    status = found
  }

  /// What a program that ended badly says of it; nil when it ended well.
  var complaint: String? {
    guard let status, status != 0 else { return nil }
    let text = String(decoding: said.prefix { $0 != 0 }, as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).last.map { ": " + $0.prefix(200) } ?? ""
    return status & 0x7F == 0
      ? "it ended with \(status >> 8 & 0xFF)\(line)" : "it was ended by signal \(status & 0x7F)\(line)"
  }
}

private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  while true {
    let read = unsafe read(file, buffer, count)
    if read >= 0 || errno != EINTR { return read }
  }
}

/// A pipe that programs do not inherit but by name.
private struct Pipe: ~Copyable {
  private var reading: Int32
  let writing: Int32

  init?() {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  mutating func takeReading() -> Int32 {
    defer { reading = -1 }
    return reading
  }

  deinit {
    close(writing)
    if reading >= 0 { close(reading) }
  }
}
