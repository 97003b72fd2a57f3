internal import Foundation

/// What a program has cost.
struct Cost: Sendable {
  /// Seconds by the clock.
  var wall: Double
  /// Seconds of all threads together, in the program and in the kernel.
  var processor: Double
  /// Bytes of memory at the most.
  var peak: Int
}

/// A program that is started and waited for. What it prints goes to a file.
struct ChildProgram: Sendable {
  struct Fault: Error, CustomStringConvertible { var description: String }

  var path: String
  var arguments: [String]
  /// Beside the variables of this process.
  var variables: [String: String] = [:]
  /// Exit statuses that are no failure.
  var accepted: Set<Int32> = [0]
  var output = "/dev/null"

  /// - Throws: `Fault` when it cannot be started or ends badly.
  @discardableResult
  func run() throws(Fault) -> Cost {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, output + ".errors", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    let pairs = unsafe environment.map { unsafe strdup($0.key + "=" + $0.value) } + [nil]
    defer {
      let texts = unsafe words + pairs
      for index in unsafe texts.indices { unsafe free(texts[index]) }
    }
    var process: pid_t = 0
    let begin = ContinuousClock.now
    guard unsafe posix_spawn(&process, path, &actions, nil, words, pairs) == 0 else {
      throw Fault(description: "cannot start \(path)")
    }
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    let wall = (ContinuousClock.now - begin) / .seconds(1)
    guard status & 0x7F == 0, accepted.contains(status >> 8 & 0xFF) else {
      let said = (try? String(contentsOfFile: output + ".errors", encoding: .utf8))?.prefix(400) ?? ""
      throw Fault(
        description: "\(path) \(arguments.prefix(6).joined(separator: " ")) ended with status \(status): \(said)")
    }
    #if canImport(Darwin)
      let unit = 1
    #else
      let unit = 1024
    #endif
    return Cost(
      wall: wall, processor: usage.ru_utime.seconds + usage.ru_stime.seconds, peak: Int(usage.ru_maxrss) * unit)
  }

  /// The path of a program that is installed; nil when it is not.
  static func find(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1_000_000 }
}
