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
    // Files for what it reads and for its errors: nobody has to feed or drain them.
    try scratch.write(input, to: "input")
    try scratch.write("", to: "errors")
    let name = PathName.last(of: program)
    let process = Process()
    let output = Pipe()
    do {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.environment = variables
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.path + "/input"))
      process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path + "/errors"))
      process.standardOutput = output
      try process.run()
    } catch {
      throw .failed("`\(name)` cannot be started: \(error.localizedDescription)")
    }
    try? output.fileHandleForWriting.close()
    let bytes: [UInt8]
    do throws(RefinementFailure) {
      bytes = try drain(output.fileHandleForReading.fileDescriptor, name, limits)
    } catch {
      end(process)
      throw error
    }
    process.waitUntilExit()
    let errors = FileManager.default.contents(atPath: scratch.path + "/errors").map {
      String(decoding: $0.suffix(4096), as: UTF8.self)
    }
    return Result(
      status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self), errors: errors ?? "")
  }

  private func drain(_ file: Int32, _ name: String, _ limits: Limits) throws(RefinementFailure) -> [UInt8] {
    let clock = RetryClock.real
    let end = clock.now() + limits.total
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let left = end - clock.now()
      guard left > 0 else {
        throw .failed("`\(name)` did not answer within \(Int(limits.total)) s; HEADROOM_TIMEOUT sets this")
      }
      var request = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&request, 1, Int32(min(left, limits.silence) * 1000))
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else {
        if clock.now() >= end { continue }
        throw .failed("`\(name)` said nothing for \(Int(limits.silence)) s")
      }
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes }
      bytes += buffer[..<count]
      if bytes.count > Self.longestOutput { throw .failed("`\(name)` wrote more than 8 MiB") }
    }
  }

  /// Asks it to end, and then ends it.
  private func end(_ process: Process) {
    process.terminate()
    for _ in 0..<20 where process.isRunning { usleep(100_000) }
    if process.isRunning { _ = kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}

private enum PathName {
  static func last(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
