/// What went wrong with a failed call: the root cause that the output shows.
public enum Category: String, Sendable, CaseIterable, Codable {
  case wrongPath = "wrong_path"
  case isDirectory = "is_directory"
  case tooLarge = "too_large"
  case staleFile = "stale_file"
  case editMismatch = "edit_mismatch"
  case missingImport = "missing_import"
  case commandNotFound = "command_not_found"
  case badUsage = "bad_usage"
  case invalidArguments = "invalid_arguments"
  case syntaxError = "syntax_error"
  case compileError = "compile_error"
  case testFailure = "test_failure"
  case lintFailure = "lint_failure"
  case runtimeError = "runtime_error"
  case dependencyError = "dependency_error"
  case environmentError = "environment_error"
  case permissionDenied = "permission_denied"
  case authError = "auth_error"
  case networkError = "network_error"
  case notFoundRemote = "not_found_remote"
  case gitError = "git_error"
  case conflictBusy = "conflict_busy"
  case resourceExhausted = "resource_exhausted"
  case timeout
  case userRejected = "user_rejected"
  case blocked
  case cancelledSibling = "cancelled_sibling"
  /// A search that found nothing: not a failure.
  case noMatches = "no_matches"
  /// Failed, and the output gives no reason.
  case exitOnly = "exit_only"
  case other
  /// What the user wants, said in so many words: no call, and no failure.
  case preference
}

extension Category {
  /// Whether a call of this category failed.
  public var isFailure: Bool { self != .noMatches && self != .preference }

  /// How strongly a match of this category speaks for the root cause when several rules match one call. Narrow causes
  /// outrank the wrappers that they surface in: a missing module explains a failed test run, not the reverse.
  public var defaultRank: Int {
    switch self {
    case .userRejected, .cancelledSibling, .blocked: 95
    case .invalidArguments, .staleFile, .editMismatch, .tooLarge, .isDirectory: 90
    case .timeout: 80
    case .missingImport, .commandNotFound: 70
    case .resourceExhausted, .dependencyError: 66
    case .badUsage, .authError, .conflictBusy, .permissionDenied, .environmentError: 62
    case .gitError, .notFoundRemote, .wrongPath: 60
    case .syntaxError: 56
    case .compileError: 52
    case .testFailure: 50
    case .lintFailure: 48
    case .networkError: 46
    case .runtimeError: 30
    case .noMatches: 20
    case .other: 10
    case .exitOnly, .preference: 5
    }
  }
}

extension Category {
  /// What it means, in a line.
  public var meaning: String {
    switch self {
    case .wrongPath: "a file or folder is not where it was looked for"
    case .isDirectory: "a folder where a file is needed"
    case .tooLarge: "more than the tool takes or gives at once"
    case .staleFile: "the file was not read, or has changed since"
    case .editMismatch: "the text to replace is not there, or not once"
    case .missingImport: "a module, package or header is not there"
    case .commandNotFound: "a program is not there"
    case .badUsage: "a program does not take these words or options"
    case .invalidArguments: "a tool of the agent does not take these arguments"
    case .syntaxError: "the code cannot be parsed"
    case .compileError: "the code does not compile"
    case .testFailure: "tests failed"
    case .lintFailure: "a checker or formatter complains"
    case .runtimeError: "the code ran and failed"
    case .dependencyError: "packages cannot be resolved or installed"
    case .environmentError: "the machine is not set up for this"
    case .permissionDenied: "the system does not allow it"
    case .authError: "a login or key is missing or refused"
    case .networkError: "a host could not be reached"
    case .notFoundRemote: "a remote thing does not exist"
    case .gitError: "git refuses"
    case .conflictBusy: "something else holds it, or it exists already"
    case .resourceExhausted: "memory, disk or a quota is used up"
    case .timeout: "it took too long"
    case .userRejected: "the user said no"
    case .blocked: "a permission system, sandbox, hook or policy stopped it"
    case .cancelledSibling: "another call of the same batch failed"
    case .noMatches: "a search found nothing; not a failure"
    case .exitOnly: "failed without a reason in the output"
    case .other: "anything else"
    case .preference: "what the user wants, said in so many words; not a failure"
    }
  }
}
