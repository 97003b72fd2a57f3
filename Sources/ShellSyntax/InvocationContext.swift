/// What surrounds a command line that is looked into.
struct InvocationContext {
  /// Hostile input nests `sh -c` in `sh -c`; beyond this the wrapper stands for what it runs.
  static let maximumDepth = 8
  static let maximumWrappers = 16
  static let maximumEnvironment = 64

  var wrappers: [String] = []
  var environment: [String] = []
  var directory: String?
  var role = Invocation.Role.producer
  var hidesStatus = false
  var depth = 0
  /// The options that a shell was started with.
  var options = ShellOptions()
  /// The heredoc that reaches the standard input, which a shell without arguments runs.
  var input: String?

  mutating func addEnvironment(_ name: String) {
    guard environment.count < Self.maximumEnvironment, !environment.contains(name) else { return }
    environment.append(name)
  }
}
