internal import Foundation
internal import Recommendations

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A program that is run to its end, or ended when it takes too long, falls silent, or talks without end.
struct CommandRun: Sendable {
  let program: String
  let arguments: [String]
  let folder: String
  let variables: [String: String]

  struct Limits: Sendable {
    /// Seconds.
    var total: Double
    /// Seconds without a byte.
    var silence: Double
  }

  struct Result: Sendable {
    var status: Int32
    var output: String
    var errors: String
  }

  private static let longestOutput = 8 << 20

  func run(input: String, _ limits: Limits) throws(RefinementFailure) -> Result {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    // Files and not pipes: nobody has to feed or drain them, and a child that it leaves behind does not hold us up.
    try scratch.write(input, to: "input")
    for name in ["output", "errors"] { try scratch.write("", to: name) }
    let name = program.split(separator: "/").last.map(String.init) ?? program
    let process = Process()
    do {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.environment = variables
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.standardInput = try FileHandle(forReadingFrom: scratch.file("input"))
      process.standardOutput = try FileHandle(forWritingTo: scratch.file("output"))
      process.standardError = try FileHandle(forWritingTo: scratch.file("errors"))
      try Self.withSignals { try process.run() }
    } catch {
      throw .failed("`\(name)` cannot be started: \(error.localizedDescription)")
    }
    do throws(RefinementFailure) {
      try wait(for: process, scratch, name, limits)
    } catch {
      end(process)
      throw error
    }
    return Result(
      status: process.terminationStatus, output: scratch.text(of: "output"), errors: scratch.text(of: "errors"))
  }

  /// A child starts with the signals of the thread that makes it, and those that Swift works on hold them all back.
  private static func withSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  private func wait(
    for process: Process, _ scratch: ScratchFolder, _ name: String, _ limits: Limits
  ) throws(RefinementFailure) {
    let clock = RetryClock.real
    let start = clock.now()
    var last = (size: 0, time: start)
    while process.isRunning {
      clock.sleep(0.02)
      let now = clock.now()
      let size = scratch.size(of: "output") + scratch.size(of: "errors")
      if size != last.size { last = (size, now) }
      if size > Self.longestOutput { throw .failed("`\(name)` wrote more than 8 MiB") }
      if now - start > limits.total {
        throw .failed("`\(name)` did not answer within \(Int(limits.total)) s; HEADROOM_TIMEOUT sets this")
      }
      if now - last.time > limits.silence { throw .failed("`\(name)` said nothing for \(Int(limits.silence)) s") }
    }
  }

  /// Asks it and its children to end, and then ends them.
  private func end(_ process: Process) {
    let id = process.processIdentifier
    let group = getpgid(id) == id ? -id : id
    _ = kill(group, SIGTERM)
    for _ in 0..<20 where process.isRunning { RetryClock.real.sleep(0.1) }
    _ = kill(group, SIGKILL)
  }
}
